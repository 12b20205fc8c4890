"""Counts by week as a CSV file that Excel opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from archive.timeline import Timeline

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def weekly_csv(
    timeline: Timeline, articles: Sequence[int], series: Iterable[tuple[str, Sequence[int]]]
) -> list[list[object]]:
    """Returns the rows of a file: for each week of `timeline` its days, all `articles`, and the number of each series.

    A series is its name and its counts. The first row has the names.
    """
    named = list(series)
    rows: list[list[object]] = [["周", "从", "到", "全部文章", *(name for name, _ in named)]]
    for place, period in enumerate(timeline.periods):
        year, week, _ = period.first.isocalendar()
        counts = [values[place] for _, values in named]
        rows.append([f"{year}-W{week:02}", period.first, period.last, articles[place], *counts])
    return rows


def csv_response(filename: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Returns `rows` as a file to save; text that Excel would take for a formula is text."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([[harmless(cell) for cell in row] for row in rows])
    # With its mark, without which Excel takes UTF-8 for something else.
    response = HttpResponse(stream.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def harmless(cell: object) -> object:
    """Returns a cell that no program takes for a formula.

    >>> harmless("=1+1"), harmless("HBM"), harmless(-3)
    ("'=1+1", 'HBM', -3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell
