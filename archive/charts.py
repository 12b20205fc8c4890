"""Draws charts of counts over time as SVG: computes the coordinates; the template archive/_chart.html has the shapes.

Shapes have classes, and static/css/charts.css colours them, so a chart needs no inline style or script and follows the
reader's light or dark mode. Each period is a link as high as the chart, because a point is too small to click.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

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
MOST_LABELS = 5
"""Labels at the time axis; more of them would overlap on a phone."""
MOST_STEPS = 5
MOST_DOTS = 15
"""Dots on a line; more of them would hide it, and take more bytes than the rest of the chart."""


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
        drawn.append((list(_paths(points)), [point for place in _dotted(values) if (point := points[place])]))
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


def _dotted(values: Values) -> Iterator[int]:
    """Yields the places of a line's dots: MOST_DOTS at even distances, and each point between two gaps."""
    step = -(-len(values) // MOST_DOTS)
    padded = [None, *values, None]
    for place, value in enumerate(values):
        is_alone = padded[place] is None and padded[place + 2] is None
        if value and (place % step == 0 or is_alone):
            yield place


def _render(
    plot: _Plot, columns: Sequence[Column], middles: Sequence[float], step: float, **drawn: Any
) -> SafeString:
    every = -(-len(columns) // MOST_LABELS)
    areas = []
    for place, (column, middle) in enumerate(zip(columns, middles, strict=True)):
        left, right = max(middle - step / 2, 0), min(middle + step / 2, plot.width)
        label = column.label if place % every == every // 2 else ""
        areas.append((column, _short(left), _short(right - left), _short(middle), label))
    scale = [(str(number), _short(plot.y(number)), _short(plot.y(number) + 4.9)) for number in plot.ticks]
    chart = {
        "left": _short(plot.left),
        "width": _short(plot.width),
        "height": str(PLOT_HEIGHT),
        "scale": scale,
    }
    return render_to_string("archive/_chart.html", chart | {"areas": areas} | drawn)


_short = "{:.4g}".format
"""Rounds to four digits: a chart has hundreds of numbers, and each byte counts."""
