"""Draws charts of counts over time as SVG: computes the coordinates; the template archive/_chart.html has the shapes.

Shapes have classes, and static/css/charts.css colours them, so a chart needs no inline style or script and follows the
reader's light or dark mode. Each period is a link as high as the chart, because a point is too small to click.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

WIDTH = 720
"""In SVG units; the page scales a chart to the width that it has."""
PLOT_HEIGHT = 278
"""Of 320; the rest is for the labels of the periods."""
MARGIN = 6
LEAST_LEFT, DIGIT_WIDTH = 36, 8.4
"""The numbers of the scale are left of the plot."""
INSET_X, INSET_Y = 13, 5.3
"""The space between the plot's edges and its first period or highest number."""
BAR_SHARE = 0.775
"""The share of a period's width that its bar takes."""
PHONE_LETTER, DIGIT_SHARE = 26, 0.58
"""The size of letters on a phone (static/css/charts.css), and the share of it that a digit is wide."""
LABEL_GAP = 14
"""Between two labels of the time axis."""
MOST_STEPS = 5
ROOM_FOR_A_DOT = 20
"""Where points stand closer, their dots are small, and all of them are full."""


class Column(NamedTuple):
    """One period of a chart: its label, its tooltip, its link."""

    label: str
    title: str
    url: str


Values = Sequence[int | None]
"""A number for each column; None where there was nothing to count."""
Points = list[tuple[str, str]]


def bars(columns: Sequence[Column], values: Values) -> SafeString:
    """Returns a chart of one series, a bar for each column."""
    plot = _Plot.of([values])
    step = (plot.width - 2 * INSET_X) / len(columns)
    middles = [INSET_X + step * (place + 0.5) for place in range(len(columns))]
    drawn = [
        (_short(middle - step * BAR_SHARE / 2), _short(plot.y(value)), _short(plot.y(0) - plot.y(value)))
        for middle, value in zip(middles, values, strict=True)
        if value
    ]
    return _render(plot, columns, middles, step, bars=drawn, bar_width=_short(step * BAR_SHARE))


def lines(columns: Sequence[Column], series: Sequence[Values]) -> SafeString:
    """Returns a chart of several series, each a line of its own class `color-0`, `color-1`, …"""
    plot = _Plot.of(series)
    step = (plot.width - 2 * INSET_X) / max(len(columns) - 1, 1)
    middles = [INSET_X + step * place for place in range(len(columns))] if columns[1:] else [plot.width / 2]
    drawn = []
    for values in series:
        points = [
            None if value is None else (_short(middle), _short(plot.y(value)))
            for middle, value in zip(middles, values, strict=True)
        ]
        drawn.append((list(_paths(points)), _dots(points)))
    return _render(plot, columns, middles, step, lines=drawn)


class _Plot(NamedTuple):
    """The area in which the counts are drawn: the numbers of its scale, its left edge, its width."""

    ticks: list[int]
    left: float
    width: float

    @classmethod
    def of(cls, series: Sequence[Values]) -> _Plot:
        ticks = _ticks(max((value or 0 for values in series for value in values), default=0))
        left = max(LEAST_LEFT, 21.6 + DIGIT_WIDTH * len(str(ticks[-1])))
        return cls(ticks, left, WIDTH - left - MARGIN)

    def y(self, value: int) -> float:
        return PLOT_HEIGHT - INSET_Y - value / self.ticks[-1] * (PLOT_HEIGHT - 2 * INSET_Y)


def _ticks(highest: int) -> list[int]:
    """Returns the numbers of the scale: whole, evenly spaced, from 0 to `highest` or just above.

    >>> _ticks(0), _ticks(3), _ticks(17)
    ([0, 1], [0, 1, 2, 3], [0, 5, 10, 15, 20])
    """
    step = next(
        base * 10**power
        for power in range(12)
        for base in (1, 2, 5)
        if base * 10**power * MOST_STEPS >= highest
    )
    return list(range(0, max(highest, 1) + step, step))[: max(-(-highest // step), 1) + 1]


def _paths(points: Sequence[tuple[str, str] | None]) -> Iterator[str]:
    """Yields the `d` of each part of a line; a missing point interrupts it."""
    stretch: Points = []
    for point in [*points, None]:
        if point:
            stretch.append(point)
        else:
            if len(stretch) > 1:
                yield "M" + "L".join(map(" ".join, stretch))
            stretch = []


def _dots(points: Sequence[tuple[str, str] | None]) -> str:
    """Returns the `d` of a line's dots, one for each value: strokes without a length, whose ends are round.

    >>> _dots([("13", "20.1"), None, ("40", "9")])
    'M13 20.1h0M40 9h0'
    """
    return "".join(f"M{x} {y}h0" for x, y in filter(None, points))


def labelled(labels: Sequence[str], middles: Sequence[float], left: float, width: float) -> list[int]:
    """Returns which labels of the time axis are shown: as many as there is room for on a phone, at even distances.

    `middles` are where they stand, `left` and `width` the plot's margin and width. A period without a label (a quarter
    that is not the first of its year) is none of them.

    >>> labelled(["1月", "2月", "3月"], [20, 30, 300], left=36, width=678)
    [0, 2]
    """
    named = [place for place, label in enumerate(labels) if label]
    ends = {
        place: (middles[place] - width_of(labels[place]) / 2, middles[place] + width_of(labels[place]) / 2)
        for place in named
    }
    for every in range(1, len(named) + 1):
        most_first = sorted(
            range(every), key=lambda place: (-len(named[place::every]), abs(place - every // 2))
        )
        for first in most_first:
            shown = named[first::every]
            is_inside = ends[shown[0]][0] >= -left and ends[shown[-1]][1] <= width + MARGIN
            if is_inside and all(
                ends[one][1] + LABEL_GAP <= ends[other][0] for one, other in pairwise(shown)
            ):
                return shown
    return []


def width_of(label: str) -> float:
    """Returns how wide a label is in the larger letters of a phone, in SVG units."""
    return sum(PHONE_LETTER * (DIGIT_SHARE if letter.isascii() else 1) for letter in label)


def _render(
    plot: _Plot, columns: Sequence[Column], middles: Sequence[float], step: float, **drawn: Any
) -> SafeString:
    shown = set(labelled([column.label for column in columns], middles, plot.left, plot.width))
    # Without a template: there are a hundred of them.
    areas = []
    for place, (column, middle) in enumerate(zip(columns, middles, strict=True)):
        left, right = max(middle - step / 2, 0), min(middle + step / 2, plot.width)
        areas.append(
            f'<a href="{escape(column.url)}" tabindex="-1"><rect x="{_short(left)}" '
            f'width="{_short(right - left)}" height="{PLOT_HEIGHT}"><title>{escape(column.title)}</title></rect></a>'
        )
        if place in shown:
            areas.append(f'<text class="period" x="{_short(middle)}" y="295">{escape(column.label)}</text>')
    scale = [(str(number), _short(plot.y(number)), _short(plot.y(number) + 4.9)) for number in plot.ticks]
    chart = {
        "left": _short(plot.left),
        "width": _short(plot.width),
        "scale": scale,
        "is_crowded": step < ROOM_FOR_A_DOT,
    }
    links = mark_safe("".join(areas))  # noqa: S308 - each is escaped
    return render_to_string("archive/_chart.html", chart | {"areas": links} | drawn)


def _short(number: float) -> str:
    """Rounds to a tenth of a pixel: a chart has hundreds of numbers, and each byte counts.

    >>> _short(12.54), _short(278.0), _short(0.04)
    ('12.5', '278', '0')
    """
    return f"{number:.1f}".removesuffix(".0")
