"""What pages say to search engines in the words of schema.org."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from archive.models import Issue
from glossary.models import Alias, Term
from tests.crawlers.heads import HOST, data_of, head_of, properties_of
from tests.writing import create, save

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
        (3, "测试周报（2025年3月21日）"),
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
