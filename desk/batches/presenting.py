"""Prepares a batch for its page: the table of its weeks, and a calendar of them and the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone

from archive.calendar import Year, years_of
from archive.models import Issue
from desk.batches.assessing import Assessed, State, assessed_weeks
from desk.batches.models import Batch
from desk.batches.progress import progress_of

PER_PAGE = 60
_FIRST_YEAR = 1990
"""Before it there were no weekly digests: such a date is a mistake, and would make a calendar of centuries."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A week in the calendar: an issue of the archive, or a week that waits in the batch."""

    end_date: dt.date
    name: str
    href: str
    kind: str
    """`archived`, `clean` or `doubtful`."""


def show(batch: Batch, number: str | None) -> dict[str, Any]:
    """Makes everything that the page shows out of a batch; `number` is the page of its table."""
    weeks = assessed_weeks(batch)
    pages = Paginator(weeks, PER_PAGE)
    years = years_of([*_archived(), *_waiting(weeks)])
    return {
        "batch": batch,
        "progress": progress_of(batch),
        "page": pages.get_page(number),
        "clean": sum(one.is_clean for one in weeks),
        "doubtful": sum(one.needs_a_look and one.week.state == State.READ for one in weeks),
        "refused": sum(one.week.state == State.REFUSED for one in weeks),
        "stored": sum(one.week.state == State.STORED for one in weeks),
        "skipped": sum(one.week.state == State.SKIPPED for one in weeks),
        "years": years,
        "gaps": sum(year.gap_count for year in years),
        "doubles": sum(_doubles(year) for year in years),
    }


def _archived() -> Iterator[Dated]:
    for issue in Issue.objects.filter(end_date__year__range=(_FIRST_YEAR, _last_year())).only(
        "title", "end_date"
    ):
        href = reverse("admin:archive_issue_change", args=[issue.pk])
        yield Dated(issue.end_date, f"{issue.title}，已在文库", href, "archived")


def _waiting(weeks: Sequence[Assessed]) -> Iterator[Dated]:
    for place, one in enumerate(weeks):
        week, end = one.week, one.week.end_date
        if week.state in (State.READ, State.ACCEPTED) and end and _FIRST_YEAR <= end.year <= _last_year():
            href = f"?page={place // PER_PAGE + 1}#w{week.pk}"
            yield Dated(end, f"{week.title}，{week.file.path}", href, "doubtful" if one.doubts else "clean")


def _last_year() -> int:
    return timezone.localdate().year + 1


def _doubles(year: Year[Dated]) -> int:
    weeks: Iterable[Any] = (week for row in year.calendar for week in row if week)
    return sum(len(week.issues) > 1 for week in weeks)
