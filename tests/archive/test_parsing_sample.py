"""A real week as an editor pasted it. It is somebody's text, so it lies beside the project and not in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from archive.parsing import ParsedIssue, parse_issue
from tests.archive.wholeness import visible, visible_in

SAMPLE = Path(__file__).parents[3] / "shared" / "sample_week.txt"

if SAMPLE.exists():

    @pytest.fixture(scope="module")
    def text() -> str:
        return SAMPLE.read_text(encoding="utf-8")

    @pytest.fixture(scope="module")
    def issue(text: str) -> ParsedIssue:
        return parse_issue(text)

    def test_sample_has_title_and_dates(issue: ParsedIssue) -> None:
        assert (issue.title, issue.introduction) == ("半导体一周要闻", "")
        assert (issue.start_date, issue.end_date) == (dt.date(2025, 3, 17), dt.date(2025, 3, 21))

    def test_sample_has_its_ten_articles(issue: ParsedIssue, text: str) -> None:
        headings = [
            line
            for line in text.splitlines()
            if line[:3] in {f"{n}. " for n in range(1, 10)} or line[:4] == "10. "
        ]
        assert len(headings) == 10
        assert [f"{article.number}. {article.title}" for article in issue.articles] == headings

    def test_sample_keeps_nested_lists_in_their_articles(issue: ParsedIssue) -> None:
        assert (
            sum(line.text.startswith(("一,", "二,", "三,", "四,")) for line in issue.articles[3].lines) == 14
        )
        assert sum(line.text[1] == "、" for line in issue.articles[5].lines) == 7

    def test_sample_has_its_sign_off_apart(issue: ParsedIssue, text: str) -> None:
        lines = text.splitlines()
        begin = next(number for number, line in enumerate(lines) if line.startswith(issue.columnist + ":"))
        assert len(issue.columnist) == 3
        assert issue.sign_off.splitlines() == [line for line in lines[begin:] if line.strip()]
        assert len(issue.sign_off.splitlines()) == 7

    def test_sample_says_that_a_figure_was_lost(issue: ParsedIssue) -> None:
        last = issue.articles[9].lines[-1]
        assert [(warning.code, warning.line) for warning in issue.warnings] == [("figure-lost", last.number)]

    def test_sample_loses_nothing(issue: ParsedIssue, text: str) -> None:
        assert visible_in(issue) == visible(text)
