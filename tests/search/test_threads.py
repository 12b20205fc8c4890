"""来龙去脉: other coverage of one matter, by date; nothing rather than anything."""

from __future__ import annotations

import doctest

import pytest
from django.test import Client

from archive.models import Article, Issue
from glossary.models import Term
from search.engines.registry import current_engine
from search.results import related as threads
from search.results.related import MOST_EACH_WAY, RelatedArticles, related_articles
from tests.conftest import WeekMaker
from tests.writing import create, save

STORY = "铠侠与闪迪公布混合键合闪存"
NAMES = ("铠侠", "闪迪", "混合键合", "台积电", "英特尔", "玻璃基板", "星际之门", "软银")


@pytest.fixture
def words(db: None) -> None:
    for name in NAMES:
        create(Term, name=name, kind=Term.Kind.COMPANY)


@pytest.fixture
def story(words: None, make_issue: WeekMaker) -> dict[str, Article]:
    """One story over five weeks, among others."""
    for number, day in enumerate(("03-07", "03-14", "03-21", "03-28", "04-04"), start=1):
        make_issue(
            {
                f"铠侠闪迪第{number}章": STORY,
                f"软银的星际之门{number}" if number == 1 else f"台积电{number}": "台积电、英特尔",
                f"别的{number}": "玻璃基板",
            },
            end_date=f"2025-{day}",
        )
    return {article.title: article for article in Article.objects.select_related("issue")}


def titles(thread: RelatedArticles) -> tuple[list[str], list[str]]:
    return [article.title for article in thread.earlier], [article.title for article in thread.later]


def test_what_came_before_and_after_stands_by_date(story: dict[str, Article]) -> None:
    assert titles(related_articles(story["铠侠闪迪第3章"])) == (
        ["铠侠闪迪第1章", "铠侠闪迪第2章"],
        ["铠侠闪迪第4章", "铠侠闪迪第5章"],
    )


def test_one_shared_term_is_no_thread(story: dict[str, Article]) -> None:
    assert not related_articles(story["别的3"])


def test_a_draft_is_in_no_thread_even_before_the_index_knows(story: dict[str, Article]) -> None:
    withdrawn = story["铠侠闪迪第4章"].issue
    withdrawn.status = Issue.Status.DRAFT
    save(withdrawn)
    assert titles(related_articles(story["铠侠闪迪第3章"]))[1] == ["铠侠闪迪第5章"]


def test_articles_of_the_same_issue_and_long_ago_are_left_out(words: None, make_issue: WeekMaker) -> None:
    make_issue({"台积电": "英特尔"}, end_date="2015-03-20", title="别刊")
    make_issue({"铠侠": STORY}, end_date="2019-03-22")
    issue = make_issue({"闪迪": STORY, "铠侠二": STORY}, end_date="2025-03-21")
    assert not related_articles(Article.objects.get(issue=issue, position=1))


def test_a_thread_is_bounded(words: None, make_issue: WeekMaker) -> None:
    make_issue({"台积电": "英特尔、软银", "软银": "玻璃基板"}, end_date="2024-12-20")
    for day in range(1, 9):
        issue = make_issue({f"铠侠闪迪{day}": STORY}, end_date=f"2025-01-{day:02}")
    thread = related_articles(Article.objects.get(issue=issue))
    assert len(thread.earlier) == MOST_EACH_WAY
    assert thread.earlier[-1].title == "铠侠闪迪7", "of equals, the nearest in time"


def test_the_page_shows_the_line_and_marks_its_own_place(client: Client, story: dict[str, Article]) -> None:
    page = client.get(story["铠侠闪迪第3章"].get_absolute_url()).content.decode()
    thread = page[page.index("来龙去脉") : page.index("</section>", page.index("来龙去脉"))]
    order = [thread.index(f"第{number}章") for number in range(1, 6)]
    assert order == sorted(order)
    assert thread.count('aria-current="true"') == 1
    assert "来龙去脉" not in client.get(story["别的3"].get_absolute_url()).content.decode()


def test_without_an_index_the_article_is_shown_without_its_thread(
    client: Client, story: dict[str, Article]
) -> None:
    (current_engine().generations.root / "CURRENT").unlink()
    response = client.get(story["铠侠闪迪第3章"].get_absolute_url())
    assert response.status_code == 200
    assert "来龙去脉" not in response.content.decode()


def test_examples_of_the_measure_are_true() -> None:
    result = doctest.testmod(threads)
    assert (result.attempted > 0, result.failed) == (True, 0)
    assert threads.MIN_TEXT_SCORE < threads.MIN_SCORE
