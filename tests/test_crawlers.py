"""What crawlers get: sitemap, robots.txt, canonical addresses, Open Graph, schema.org."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from lxml import etree, html
from pytest_django import DjangoAssertNumQueries

from archive.models import Article, Issue
from glossary.models import Alias, Term
from tests.conftest import WeekMaker
from tests.writing import create, save

SITEMAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOST = "http://testserver"


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    make_issue({"机密": "文"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    return make_issue(
        {"先进封装": "第一段。\n第二段。", "乙</script><script>alert(1)": "丙"}, columnist="莫大康"
    )


def head_of(client: Client, address: str) -> html.HtmlElement:
    head = html.fromstring(client.get(address).content.decode()).find("head")
    assert head is not None
    return head


def properties_of(client: Client, address: str) -> dict[str, str]:
    return {
        str(tag.get("property")): str(tag.get("content"))
        for tag in head_of(client, address).xpath("//meta[@property]")
    }


def data_of(client: Client, address: str) -> dict[str, Any]:
    """The page's JSON-LD by type."""
    scripts = head_of(client, address).xpath("//script[@type='application/ld+json']/text()")
    found = [json.loads(str(script)) for script in scripts]
    assert all(data["@context"] == "https://schema.org" for data in found)
    return {data["@type"]: data for data in found}


# --- Sitemap and robots.txt ----------------------------------------------------------------------------


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


# --- In the head of a page -----------------------------------------------------------------------------


def test_a_page_has_one_address(client: Client, issue: Issue) -> None:
    article = issue.articles.get(position=1).get_absolute_url()
    for asked, path in {
        "/": "/",
        f"{article}?q=封装": article,
        "/issues/?x=1": "/issues/",
        "/search/": "/search/",
    }.items():
        assert head_of(client, asked).xpath("//link[@rel='canonical']/@href") == [f"{HOST}{path}"]
        assert head_of(client, asked).xpath("//meta[@name='robots']") == []
    assert head_of(client, "/issues/1999-01-01/").xpath("//link[@rel='canonical']") == []


def test_results_of_a_search_are_no_page_to_be_found(client: Client, issue: Issue) -> None:
    for asked in ("/search/?q=封装", "/search/?q=绝无此词&page=2", "/trends/?q=封装"):
        head = head_of(client, asked)
        assert head.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert head.xpath("//link[@rel='canonical']") == []


def test_an_article_can_be_shared(client: Client, issue: Issue) -> None:
    article = issue.articles.get(position=1)
    article.body += '<figure><img src="/figures/3/" alt="图" width="640" height="480"></figure>'
    save(article)
    url = f"{HOST}{article.get_absolute_url()}"
    assert properties_of(client, f"{article.get_absolute_url()}?q=第一段") == {
        "og:type": "article",
        "og:site_name": "芯闻库",
        "og:locale": "zh_CN",
        "og:title": "先进封装",
        "og:description": "第一段。",
        "og:url": url,
        "og:image": f"{HOST}/figures/3/",
        "og:image:width": "640",
        "og:image:height": "480",
        "article:published_time": issue.public_since.isoformat(),
        "article:modified_time": article.changed_at.isoformat(),
    }
    assert (
        properties_of(client, issue.get_absolute_url())["og:title"] == "测试周报（2025-03-21 至 2025-03-21）"
    )
    assert properties_of(client, "/")["og:url"] == f"{HOST}/"


# Properties of schema.org 29 that these types have, of which search engines ask for the first ones.
VOCABULARY = {
    "WebSite": (["name", "url", "potentialAction"], ["description", "inLanguage", "publisher"]),
    "SearchAction": (["target", "query-input"], []),
    "EntryPoint": (["urlTemplate"], []),
    "PublicationIssue": (
        ["name", "url", "issueNumber", "datePublished", "isPartOf"],
        ["inLanguage", "description", "dateModified", "temporalCoverage", "publisher", "hasPart", "editor"],
    ),
    "Periodical": (["name"], []),
    "Article": (
        ["headline", "url"],
        [
            "mainEntityOfPage", "description", "inLanguage", "datePublished", "dateModified", "author", "publisher",
            "position", "isPartOf", "isAccessibleForFree", "sourceOrganization", "isBasedOn", "image",
        ],
    ),
    "Organization": (["name"], ["url"]),
    "Person": (["name"], []),
    "WebPage": (["name", "url", "description"], ["inLanguage", "publisher"]),
    "CollectionPage": (["name", "url", "description", "about"], ["inLanguage", "publisher"]),
    "DefinedTerm": (["name", "url", "inDefinedTermSet"], ["description", "alternateName"]),
    "DefinedTermSet": (["name", "url"], ["description", "inLanguage", "publisher"]),
    "BreadcrumbList": (["itemListElement"], []),
    "ListItem": (["position", "name", "item"], []),
}  # fmt: skip
ASKED_OF_AN_ARTICLE = {"author", "datePublished", "dateModified", "publisher", "mainEntityOfPage"}


def assert_valid(data: Any) -> None:
    """Every thing has a type, that type's own properties and the ones that are asked for, none of them empty."""
    if isinstance(data, list):
        for item in data:
            assert_valid(item)
    elif isinstance(data, dict):
        needed, more = VOCABULARY[data["@type"]]
        names = {name for name in data if not name.startswith("@")}
        assert set(needed) <= names <= {*needed, *more}, data
        for name, value in data.items():
            assert value not in ("", None, []), name
            if name in ("url", "item", "@id", "mainEntityOfPage", "urlTemplate"):
                assert str(value).startswith(f"{HOST}/")
            assert_valid(value)


def test_what_pages_say_to_search_engines_is_valid(client: Client, issue: Issue) -> None:
    home, page = data_of(client, "/"), data_of(client, issue.get_absolute_url())
    assert list(home) == ["WebSite"]
    action = home["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{HOST}/search/?q={{search_term_string}}"
    assert action["query-input"] == "required name=search_term_string"
    assert list(page) == ["PublicationIssue", "BreadcrumbList"]
    assert [part["headline"] for part in page["PublicationIssue"]["hasPart"]] == [
        article.title for article in issue.articles.all()
    ]
    for address in (
        "/",
        issue.get_absolute_url(),
        *(article.get_absolute_url() for article in issue.articles.all()),
    ):
        for data in data_of(client, address).values():
            assert_valid({name: value for name, value in data.items() if name != "@context"})


def test_an_article_says_where_it_stands_and_where_it_is_from(client: Client, issue: Issue) -> None:
    article = issue.articles.get(position=1)
    article.source, article.source_url = "某所", "https://source.example/"
    save(article)
    found = data_of(client, article.get_absolute_url())
    data = found["Article"]
    assert set(data) >= ASKED_OF_AN_ARTICLE
    assert (data["author"]["name"], data["sourceOrganization"]["name"]) == ("莫大康", "某所")
    assert (data["isPartOf"]["@type"], data["isPartOf"]["issueNumber"]) == ("PublicationIssue", "2025-03-21")
    trail = found["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"]) for step in trail] == [
        (1, "芯闻库"),
        (2, "往期"),
        (3, "测试周报（2025-03-21 至 2025-03-21）"),
        (4, "先进封装"),
    ]
    assert all(client.get(step["item"].removeprefix(HOST)).status_code == 200 for step in trail)


@pytest.fixture
def topic(issue: Issue) -> Term:
    term = create(
        Term, name="先进封装", kind=Term.Kind.TECHNOLOGY, note="把几块芯片\n装在一起</script><script>alert(1)"
    )
    create(Alias, term=term, text="advanced packaging")
    return term


def test_a_topic_is_a_defined_term(client: Client, topic: Term) -> None:
    url = f"{HOST}{topic.get_absolute_url()}"
    found = data_of(client, f"{topic.get_absolute_url()}?page=7")
    assert list(found) == ["CollectionPage", "BreadcrumbList"]
    assert (found["CollectionPage"]["url"], found["CollectionPage"]["name"]) == (url, "先进封装")
    term = found["CollectionPage"]["about"]
    assert (term["@type"], term["name"], term["alternateName"]) == (
        "DefinedTerm",
        "先进封装",
        ["advanced packaging"],
    )
    assert term["description"].startswith("把几块芯片 装在一起")
    (terms,) = (data for kind, data in data_of(client, "/topics/").items() if kind == "DefinedTermSet")
    assert term["inDefinedTermSet"]["@id"] == terms["@id"]
    assert terms["description"].startswith("周报提到的 1 个")
    steps = found["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in steps] == ["芯闻库", "话题", "先进封装"]
    assert [client.get(step["item"].removeprefix(HOST)).status_code for step in steps] == [200] * 3
    shown = properties_of(client, topic.get_absolute_url())
    assert (shown["og:title"], shown["og:url"], shown["og:type"]) == ("先进封装", url, "website")
    assert shown["og:description"].startswith("先进封装：芯闻库里提到它的 1 篇文章。把几块芯片")
    assert "<script>alert" not in client.get(topic.get_absolute_url()).content.decode()


PLAIN_PAGES = [
    "/topics/",
    "/trends/",
    "/issues/",
    "/issues/2025/",
    "/search/",
    "/search/help/",
    "/api/v1/docs",
]


def test_every_page_of_the_sitemap_can_be_shared_and_says_valid_things(client: Client, topic: Term) -> None:
    for path in [*PLAIN_PAGES, topic.get_absolute_url()]:
        shown, said = properties_of(client, path), data_of(client, path)
        assert {"og:type", "og:title", "og:description", "og:url"} <= set(shown)
        assert all(shown.values()), path
        assert head_of(client, path).xpath("//link[@rel='canonical']/@href") == [shown["og:url"]]
        assert head_of(client, path).xpath("count(//meta[@name='description'])") == 1
        assert len(said) == 2
        for data in said.values():
            assert_valid({name: value for name, value in data.items() if name != "@context"})


def test_a_chart_can_be_shared_but_is_no_page_to_be_found(client: Client, issue: Issue) -> None:
    shown = properties_of(client, "/trends/?q=先进封装&q=<b>&junk=1")
    assert shown["og:title"] == "先进封装、<b>的热度"
    assert shown["og:url"] == f"{HOST}/trends/?q={quote('先进封装')}&q={quote('<b>')}"
    assert client.get(shown["og:url"].removeprefix(HOST)).status_code == 200
    assert data_of(client, "/trends/?q=先进封装") == {}


def test_no_text_breaks_out_of_the_data(client: Client, issue: Issue) -> None:
    title = "乙</script><script>alert(1)"
    page = client.get(issue.articles.get(position=2).get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert data_of(client, issue.articles.get(position=2).get_absolute_url())["Article"]["headline"] == title
