"""The JSON API: what is asked and answered, in every room; one form of error; open to pages of other sites."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from archive.models import Article, Issue
from glossary.models import Alias, Term
from search.indexing import sync
from tests.conftest import WeekMaker
from tests.writing import create, delete_all, save, update

API = "/api/v1"


@pytest.fixture
def archive(make_issue: WeekMaker) -> Issue:
    """Two published issues and a draft, and a term of which each tells."""
    create(Alias, term=create(Term, name="台积电", kind="company", note="代工。"), text="TSMC")
    create(Term, name="雷神计划", kind="product")
    make_issue({"旧": "TSMC 旧事"}, end_date="2025-03-14", columnist="莫大康")
    make_issue({"机密": "雷神计划：台积电"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    return make_issue({"台积电扩产": "先进封装 <产能>。\n第二段", "乙": "文"})


def ask(client: Client, path: str, **parameters: Any) -> Any:
    response = client.get(f"{API}{path}", parameters)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return response.json()


def test_issues_come_newest_first_a_page_at_a_time(client: Client, archive: Issue) -> None:
    assert ask(client, "/issues", page_size=1) == {
        "total": 2,
        "page": 1,
        "page_size": 1,
        "results": [
            {
                "slug": "2025-03-21",
                "title": "测试周报",
                "start_date": "2025-03-21",
                "end_date": "2025-03-21",
                "columnist": "",
                "article_count": 2,
                "url": "/issues/2025-03-21/",
            }
        ],
    }
    last = ask(client, "/issues", page=99, page_size=1)
    assert (last["page"], [issue["slug"] for issue in last["results"]]) == (2, ["2025-03-14"])


def test_an_issue_has_its_contents(client: Client, archive: Issue) -> None:
    one, two = archive.articles.all()
    assert ask(client, "/issues/2025-03-21") == {
        "slug": "2025-03-21",
        "title": "测试周报",
        "start_date": "2025-03-21",
        "end_date": "2025-03-21",
        "columnist": "",
        "introduction": "",
        "sign_off": "",
        "source_url": "",
        "url": "/issues/2025-03-21/",
        "articles": [
            {
                "id": one.pk,
                "position": 1,
                "title": "台积电扩产",
                "section": "",
                "url": f"/articles/{one.pk}/",
            },
            {"id": two.pk, "position": 2, "title": "乙", "section": "", "url": f"/articles/{two.pk}/"},
        ],
    }


def test_an_article_has_its_text_and_figures_with_full_addresses(client: Client, archive: Issue) -> None:
    article = archive.articles.first()
    assert article is not None
    article.body += '<p><img src="/figures/3/" alt=""></p>'
    article.source, article.source_url = "某所", "https://source.example/"
    save(article)
    assert ask(client, f"/articles/{article.pk}") == {
        "id": article.pk,
        "position": 1,
        "title": "台积电扩产",
        "section": "",
        "url": f"/articles/{article.pk}/",
        "issue": {
            "slug": "2025-03-21",
            "title": "测试周报",
            "start_date": "2025-03-21",
            "end_date": "2025-03-21",
        },
        "body": "<p>先进封装 &lt;产能&gt;。</p>\n<p>第二段</p>"
        '<p><img src="http://testserver/figures/3/" alt=""></p>',
        "text": "台积电扩产\n先进封装 <产能>。\n第二段\n\n某所",
        "source": "某所",
        "source_url": "https://source.example/",
    }


def test_topics_are_those_that_published_articles_mention(client: Client, archive: Issue) -> None:
    term = Term.objects.get(name="台积电")
    summary = {
        "slug": term.slug,
        "name": "台积电",
        "kind": "company",
        "article_count": 2,
        "url": term.get_absolute_url(),
    }
    assert ask(client, "/topics") == {"total": 1, "page": 1, "page_size": 20, "results": [summary]}
    assert ask(client, "/topics", kind="person")["total"] == 0
    topic = ask(client, f"/topics/{term.slug}")
    articles = topic.pop("articles")
    assert topic == summary | {
        "aliases": ["TSMC"],
        "note": "代工。",
        "first_mentioned": "2025-03-14",
        "latest_mentioned": "2025-03-21",
    }
    assert [(article["title"], article["issue"]["slug"]) for article in articles] == [
        ("台积电扩产", "2025-03-21"),
        ("旧", "2025-03-14"),
    ]


def test_trends_count_the_articles_of_each_week(client: Client, archive: Issue) -> None:
    assert ask(client, "/trends", q=["台积电", "莫须有"]) == {
        "weeks": ["2025-03-10", "2025-03-17"],
        "articles": [1, 2],
        "trends": [
            {"query": "台积电", "total": 2, "counts": [1, 1]},
            {"query": "莫须有", "total": 0, "counts": [0, 0]},
        ],
    }
    delete_all(Issue.objects.all())
    sync.rebuild()
    assert ask(client, "/trends", q="台积电")["weeks"] == []


def test_suggestions_come_in_the_readers_characters(client: Client, archive: Issue) -> None:
    (plain,) = ask(client, "/suggest", q="tjd")["suggestions"]
    (found,) = ask(client, "/suggest", q="tjd", script="hant")["suggestions"]
    assert (plain["text"], found["text"]) == ("台积电", "台積電")
    assert found["url"] == plain["url"]


def test_drafts_are_in_no_answer(client: Client, archive: Issue) -> None:
    draft = Issue.objects.get(status=Issue.Status.DRAFT)
    hidden = Term.objects.get(name="雷神计划")
    paths = [f"/issues/{draft.slug}", f"/articles/{draft.articles.get().pk}", f"/topics/{hidden.slug}"]
    assert [client.get(f"{API}{path}").status_code for path in paths] == [404, 404, 404]
    for path in (
        "/issues",
        "/topics",
        "/search?q=雷神",
        "/suggest?q=雷",
        "/trends?q=雷神&q=台积电",
        "/topics/taijidian",
    ):
        assert "机密" not in client.get(f"{API}{path}").content.decode()
    draft.status = Issue.Status.PUBLISHED
    save(draft)
    sync.rebuild()
    assert [client.get(f"{API}{path}").status_code for path in paths] == [200, 200, 200]


@pytest.mark.parametrize(
    "path",
    [
        "/issues/1999-01-01",
        "/articles/999999",
        "/topics/no-such",
        "/no/such/path",
        "/articles/9223372036854775807",
    ],
)
def test_what_is_not_there_is_a_problem_that_says_so(client: Client, db: None, path: str) -> None:
    response = client.get(f"{API}{path}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "这个网址没有内容：可能不完整，也可能还没有发布，或者已经撤回。",
        "errors": [],
    }


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/issues?page=0", "page"),
        ("/issues?page_size=101", "page_size"),
        ("/issues/2025_03", "slug"),
        ("/articles/x", "id"),
        ("/articles/9223372036854775808", "id"),
        ("/topics?kind=animal", "kind"),
        ("/topics/台积电", "slug"),
        ("/trends", "q"),
        (f"/trends?{'q=a&' * 6}", "q"),
        ("/search?year=abc", "year"),
        ("/search?sort=best", "sort"),
        ("/search?since=2025-02-31", "since"),
        ("/search?until=1740000000", "until"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    client: Client, db: None, path: str, parameter: str
) -> None:
    response = client.get(f"{API}{path}")
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    problem = response.json()
    assert (problem["title"], problem["status"]) == ("Unprocessable Entity", 422)
    assert parameter in problem["detail"]
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


def test_a_repeat_costs_a_304_until_something_changes(client: Client, archive: Issue) -> None:
    for path in ("/issues", "/issues/2025-03-21", f"/articles/{archive.articles.all()[0].pk}", "/topics"):
        etag = client.get(f"{API}{path}")["ETag"]
        assert client.get(f"{API}{path}", headers={"if-none-match": etag}).status_code == 304
        update(Article.objects.all(), source=f"别处{path}")
        assert client.get(f"{API}{path}", headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/issues",
        "/search?q=台积电",
        "/topics/no-such",
        "/issues?page=0",
        "/docs",
        "/openapi.json",
        "/no/such/path",
    ],
)
def test_head_is_answered_like_get_without_its_body(client: Client, archive: Issue, path: str) -> None:
    get, head = client.get(f"{API}{path}"), client.head(f"{API}{path}")
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("Content-Type", "ETag", "Cache-Control", "Vary"):
        assert head.headers.get(name) == get.headers.get(name), name
    if "ETag" in head:
        repeat = client.head(f"{API}{path}", headers={"if-none-match": head["ETag"]})
        assert (repeat.status_code, repeat["ETag"]) == (304, get["ETag"])


def test_who_would_write_is_told_that_one_can_only_read(client: Client, archive: Issue) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = client.generic(method, f"{API}/issues")
        assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
        assert response["Allow"] == "GET, HEAD"
        assert response.json()["status"] == 405


def test_a_search_is_narrowed_to_days(client: Client, archive: Issue) -> None:
    found = ask(client, "/search", q="台积电", since="2025-03-14", until="2025-03-20")
    assert [hit["title"] for hit in found["results"]] == ["旧"]
    assert ask(client, "/search", q="台积电", since="2025-03-15")["total"] == 1


@pytest.mark.parametrize(
    "path", ["/api/v1/issues", "/feeds/issues.atom", "/search/feed.atom?q=芯", "/api/v1/no"]
)
def test_pages_of_other_sites_may_read_the_api_and_the_feeds(client: Client, db: None, path: str) -> None:
    elsewhere = {"origin": "https://elsewhere.example"}
    answer = client.get(path, headers=elsewhere)
    assert answer["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer
    asked = client.options(path, headers={**elsewhere, "access-control-request-method": "GET"})
    assert set(asked["access-control-allow-methods"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("path", ["/", "/search/?q=芯", "/admin/login/"])
def test_pages_of_other_sites_may_read_nothing_else(client: Client, db: None, path: str) -> None:
    answer = client.get(path, headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer


def test_the_reference_tells_of_every_operation_and_asks_no_other_host(
    client: Client, archive: Issue
) -> None:
    assert client.get(f"{API}/").headers["Location"] == f"{API}/docs"
    description = client.get(f"{API}/openapi.json").json()
    page = client.get(f"{API}/docs").content.decode()
    assert f"{API}/search" in description["paths"]
    for path, methods in description["paths"].items():
        assert list(methods) == ["get"]
        assert f"GET {path}</code>" in page
        for parameter in methods["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page
        for status, response in methods["get"]["responses"].items():
            media_type = "application/json" if status == "200" else "application/problem+json"
            assert list(response["content"]) == [media_type]
    for example in (
        "issues/2025-03-21",
        f"articles/{archive.articles.all()[0].pk}",
        "topics/taijidian",
        "suggest?q=tjd",
    ):
        assert f'href="{API}/{example}"' in page
    assert (
        "//" not in page.replace("http://testserver/", "/").replace("<!DOCTYPE html>", "").split("<body")[1]
    )
    assert json.dumps(description).count("机密") == 0
