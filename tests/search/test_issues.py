"""Issues are found by their own words: title, dates, columnist, introduction, names of sections, sign-off."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive import publishing
from archive.editing import delete_issue, save_article, save_issue
from archive.issue_text import passages_of
from archive.models import Article, Issue
from archive.restoring import bring_back, deleted_issues
from insight.log import record_of
from insight.models import SearchRecord
from search.engines.documents import DocumentId
from search.engines.registry import current_engine
from search.indexing import comparison, sync
from search.models import SetAside
from search.query.tree import Leaf
from search.results.issues import MOST_SHOWN
from search.results.request import SearchRequest
from search.results.service import SearchResults, find
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    """A week with everything that an issue says itself, and an older one with nothing."""
    make_issue({"别的": "无关。"}, end_date="2025-03-14", title="另一种周刊")
    issue = make_issue(
        {"台积电扩产": "先进封装。", "补贴细则": "正文。"}, end_date="2025-04-18", columnist="莫大康"
    )
    issue.start_date = "2025-04-14"
    issue.introduction = "本周看两头：封测报价与展会新品，\n月底还有财报季。\n\n另有“三件事”值得 AND 一读。"
    issue.sign_off = "作者按：欢迎来稿 desk@example.com"
    save_issue(issue)
    article = issue.articles.get(title="补贴细则")
    article.section = "政策与资源"
    save_article(article)
    sync.drain()
    return Issue.objects.get(pk=issue.pk)


def answer(q: str, **filters: Any) -> SearchResults:
    found = find(SearchRequest(q, **filters))
    assert found is not None
    return found


def slugs(q: str, **filters: Any) -> list[str]:
    return [hit.issue.slug for hit in answer(q, **filters).issues]


@pytest.mark.parametrize(
    ("q", "anchor"),
    [
        ("月底还有财报季", "#introduction"),
        ("展会新品，月底", "#introduction"),  # over the end of a line, as it reads
        ("财报季 封测", "#introduction"),
        ("展会报价", "#introduction"),  # all its words, not side by side
        ("“三件事”值得 AND 一读", "#introduction"),
        ("欢迎来稿", "#sign-off"),
        ("desk@example.com", "#sign-off"),
        ("政策与资源", "#contents"),
        ("莫大康", ""),
        ("测试周报", ""),
        ("title:测试周报", ""),
        ("columnist:莫大康 财报季", "#introduction"),
        ("issue:2025-04-18", ""),
        ("2025年4月14日—18日", ""),
        ("2025.4.14-2025.4.18", ""),
        ("2025.4.14-4.18", ""),
        ("4.14-4.18", ""),
        ("2025-04-18", ""),
        ("2025-04-14 至 2025-04-18", ""),
        ("2025/4/14-2025/4/18", ""),
        ("4月14日—18日", ""),
        ("2025年第16周", ""),
        ("2025年4月", ""),
        ("测试周报 2025.4.14-2025.4.18", ""),
        ("测试周报2025.4.14-2025.4.18", ""),
        ("2025年4月 财报季", "#introduction"),
    ],
)
def test_an_issue_is_found_by_its_own_words_and_days(issue: Issue, q: str, anchor: str) -> None:
    [hit] = answer(q).issues
    assert (hit.issue, hit.url) == (issue, issue.get_absolute_url() + anchor)


@pytest.mark.parametrize(
    "q",
    [
        "先进封装",  # of an article
        "财报季 光刻机",
        "财报季 -封测",
        "“封测财报季”",
        "2025年3月 财报季",
        "2024年4月",
        "term:台积电",
    ],
)
def test_what_an_issue_does_not_say_itself_finds_no_issue(issue: Issue, q: str) -> None:
    assert slugs(q) == []


def test_filters_hold_for_issues_too(issue: Issue) -> None:
    assert slugs("财报季", year=(2025,), columnist=("莫大康",)) == ["2025-04-18"]
    for filters in ({"year": (2024,)}, {"month": ("3",)}, {"columnist": ("某某",)}, {"term": ("台积电",)}):
        assert slugs("财报季", **filters) == []


def test_the_issue_of_the_very_days_is_the_first(make_issue: WeekMaker) -> None:
    for start, end in (
        ("2025-04-18", "2025-04-25"),
        ("2025-04-14", "2025-04-18"),
        ("2025-04-07", "2025-04-14"),
    ):
        issue = make_issue({"甲": "芯片"}, end_date=end)
        issue.start_date = start
        save_issue(issue)
    sync.drain()
    assert slugs("2025年4月14日—18日") == ["2025-04-18", "2025-04-25", "2025-04-14"]
    assert slugs("4.14-4.18") == ["2025-04-18", "2025-04-25", "2025-04-14"]


def test_days_that_are_typed_come_before_other_issues_that_write_them(make_issue: WeekMaker) -> None:
    make_issue({"甲": "芯片"}, end_date="2025-03-14")
    later = make_issue({"乙": "芯片"}, end_date="2025-05-16")
    later.introduction = "补记：2025年3月 的数据有误。"
    save_issue(later)
    sync.drain()
    assert slugs("2025年3月") == ["2025-03-14", "2025-05-16"]


def test_a_query_that_only_issues_answer_is_answered(issue: Issue) -> None:
    found = answer("月底还有财报季")
    assert (found.total, found.results, found.issues_total) == (0, [], 1)
    assert (found.corrected, found.relaxed) == (None, None)
    record = record_of(SearchRequest("月底还有财报季"), found, 1.0, issue.created_at)
    assert record.answer == SearchRecord.Answer.FULL
    assert not answer("月底还有财报季光刻机停产").issues


DAYS = ["2025-03-07", "2025-03-14", "2025-03-21", "2025-03-28", "2025-04-04"]


def test_the_first_issues_are_shown_and_the_others_are_a_click_away(
    client: Client, make_issue: WeekMaker
) -> None:
    for day in DAYS:
        make_issue({"甲": "芯片"}, end_date=day)
    found = answer("测试周报")
    assert [hit.issue.slug for hit in found.shown_issues] == DAYS[::-1][:MOST_SHOWN]
    assert (found.total, found.more_issues) == (0, 2)
    assert slugs("测试周报", sort="oldest") == DAYS[:MOST_SHOWN]
    page = client.get("/search/", {"q": "测试周报"})
    address = page.context["all_issues_url"]
    assert "还有 2 期" in page.content.decode()
    everything = client.get(f"/search/{address}").context["found"]
    assert [hit.issue.slug for hit in everything.shown_issues] == DAYS[::-1]
    assert everything.more_issues == 0


def test_words_of_every_week_leave_the_page_to_the_articles(make_issue: WeekMaker) -> None:
    for day in DAYS:
        make_issue({"甲": "测试周报"}, end_date=day)
    found = answer("测试周报")
    assert (len(found.issues), [hit.issue.slug for hit in found.shown_issues]) == (MOST_SHOWN, DAYS[-1:])
    assert (found.total, found.more_issues) == (5, 4)
    assert len(answer("测试周报", all_issues=True).shown_issues) == 5
    assert len(answer("2025年3月").shown_issues) == MOST_SHOWN
    assert answer("测试周报", page=2, page_size=2).issues == []


def test_the_page_shows_issues_above_the_articles_with_the_passage(client: Client, issue: Issue) -> None:
    page = client.get("/search/", {"q": "展会新品"}).content.decode()
    assert '<h2 class="rubric" id="found-issues">期</h2>' in page
    assert f'href="{issue.get_absolute_url()}#introduction"' in page
    assert "<mark>展会新品</mark>" in page
    assert "没有文章符合“展会新品”，只有上面的期。" in page
    assert 'id="nothing"' not in page
    assert 'id="introduction"' in client.get(issue.get_absolute_url()).content.decode()
    both = client.get("/search/", {"q": "莫大康"}).content.decode()
    assert both.index('id="found-issues"') < both.index('<ol class="hits"')
    assert 'id="found-issues"' not in client.get("/search/", {"q": "先进封装"}).content.decode()


def test_the_api_gives_issues_apart_from_the_total(client: Client, issue: Issue) -> None:
    found = client.get("/api/v1/search", {"q": "财报季"}).json()
    assert found["issues"] == [
        {
            "slug": "2025-04-18",
            "title": "测试周报",
            "start_date": "2025-04-14",
            "end_date": "2025-04-18",
            "url": "/issues/2025-04-18/#introduction",
            "snippet": "本周看两头：封测报价与展会新品， 月底还有<mark>财报季</mark>。",
        }
    ]
    assert (found["total"], found["results"], found["relaxed"], found["corrected"]) == (0, [], False, None)
    assert found["facets"] == {key: [] for key in found["facets"]}
    [by_title] = client.get("/api/v1/search", {"q": "测试周报"}).json()["issues"]
    assert by_title["snippet"] == "<mark>测试周报</mark>"
    assert client.get("/api/v1/search", {"q": ""}).json()["issues"] == []


def test_what_an_editor_wrote_is_escaped(client: Client, issue: Issue) -> None:
    issue.introduction = "<script>alert(1)</script> 财报季"
    save_issue(issue)
    assert "<script>alert" not in client.get("/api/v1/search", {"q": "财报季"}).json()["issues"][0]["snippet"]


def test_an_answer_takes_one_statement_more_where_there_are_issues(
    issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer("先进封装")
    with django_assert_num_queries(2):  # what was withdrawn, the articles
        answer("先进封装")
    with django_assert_num_queries(2):  # what was withdrawn, the issues
        answer("财报季")


# --- Every change is followed --------------------------------------------------------------------------


def test_publishing_withdrawing_deleting_and_restoring_are_followed(issue: Issue) -> None:
    publishing.withdraw(issue)
    assert slugs("财报季") == []
    publishing.publish(issue)
    assert slugs("财报季") == ["2025-04-18"]
    delete_issue(issue)
    assert slugs("财报季") == []
    [deletion] = deleted_issues()
    restored = bring_back(deletion.version)
    assert isinstance(restored, Issue)
    assert slugs("财报季") == []  # a draft again
    publishing.publish(restored)
    assert slugs("财报季") == ["2025-04-18"]


@pytest.mark.parametrize(
    ("name", "value", "q"),
    [
        ("title", "改了的刊名", "改了的刊名"),
        ("columnist", "陈立武", "陈立武"),
        ("introduction", "另一段导语", "另一段导语"),
        ("sign_off", "另一段尾注", "另一段尾注"),
        ("start_date", "2025-04-12", "2025年4月12日—18日"),
    ],
)
def test_an_edit_of_its_own_fields_is_followed(issue: Issue, name: str, value: str, q: str) -> None:
    setattr(issue, name, value)
    save_issue(issue)
    assert slugs(q) == ["2025-04-18"]
    assert comparison.compare().is_equal


def test_sections_that_are_renamed_come_and_go_are_followed(issue: Issue) -> None:
    article = issue.articles.get(title="补贴细则")
    article.section = "产业链"
    save_article(article)
    assert (slugs("产业链"), slugs("政策与资源")) == (["2025-04-18"], [])
    article.delete()  # past the use cases
    assert comparison.compare().issues == (issue.pk,)
    comparison.mend(comparison.compare())
    assert (slugs("产业链"), comparison.compare().is_equal) == ([], True)


def test_an_article_whose_section_stays_leaves_its_issue_alone(issue: Issue) -> None:
    article = issue.articles.get(title="补贴细则")
    with sync.current_engine().lock("write", 0):
        article.title = "补贴细则修订"
        save_article(article)
        assert (sync.waiting().articles, sync.waiting().issues) == ({article.pk}, set())
        article.section = "产业链"
        save_article(article)
        assert (sync.waiting().articles, sync.waiting().issues) == ({article.pk}, {issue.pk})
        assert len(sync.waiting().numbers) == 2


def test_a_withdrawn_issue_is_gone_before_the_index_knows(issue: Issue) -> None:
    with current_engine().lock("write", 0):
        publishing.withdraw(issue)
        assert sync.waiting()
        found = answer("月底还有财报季")
        assert (len(found.issues), found.issues_total) == (0, 0)


def test_an_issue_without_articles_is_found_and_goes(issue: Issue) -> None:
    save_issue(issue, deleted=[*issue.articles.all()])
    assert (answer("财报季").issues_total, slugs("政策与资源")) == (1, [])
    delete_issue(issue)
    assert answer("财报季").issues_total == 0


def test_the_comparison_tells_and_mends_what_an_index_says_of_issues(
    issue: Issue, make_issue: WeekMaker
) -> None:
    other = Issue.objects.exclude(pk=issue.pk).get()
    assert comparison.compare().is_equal
    Issue.objects.filter(pk=issue.pk).update(introduction="写到了用例之外")
    Issue.objects.filter(pk=other.pk).update(status=Issue.Status.DRAFT)
    found = comparison.compare()
    assert (found.issues, found.stale) == ((*sorted([issue.pk, other.pk]),), ())
    assert not found.is_equal
    comparison.mend(found)
    assert comparison.compare().is_equal
    assert slugs("写到了用例之外") == ["2025-04-18"]


def test_the_number_of_articles_counts_no_issues(issue: Issue) -> None:
    articles = Article.objects.count()
    with current_engine().pinned() as state:
        assert (state.documents, current_engine().state().documents) == (articles, articles)
    assert sync.rebuild() == articles
    assert current_engine().state().documents == articles
    delete_issue(issue)
    assert current_engine().state().documents == Article.objects.count()


def test_an_issue_that_the_index_can_not_take_in_holds_up_no_other(
    issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    SetAside.objects.record(current_engine().name, {issue.pk: "x"}, changed=[issue.pk], kind="issue")
    assert SetAside.objects.known(current_engine().name) == {DocumentId("issue", issue.pk): False}
    issue.introduction = "又能收录了"
    save_issue(issue)
    assert (SetAside.objects.exists(), slugs("又能收录了")) == (False, ["2025-04-18"])


# --- Articles are as if there were no issues -----------------------------------------------------------


def test_scores_of_articles_do_not_depend_on_what_issues_say(issue: Issue) -> None:
    sync.rebuild()  # statistics count what was replaced
    before = [(hit.article.pk, hit.score) for hit in answer("先进封装 正文 OR 台积电").results]
    counts = current_engine().term_counts()
    issue.introduction = "台积电 先进封装 正文 " * 30
    save_issue(issue)
    sync.rebuild()
    assert [(hit.article.pk, hit.score) for hit in answer("先进封装 正文 OR 台积电").results] == before
    assert current_engine().term_counts() == counts
    assert current_engine().scores([Leaf("先进封装")], DocumentId("issue", issue.pk)) != [0.0]


# --- Nothing visible is unfindable ---------------------------------------------------------------------


def test_any_run_of_an_issues_own_words_finds_it(issue: Issue) -> None:
    chance = random.Random(20250418)
    missed = []
    for passage in passages_of(issue):
        for _ in range(25):
            start = chance.randrange(len(passage.text))
            run = passage.text[start : start + chance.choice([1, 2, 3, 5, 8, 20, 80])]
            if run.strip() and issue.slug not in slugs(run, all_issues=True):
                missed.append(run)
    assert missed == []
