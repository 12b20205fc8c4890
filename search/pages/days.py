"""The part of the filters that asks for a range of days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from search.pages.links import Link, url_of
from search.results.facets import Counted
from search.results.request import SearchRequest


@dataclass(frozen=True)
class DaysPanel:
    """A form from a first to a last day, which keeps everything else, and ranges that a click asks for."""

    since: str
    until: str
    kept: list[tuple[str, str]]
    """The other parameters, as hidden fields."""
    quick: list[Link]

    @classmethod
    def of(cls, asked: SearchRequest, found: Counted, today: dt.date | None = None) -> DaysPanel:
        """Makes it for an answer. `today` (the server's, when None) is what 今年 is counted from."""
        rest = replace(asked, since=None, until=None, page=1)
        return cls(
            str(asked.since or ""),
            str(asked.until or ""),
            [*rest.parameters()],
            _quick(asked, found, today or dt.date.today()),
        )


def _quick(asked: SearchRequest, found: Counted, today: dt.date) -> list[Link]:
    """Ranges counted from today, each with its number of results: none that finds nothing, or everything.

    Only where no other date is set: the counts of months tell how many they find.
    """
    if asked.year or asked.month or asked.since or asked.until:
        return []
    months = dict(found.within.get("month", []))
    begins = today.replace(day=1)
    two_before = begins.year * 12 + begins.month - 1 - 2
    since = dt.date(two_before // 12, two_before % 12 + 1, 1)
    ranges = [
        (
            "最近三个月",
            replace(asked, since=since, page=1),
            sum(number for month, number in months.items() if month >= f"{since:%Y-%m}"),
        ),
        (
            "今年",
            asked.adding("year", today.year),
            sum(number for month, number in months.items() if month.startswith(f"{today.year:04}-")),
        ),
    ]
    return [Link(label, url_of(there), number) for label, there, number in ranges if 0 < number < found.total]
