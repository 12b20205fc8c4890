"""Crawlers are led to every page that is published, and kept out of what has no end."""

from __future__ import annotations

import re

from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from archive.models import Article, Issue
from glossary.models import Term
from tests.conftest import WeekMaker
from tests.crawlers.heads import HOST
from tests.writing import create

SITEMAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(client: Client, address: str) -> dict[str, str]:
    """The addresses of a sitemap or an index of them, with when each changed."""
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    rows = etree.fromstring(response.content)
    return {
        row.findtext("s:loc", "", SITEMAPS): row.findtext("s:lastmod", "", SITEMAPS)
        for row in rows.iterfind("*", None)
    }


def test_the_sitemap_leads_to_every_published_page_and_to_no_other(client: Client, issue: Issue) -> None:
    topic = create(Term, name="先进封装", kind=Term.Kind.TECHNOLOGY)
    create(Term, name="机密", kind=Term.Kind.PRODUCT)
    sections = locations(client, "/sitemap.xml")
    listed: dict[str, str] = {}
    for section in sections:
        assert section.startswith(f"{HOST}/sitemap-")
        listed |= locations(client, section.removeprefix(HOST))
    own = [issue.get_absolute_url(), *(article.get_absolute_url() for article in issue.articles.all())]
    others = [
        "/",
        "/issues/",
        "/issues/2025/",
        "/topics/",
        "/trends/",
        topic.get_absolute_url(),
        "/search/",
        "/search/help/",
        "/api/v1/docs",
    ]
    assert set(listed) == {f"{HOST}{path}" for path in [*own, *others]}
    assert [client.get(address.removeprefix(HOST)).status_code for address in listed] == [200] * len(listed)
    assert all(listed[f"{HOST}{path}"] for path in own)


def test_the_sitemap_knows_when_a_page_changed(client: Client, issue: Issue) -> None:
    Issue.objects.update(published_at="2025-03-22T00:00Z", updated_at="2025-03-22T00:00Z")
    Article.objects.update(updated_at="2025-04-01T00:00Z")
    one, two = issue.articles.all()
    Article.objects.filter(pk=one.pk).update(updated_at="2025-05-06T00:00Z")
    articles = locations(client, "/sitemap-articles.xml")
    assert articles[f"{HOST}{one.get_absolute_url()}"] == "2025-05-06"
    assert articles[f"{HOST}{two.get_absolute_url()}"] == "2025-04-01"
    assert locations(client, "/sitemap-issues.xml")[f"{HOST}{issue.get_absolute_url()}"] == "2025-05-06"


def test_a_sitemap_takes_no_more_queries_for_more_rows(
    client: Client, issue: Issue, make_issue: WeekMaker, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, 9):
        make_issue({"甲": "", "乙": ""}, end_date=f"2025-02-{day:02}")
    for section in ("issues", "articles"):
        with django_assert_max_num_queries(4):
            assert len(locations(client, f"/sitemap-{section}.xml")) >= 9


def allowed(rules: str, path: str) -> bool:
    """Whether a crawler may ask for it, as RFC 9309 says: the longest rule that matches decides."""
    found = []
    for verb, rule in re.findall(r"^(Allow|Disallow): (\S+)$", rules, re.MULTILINE):
        if re.match(re.escape(rule).replace(r"\*", ".*"), path):
            found.append((len(rule), verb == "Allow"))
    return max(found, default=(0, True))[1]


def test_crawlers_are_kept_out_of_what_has_no_end(client: Client, issue: Issue) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    rules = response.content.decode()
    assert f"Sitemap: {HOST}/sitemap.xml" in rules
    for path in (
        "/",
        "/issues/2025-03-21/",
        "/articles/4/",
        "/search/",
        "/search/help/",
        "/api/v1/docs",
        "/figures/1/",
    ):
        assert allowed(rules, path), path
    for path in (
        "/search/?q=a&year=2025",
        "/search/feed.atom?q=a",
        "/articles/4/?q=a",
        "/trends/?q=a",
        "/trends/w2025-03-03/?q=a",
        "/api/v1/search?q=a",
        "/admin/",
    ):
        assert not allowed(rules, path), path
