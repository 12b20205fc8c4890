"""No draft leaks: not into a result, a facet, a count, a suggestion, a mark, an explanation or a correction.

Every answer is compared with the one of an archive in which the draft was never written.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from django.utils import timezone
from filelock import FileLock

from archive.body import from_text
from archive.models import Article, Issue
from glossary.models import Alias, Term
from search.engines.registry import current_engine
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.tiers import thinned
from tests.writing import create, delete, delete_all, save

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SECRET = {
    "机密的雷神计划": "机密：雷神芯片 Zephyrium 采用混合键合，由台积电代工，单价 4321 亿。",
    "机密的台积电扩产": "机密：先进封装、混合键合与 Zephyrium，雷神计划。",
}
QUERIES = [
    # What only the draft holds: by name, alias, run, quotation, code and number.
    "雷神", "雷神计划", "Project Thor", "Zephyrium", "机密", '"雷神芯片"', "神芯", "4321亿", "四千",
    # What only a draft issue says itself.
    "密导语", "密尾注 雷神", "密分栏", "内部周报", "2025年3月24日—28日", "3.24-3.28", "本周说的是台积电",
    # Misspelt, by sound, by initials: no correction to what only a draft holds.
    "雷申计划", "leishenjihua", "lsjh", "Zephyriun", "title:雷申计划",
    # Relaxed: no draft holds most of it.
    "雷神芯片 火星 木星", "雷神芯片用什么封装？", "机密 台积电 火星",
    # By its fields and days.
    "title:雷神", "term:雷神计划", "columnist:内线", "作者:内线 台积电", "issue:2025-03-28", "2025年3月28日",
    "after:2025-03-22", "2025-03 台积电", "year:2025 混合键合",
    # What others hold too: total, order, facets and snippets are as if it were not there.
    "台积电", "TSMC", "混合键合", "台积电 混合键合", "先进封装 OR 雷神", "台积电 -雷神", "台积电 -Zephyrium",
]  # fmt: skip
TYPED = ["雷", "雷神", "lei", "lsjh", "pro", "zeph", "机密", "台", "t", "混合", "的"]


@pytest.fixture
def archive(transactional_db: None, make_issue: WeekMaker) -> Issue:
    """An issue that members may see, with terms of which only a draft will mention some."""
    for name, *aliases in (["台积电", "TSMC"], ["混合键合"], ["雷神计划", "Project Thor"], ["Zephyrium"]):
        term = create(Term, name=name, kind=Term.Kind.TECHNOLOGY)
        for alias in aliases:
            create(Alias, term=term, text=alias)
    make_issue({"台积电的混合键合": "先进封装。", "台积电开会": "TSMC 说产能。"}, columnist="莫大康")
    issue = make_issue({"混合键合的进展": "与先进封装。", "别的": "无关。"}, end_date="2025-03-14")
    issue.introduction = "本周说的是台积电。"
    save(issue)
    return issue


def write(status: str) -> Issue:
    issue = create(
        Issue,
        title="内部周报",
        start_date="2025-03-24",
        end_date="2025-03-28",
        columnist="内线",
        introduction="密导语：本周说的是台积电与雷神。",
        sign_off="密尾注：雷神内线。",
        status=status,
        publish_at=timezone.now() + dt.timedelta(days=1) if status == Issue.Status.SCHEDULED else None,
    )
    for position, (title, text) in enumerate(SECRET.items(), start=1):
        create(Article, issue=issue, position=position, title=title, body=from_text([text]), section="密分栏")
    return issue


def answers(client: Client) -> dict[str, object]:
    """Everything that a member can get out of the search, without what differs from one time to the next."""
    found: dict[str, object] = {}
    for q in QUERIES:
        for parameters in ({}, {"sort": "newest", "year": "2025", "month": "3", "term": "混合键合"}):
            page = client.get("/search/", {"q": q, "explain": "1", **parameters})
            answer = client.get("/api/v1/search", {"q": q, **parameters}).json()
            assert page.status_code == 200
            answer.pop("took_ms")
            for result in answer["results"]:
                result.pop("score")  # how rare a word is counts what was there a moment ago
            text = re.sub(r'<p class="reasons">.*?</p>', "", page.content.decode(), flags=re.DOTALL)
            found[f"{q} {parameters}"] = (text, answer)
    for q in TYPED:
        found[f"suggest {q}"] = client.get("/api/v1/suggest", {"q": q}).json()
    found["help"] = client.get("/search/help/").content.decode()
    return found


@contextmanager
def a_late_index() -> Iterator[None]:
    """Another process writes the index: what changes meanwhile is not in it."""
    with FileLock(current_engine().generations.lock_path("write")):
        yield


def assert_the_same(before: dict[str, object], after: dict[str, object]) -> None:
    assert [place for place in before if before[place] != after[place]] == []


@pytest.mark.parametrize("status", thinned([Issue.Status.DRAFT, Issue.Status.SCHEDULED], every=2))
def test_a_draft_changes_no_answer(client: Client, archive: Issue, status: str) -> None:
    before = answers(client)
    draft = write(status)
    assert_the_same(before, answers(client))
    sync.rebuild()
    assert_the_same(before, answers(client))
    assert "机密" not in json.dumps(
        [value for key, value in before.items() if "机密" not in key], ensure_ascii=False
    )
    for article in draft.articles.all():
        assert client.get(f"/search/marks/{article.pk}/", {"q": "雷神"}).status_code == 404
    assert client.get("/search/marks/999999/", {"q": "雷神"}).status_code == 404


def test_a_withdrawn_issue_is_gone_before_the_index_knows(client: Client, archive: Issue) -> None:
    before = answers(client)
    issue = write(Issue.Status.PUBLISHED)
    pks = list(issue.articles.values_list("pk", flat=True))
    assert answers(client) != before
    with a_late_index():
        issue.status = Issue.Status.DRAFT
        save(issue)
        assert sync.waiting()
        assert_the_same(before, answers(client))
        assert [client.get(f"/search/marks/{pk}/", {"q": "雷神"}).status_code for pk in pks] == [404, 404]
    sync.drain()
    assert_the_same(before, answers(client))


def test_a_deleted_article_is_gone_before_the_index_knows(client: Client, archive: Issue) -> None:
    before = answers(client)
    issue = write(Issue.Status.PUBLISHED)
    with a_late_index():
        delete_all(issue.articles.all())
        delete(issue)
        assert_the_same(before, answers(client))


def test_a_draft_leaks_from_no_search_without_an_index(client: Client, archive: Issue) -> None:
    write(Issue.Status.DRAFT)
    (current_engine().generations.root / "CURRENT").unlink()
    for q in QUERIES:
        found = find(SearchRequest(q))
        assert found is not None
        assert "机密" not in "".join(hit.article.title + hit.snippet for hit in found.results)
        assert "密" not in "".join(hit.issue.title + hit.snippet for hit in found.issues)
        assert found.issues_total <= 2
    assert client.get("/search/", {"q": "雷神", "explain": "1"}).context["found"].total == 0
    assert client.get("/api/v1/suggest", {"q": "雷"}).json()["suggestions"] == []
    assert client.get("/search/help/").status_code == 200
    sync.rebuild()


def test_a_published_draft_is_in_every_answer(client: Client, archive: Issue) -> None:
    """So that the tests above would see it."""
    issue = write(Issue.Status.DRAFT)
    assert client.get("/api/v1/search", {"q": "雷神"}).json()["total"] == 0
    issue.status = Issue.Status.PUBLISHED
    save(issue)
    answer = client.get("/api/v1/search", {"q": "雷申计划"}).json()
    assert (answer["total"], answer["corrected"]) == (2, {"query": "雷神计划", "total": 2})
    assert {"value": "雷神计划", "count": 2} in answer["facets"]["term"]
    suggested = client.get("/api/v1/suggest", {"q": "lsjh"}).json()["suggestions"]
    assert [(item["text"], item["count"]) for item in suggested] == [("雷神计划", 2)]
    for q in ("密导语", "密尾注 雷神", "密分栏", "内部周报", "3.24-3.28"):
        assert [found["slug"] for found in client.get("/api/v1/search", {"q": q}).json()["issues"]] == [
            issue.slug
        ]
    article = issue.articles.get(position=1)
    assert len(client.get(f"/search/marks/{article.pk}/", {"q": "雷神"}).json()["marks"]) == 1
