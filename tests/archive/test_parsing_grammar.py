"""Weeks made from a grammar of sections, levels, markers and prefaces are read as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.parsing import parse_issue
from archive.reading import read_document
from tests.archive.week_grammar import Written, weeks_of_sections, weeks_of_subheads
from tests.archive.wholeness import visible, visible_in
from tests.tiers import examples

pytestmark = pytest.mark.slow


# Always the same weeks: among thousands some can be read in two ways.
@settings(deadline=None, max_examples=examples(200), derandomize=True)
@given(weeks_of_sections())
def test_sections_and_articles_come_back_as_they_were_written(week: Written) -> None:
    issue = parse_issue(week.text)
    assert [(article.section, article.title) for article in issue.articles] == [
        *zip(week.sections, week.titles, strict=True)
    ]
    assert [article.body for article in issue.articles] == week.bodies
    assert issue.title == "芯片周报"
    assert issue.introduction == week.introduction.removeprefix("导语：")


@settings(deadline=None, max_examples=examples(50), derandomize=True)
@given(weeks_of_subheads())
def test_subheads_that_every_article_has_stay_in_the_articles(week: Written) -> None:
    issue = parse_issue(week.text)
    assert [article.title for article in issue.articles] == week.titles
    assert [article.body for article in issue.articles] == week.bodies


@settings(deadline=None, max_examples=examples(50), derandomize=True)
@given(weeks_of_sections())
def test_as_markdown_sections_and_articles_come_back_too(week: Written) -> None:
    issue = parse_issue(read_document("week.md", week.text.replace("\n", "\n\n").encode()).lines)
    assert [(article.section, article.title) for article in issue.articles] == [
        *zip(week.sections, week.titles, strict=True)
    ]


@settings(deadline=None, max_examples=examples(100))
@given(weeks_of_sections() | weeks_of_subheads(), st.integers(0, 1))
def test_nothing_is_lost_or_doubled_in_either_reading(week: Written, reading: int) -> None:
    assert visible_in(parse_issue(week.text, reading=reading)) == visible(week.text)
