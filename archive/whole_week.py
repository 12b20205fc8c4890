"""通读本期: a whole issue on one page, or on a few where it is too long for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from archive.models import Article, Issue

MOST_BYTES = 110_000
"""What the texts of a part may weigh: with frame, style sheets and scripts, the page stays below 200,000 bytes."""
BLOCK_BYTES = 230
"""What stands around a paragraph on the page: its place, the link to it; and the links of terms in it."""


class WeekForm(forms.Form):
    """What the address of an issue asks for: `?read=all`, and of a long issue `&part=2`. Nothing wrong is an error."""

    read = forms.CharField(required=False)
    part = forms.IntegerField(required=False, min_value=1, max_value=999)

    def part_asked(self) -> int | None:
        """Returns the number of the part that is to be read, from 1; None when the issue's contents are asked for."""
        self.is_valid()
        return (self.cleaned_data.get("part") or 1) if self.cleaned_data.get("read") == "all" else None


class Entry(NamedTuple):
    """A line of the contents: an article, and where on which part of the week it stands."""

    article: Article
    url: str
    is_here: bool
    """Whether it stands on the part that is shown."""


class WholeWeek:
    """The articles of `issue`, cut into parts of which one is shown; read when the page asks for it.

    `part` is from 1; what is too high is the last one.
    """

    def __init__(self, issue: Issue, part: int) -> None:
        self.issue = issue
        self._asked = part

    @cached_property
    def articles(self) -> list[Article]:
        """Those of the part that is shown."""
        first, last = self._bounds[self.part - 1]
        return self._all[first:last]

    @cached_property
    def contents(self) -> list[Entry]:
        """All articles of the issue."""
        return [
            Entry(article, self._address(number, article), number == self.part)
            for number, (first, last) in enumerate(self._bounds, start=1)
            for article in self._all[first:last]
        ]

    @property
    def part(self) -> int:
        return min(self._asked, self.part_count)

    @property
    def part_count(self) -> int:
        return len(self._bounds)

    @property
    def is_first(self) -> bool:
        return self.part == 1

    @property
    def is_last(self) -> bool:
        return self.part == self.part_count

    @property
    def next_part(self) -> Entry | None:
        """The first article of the part after this one."""
        return next((entry for entry in self.contents[self._bounds[self.part - 1][1] :]), None)

    @property
    def previous_part(self) -> str:
        """The address of the part before this one; empty when there is none."""
        return "" if self.is_first else address_of_part(self.issue, self.part - 1)

    @cached_property
    def previous_issue(self) -> Issue | None:
        return Issue.objects.published().before(self.issue).first()

    @cached_property
    def next_issue(self) -> Issue | None:
        return Issue.objects.published().after(self.issue).last()

    @cached_property
    def _all(self) -> list[Article]:
        return list(self.issue.articles.all())

    @cached_property
    def _bounds(self) -> list[tuple[int, int]]:
        return cut([weight(article) for article in self._all], MOST_BYTES)

    def _address(self, part: int, article: Article) -> str:
        page = "" if part == self.part else address_of_part(self.issue, part)
        return f"{page}#a{article.pk}"


def whole_week(request: HttpRequest, issue: Issue, part: int) -> HttpResponse:
    """Renders a part of the whole issue; the caller decides who may see it."""
    context = {"issue": issue, "week": WholeWeek(issue, part), "preview": None}
    return render(request, "archive/issue_whole.html", context)


def address_of_part(issue: Issue, part: int) -> str:
    """Returns the address of a part of the whole issue: `/issues/2025-03-21/?read=all`, `…&part=2`."""
    more = f"&part={part}" if part > 1 else ""
    return f"{reverse('archive:issue-detail', args=[issue.slug])}?read=all{more}"


def weight(article: Article) -> int:
    """Returns about how many bytes the article takes on the page."""
    return len(article.body.encode()) + BLOCK_BYTES * (1 + article.body.count("</p>"))


def cut(weights: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Returns the bounds of parts that weigh `most` at most, each as long as it may be; what is heavier stands alone.

    >>> cut([4, 5, 1, 20, 3], most=10), cut([], most=10)
    ([(0, 3), (3, 4), (4, 5)], [(0, 0)])
    """
    bounds, first, total = [], 0, 0
    for place, each in enumerate(weights):
        if place > first and total + each > most:
            bounds.append((first, place))
            first, total = place, 0
        total += each
    return [*bounds, (first, len(weights))]
