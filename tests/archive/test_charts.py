"""Charts are plain shapes with classes, and each period of them is a link."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from archive.charts import WIDTH, Column, Values, bars, lines, width_of
from archive.timeline import Timeline

Draw = Callable[[Sequence[Column], Values], str]


def columns(number: int) -> list[Column]:
    return [Column(f"{place}月", f"第{place}段 <&>", f"/search/?q=a&p={place}") for place in range(number)]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - ours


def dots(root: ElementTree.Element) -> list[tuple[float, float]]:
    """Where the dots of the lines stand."""
    drawn = [path.get("d", "") for path in root.iter("path") if path.get("class") == "dots"]
    return [(float(x), float(y)) for d in drawn for x, y in re.findall(r"M(\S+) ([\d.]+)h0", d)]


def test_each_period_is_a_link_that_says_what_it_holds() -> None:
    links = parsed(bars(columns(7), [1, 0, 2, None, 3, 0, 1])).findall(".//a")
    assert [link.get("href") for link in links] == [f"/search/?q=a&p={place}" for place in range(7)]
    assert [title.text for link in links for title in link.iter("title")] == [
        f"第{n}段 <&>" for n in range(7)
    ]


@pytest.mark.parametrize("values", [[0], [None], [3], [0] * 60, [None, 3, None, 5, None], [10**6, 1]])
def test_any_counts_can_be_drawn_without_inline_style_or_script(values: Values) -> None:
    for svg in (bars(columns(len(values)), values), lines(columns(len(values)), [values, values])):
        root = parsed(svg)
        assert {"style", "script"}.isdisjoint(element.tag for element in root.iter())
        assert not any("style" in element.attrib or "id" in element.attrib for element in root.iter())
        assert len(root.findall(".//a")) == len(values)


def test_nothing_is_drawn_where_nothing_was_counted() -> None:
    values = [1, 0, None, 4]
    assert len(dots(parsed(lines(columns(4), [values])))) == 3
    assert (
        len([rect for rect in parsed(bars(columns(4), values)).iter("rect") if rect.get("class") == "rect"])
        == 2
    )


def test_a_line_stops_where_there_is_no_number_and_goes_on_behind_it() -> None:
    root = parsed(lines(columns(5), [[1, 2, None, 3, 4]]))
    assert len([path for path in root.iter("path") if path.get("class") == "line"]) == 2


@pytest.mark.parametrize("number", [1, 15, 60])
def test_every_value_has_a_dot_and_many_are_small(number: int) -> None:
    values: list[int | None] = [*range(number), None, 0]
    root = parsed(lines(columns(number + 2), [values]))
    assert len(dots(root)) == number + 1
    links = root.findall(".//a/rect")
    middles = [float(rect.get("x", "")) + float(rect.get("width", "")) / 2 for rect in links]
    for place in range(1, number):
        assert dots(root)[place][0] == pytest.approx(middles[place], abs=0.5)
    assert ("crowded" in root.get("class", "")) == (number == 60)


YEARS_OF_WEEKS = [1, 12, 26, 52, 60, 70, 120, 200, 261, 313, 520]


@pytest.mark.parametrize("weeks", YEARS_OF_WEEKS)
@pytest.mark.parametrize("day", ["2025-03-21", "2024-12-30", "2026-01-02", "2025-11-14"])
def test_labels_never_run_into_each_other_nor_out_of_the_chart_on_a_phone(weeks: int, day: str) -> None:
    last = dt.date.fromisoformat(day)
    periods = Timeline.over(last - dt.timedelta(weeks=weeks - 1), last).periods
    named = [Column(period.label, period.name, "#") for period in periods]
    for highest in (3, 10**6):
        root = parsed(bars(named, [highest] * len(named)))
        left = float(re.search(r"[\d.]+", root.find("g").get("transform", ""))[0])  # type: ignore[index, union-attr]
        shown = [text for text in root.iter("text") if text.get("class") == "period"]
        assert len(shown) >= min(len([one for one in named if one.label]), 2)
        flat = [
            float(text.get("x", "")) + sign * width_of(text.text or "") / 2
            for text in shown
            for sign in (-1, 1)
        ]
        assert flat == sorted(flat)
        assert flat[0] >= -left
        assert flat[-1] <= WIDTH - left


def test_the_scale_is_in_whole_numbers() -> None:
    root = parsed(bars(columns(60), [1] * 60))
    texts = [text.text or "" for text in root.iter("text")]
    assert [text for text in texts if not text.endswith("月")] == ["0", "1"]


def test_each_series_has_a_class_of_its_own() -> None:
    svg = lines(columns(3), [[number] * 3 for number in range(1, 6)])
    assert all(f"color-{number}" in svg for number in range(5))


def test_bars_stand_on_the_ground_and_are_as_high_as_their_counts() -> None:
    root = parsed(bars(columns(3), [2, 5, 10]))
    rects = [rect for rect in root.iter("rect") if rect.get("class") == "rect"]
    heights = [float(rect.get("height", "")) for rect in rects]
    assert heights == pytest.approx([heights[2] / 5, heights[2] / 2, heights[2]], rel=0.01)
    bottoms = [float(rect.get("y", "")) + height for rect, height in zip(rects, heights, strict=True)]
    assert bottoms == pytest.approx([bottoms[0]] * 3, abs=0.1)


@pytest.mark.parametrize("draw", [bars, lambda columns, values: lines(columns, [values, values])])
@pytest.mark.parametrize("number", [1, 2, 7, 60])
def test_the_links_of_the_periods_stand_side_by_side_in_the_plot(draw: Draw, number: int) -> None:
    areas = [
        (float(rect.get("x", "")), float(rect.get("width", "")))
        for rect in parsed(draw(columns(number), [1] * number)).findall(".//a/rect")
    ]
    for (left, width), (following, _) in pairwise(areas):
        assert left + width == pytest.approx(following, abs=0.2)
    assert areas[0][0] >= 0
    assert sum(areas[-1]) <= WIDTH
