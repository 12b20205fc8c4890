"""Charts of counts over time as SVG, drawn by pygal.

pygal draws for pages of its own: with a style sheet, a script, and three descriptions beside every point. Here
they go; what stays is shapes with classes (static/css/charts.css gives them their ink), so that a chart needs
no inline style or script, follows the reader's light or dark, and is less than half as large. What it adds is a
link over each period, as high as the chart: a point is too small to be pointed at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe
from pygal import Bar, Line
from pygal.style import Style

# It adds a finder of plug-ins that Python 3.12 no longer asks, and of which 3.11 warns at every import that fails.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

WIDTH, HEIGHT = 720, 320
"""The units that a chart is drawn in; it is shown as wide as its place."""
MOST_LABELS = 5
"""At the axis of time: more would run into each other on a phone."""
MOST_STEPS = 5
MOST_DOTS = 15
"""On a line: more would hide it, and weigh more than all the rest of the chart."""
_DECIMALS = re.compile(r"(\.\d)\d+|\.0+(?!\d)")
_NUMBERS = ("d", "x", "y", "cx", "cy", "width", "height", "transform")
_LEFT_OUT = ("defs", "title", "desc")
_OVERLAYS = {"text-overlay", "tooltip-overlay", "titles"}
_CONFIG = {
    "width": WIDTH,
    "height": HEIGHT,
    "margin": 6,
    "margin_left": 12,
    "margin_bottom": 12,
    "show_legend": False,
    "show_x_guides": True,
    "include_x_axis": True,
    "allow_interruptions": True,
    "truncate_label": -1,
    "dots_size": 3,
    "css": (),
    "js": (),
    "no_prefix": True,
    "disable_xml_declaration": True,
    "style": Style(label_font_size=14, major_label_font_size=14),
}


class Column(NamedTuple):
    """One period of a chart: what stands below it, what it says when pointed at, where it leads."""

    label: str
    title: str
    url: str


Values = Sequence[int | None]
"""One number for each column; None where nothing could be counted."""


def bars(columns: Sequence[Column], values: Values) -> SafeString:
    """Returns a chart of one series, a bar for each column."""
    return _drawn(Bar, columns, [values])


def lines(columns: Sequence[Column], series: Sequence[Values]) -> SafeString:
    """Returns a chart of several series, each a line of its own class `color-0`, `color-1`, …"""
    return _drawn(Line, columns, series)


def _drawn(kind: type[Line | Bar], columns: Sequence[Column], series: Sequence[Values]) -> SafeString:
    highest = max((value or 0 for values in series for value in values), default=0)
    chart = kind(**_CONFIG, y_labels=_ticks(highest))
    chart.x_labels = [str(number) for number in range(len(columns))]
    for number, values in enumerate(series):
        chart.add(str(number), list(values))
    root = ElementTree.fromstring(chart.render(is_unicode=True))  # noqa: S314 - pygal made it
    _shorten(root)
    if kind is Line:
        _thin_out(root, series)
    _link(root, columns)
    # Safe: ElementTree escapes every attribute and text.
    return mark_safe(ElementTree.tostring(root, encoding="unicode"))  # noqa: S308


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


def _shorten(root: ElementTree.Element) -> None:
    """Takes out what only pygal's own script and style need, marks of nothing, and digits that nobody sees."""
    for parent in list(root.iter()):
        parent.tag = parent.tag.rpartition("}")[2]
        for child in list(parent):
            if child.tag.rpartition("}")[2] in _LEFT_OUT or _is_overlay(child) or _is_of_nothing(child):
                parent.remove(child)
    for series in [group for group in root.iter("g") if group.get("class", "").startswith("series")]:
        _unwrap(series)
    for element in root.iter():
        for name in _NUMBERS:
            if name in element.attrib:
                element.set(name, _DECIMALS.sub(r"\1", element.attrib[name]))
        for name in ("rx", "ry", "id"):
            element.attrib.pop(name, None)
        if "reactive" in element.get("class", ""):
            element.set("class", element.get("class", "").split()[0])
    root.set("class", "chart")


def _thin_out(root: ElementTree.Element, series: Sequence[Values]) -> None:
    """Takes dots off long lines, evenly; a point between two gaps, which has no line, keeps its dot."""
    step = -(-max(map(len, series)) // MOST_DOTS)
    for number, values in enumerate(series):
        padded = [None, *values, None]
        alone = {place for place in range(len(values)) if padded[place] is None and padded[place + 2] is None}
        group = root.find(f".//g[@class='series serie-{number} color-{number}']/circle/..")
        if group is None:
            continue
        drawn = [place for place, value in enumerate(values) if value]  # of nothing there is no dot
        for place, dot in zip(drawn, list(group.iter("circle")), strict=True):
            if place % step and place not in alone:
                group.remove(dot)


def _unwrap(series: ElementTree.Element) -> None:
    """Takes points and bars out of the groups that only held their descriptions."""
    for group in [child for child in series if child.tag == "g"]:
        series.remove(group)
        series.extend(mark for mark in group.iter() if mark.tag in ("circle", "rect"))


def _is_overlay(element: ElementTree.Element) -> bool:
    return not _OVERLAYS.isdisjoint(element.get("class", "").split())


def _is_of_nothing(element: ElementTree.Element) -> bool:
    """Whether it is the point or the bar of a count of 0."""
    return any(child.get("class") == "value" and child.text == "0" for child in element)


def _link(root: ElementTree.Element, columns: Sequence[Column]) -> None:
    """Makes the guide of each column a link over all of its width, and keeps few of the labels."""
    guides = [
        guide
        for axis in root.iter("g")
        if axis.get("class", "").startswith("axis x")
        for guide in axis
        if guide.get("class") == "guides"
    ]
    plot = next(element for element in root.iter("g") if element.get("class") == "plot")
    ground = next(element for element in plot if element.tag == "rect")
    width = float(ground.get("width", "0")) / len(columns)
    step = -(-len(columns) // MOST_LABELS)
    for number, (guide, column) in enumerate(zip(guides, columns, strict=True)):
        label = next(element for element in guide if element.tag == "text")
        middle = float(label.get("x", "0"))
        for element in list(guide):
            guide.remove(element)
        # Not for the keyboard: the table below has the same links.
        link = ElementTree.SubElement(guide, "a", {"href": column.url, "tabindex": "-1"})
        left, right = max(middle - width / 2, 0), min(middle + width / 2, width * len(columns))
        area = {"x": f"{left:.1f}", "width": f"{right - left:.1f}"}
        area |= {"height": ground.get("height", "0"), "class": "column"}
        ElementTree.SubElement(ElementTree.SubElement(link, "rect", area), "title").text = column.title
        if number % step != step // 2:
            guide.attrib.clear()
        else:
            label.text = column.label
            label.attrib.pop("class", None)
            guide.append(label)
