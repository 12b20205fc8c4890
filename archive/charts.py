"""Charts of counts over time as SVG: where each shape stands. The template archive/_chart.html draws it.

Shapes have classes and static/css/charts.css gives them their ink, so that a chart needs no inline style or script and
follows the reader's light or dark. Each period is a link as high as the chart: a point is too small to be pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH = 720
"""The units that a chart is drawn in; it is shown as wide as its place."""
PLOT_HEIGHT = 278
"""Of 320: below stand the labels of the periods."""
MARGIN = 6
LEAST_LEFT, DIGIT_WIDTH = 36, 8.4
"""Left of the plot there is room for the numbers of the scale."""
INSET_X, INSET_Y = 13, 5.3
"""Between the plot's edges and its first period, its highest number."""
BAR_SHARE = 0.775
"""Of the width of a period, what its bar takes."""
MOST_LABELS = 5
"""At the axis of time: more would run into each other on a phone."""
MOST_STEPS = 5
MOST_DOTS = 15
"""On a line: more would hide it, and weigh more than all the rest of the chart."""


class Column(NamedTuple):
    """One period of a chart: what stands below it, what it says when pointed at, where it leads."""

    label: str
    title: str
    url: str


Values = Sequence[int | None]
"""One number for each column; None where nothing could be counted."""
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
    """The area in which the counts are drawn: numbers of its scale, how wide it is, how far from the left."""

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
    """Returns whole numbers from 0 to `highest` or somewhat above, few of them, evenly apart.

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
    """Yields the `d` of each stretch of a line; where there is no point, the line stops."""
    stretch: Points = []
    for point in [*points, None]:
        if point:
            stretch.append(point)
        else:
            if len(stretch) > 1:
                yield "M" + "L".join(map(" ".join, stretch))
            stretch = []


def _dotted(values: Values) -> Iterator[int]:
    """Yields the places of a line's dots: few of many, evenly, and each point between two gaps, which has no line."""
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
"""A number without the digits that nobody sees: there are hundreds in a chart."""
