"""An issue's own words: what a reader can see of it beside its articles, and where that stands on its page.

    title, dates, columnist ─ the head · introduction · names of the sections ─ the contents · sign-off

The dates are there in every form that pages print and editors paste.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import F, Min, QuerySet

from archive.models import NEWEST_FIRST, Issue
from archive.templatetags.archive_tags import dates_text, week

INTRODUCTION, CONTENTS, SIGN_OFF = "introduction", "contents", "sign-off"
"""Anchors of the issue's page."""
_PARAGRAPH = re.compile(r"\n\s*\n")


class IssuePassage(NamedTuple):
    """A paragraph of an issue's own words, and the anchor of its place on the issue's page; "" is its head."""

    anchor: str
    text: str


def passages_of(issue: Issue) -> list[IssuePassage]:
    """Returns everything that a reader can see of an issue itself, a paragraph each."""
    return [
        IssuePassage("", issue.title),
        *(IssuePassage("", form) for form in written_dates(issue)),
        *(IssuePassage("", name) for name in [issue.columnist] if name),
        *_paragraphs(INTRODUCTION, issue.introduction),
        *(IssuePassage(CONTENTS, name) for name in issue.section_names),
        *_paragraphs(SIGN_OFF, issue.sign_off),
    ]


def text_of(issue: Issue) -> str:
    """Returns the same, a line each; the first is the title."""
    return "\n".join(passage.text for passage in passages_of(issue))


def with_section_names(issues: QuerySet[Issue]) -> Iterator[Issue]:
    """Reads issues with the names of their sections, all in one query, the newest first."""
    yield from of_sections(by_section(issues).iterator(chunk_size=500))


def by_section(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    """Returns each issue once for each of its sections, the newest first: rows for `of_sections`."""
    section, place = F("articles__section"), Min("articles__position")
    return issues.annotate(section=section, place=place).order_by(*NEWEST_FIRST, "place")


def of_sections(rows: Iterable[Issue]) -> Iterator[Issue]:
    """Yields the issues of such rows, each with its `section_names`."""
    for _, group in groupby(rows, key=attrgetter("pk")):
        issue, *same = group
        names = map(attrgetter("section"), (issue, *same))
        issue.section_names = tuple(filter(None, names))
        yield issue


def written_dates(issue: Issue) -> list[str]:
    """Returns the issue's dates in every form that pages print and editors paste.

    >>> issue = Issue(start_date=dt.date(2025, 4, 14), end_date=dt.date(2025, 4, 18))
    >>> print(*written_dates(issue), sep=" · ")
    2025年4月14日—18日 · 4月14日—18日 · 2025年4月14日—4月18日 · 2025年4月14日—2025年4月18日 · 2025年第16周 · \
2025-04-14 至 2025-04-18 · 2025.4.14-2025.4.18 · 2025.4.14-4.18 · 4.14-4.18 · 2025/4/14-2025/4/18
    """
    first, last = issue.start_date, issue.end_date
    forms = [
        dates_text(issue),
        dates_text(issue, "short"),
        *_joined(first, last, "{0}年{1}月{2}日", "{1}月{2}日", "—"),
        *_joined(first, last, "{0}年{1}月{2}日", "{0}年{1}月{2}日", "—"),
        week(issue),
        f"{first} 至 {last}",
        *_joined(first, last, "{0}.{1}.{2}", "{0}.{1}.{2}", "-"),
        *_joined(first, last, "{0}.{1}.{2}", "{1}.{2}", "-"),
        *_joined(first, last, "{1}.{2}", "{1}.{2}", "-"),
        *_joined(first, last, "{0}/{1}/{2}", "{0}/{1}/{2}", "-"),
    ]
    return [*dict.fromkeys(forms)]


def _joined(first: dt.date, last: dt.date, start: str, end: str, dash: str) -> Iterable[str]:
    said = start.format(first.year, first.month, first.day)
    return [said if first == last else f"{said}{dash}{end.format(last.year, last.month, last.day)}"]


def _paragraphs(anchor: str, text: str) -> Iterator[IssuePassage]:
    """A line break inside of a paragraph is none to who reads on: words lead over it."""
    for paragraph in _PARAGRAPH.split(text.replace("\r\n", "\n")):
        if words := " ".join(paragraph.split()):
            yield IssuePassage(anchor, words)
