"""What is doubted of a week of a batch, by how it stands to its batch and the archive: tables of cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest

from archive.parsing import ParseWarning
from desk.batches.doubts import Known, assess, has_barrier, weight
from tests.growth import is_linear

TODAY = dt.date(2025, 6, 1)


@dataclass
class Week:
    pk: int
    start_date: dt.date | None
    end_date: dt.date | None
    title: str = "旧闻"
    articles: int = 10
    digest: str = ""
    problem: str = ""
    line: int | None = None
    warnings: list[ParseWarning] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.digest = self.digest or f"text {self.pk}"


def week(pk: int, number: int, **fields: object) -> Week:
    """The week with this number of 2021, from Monday to Friday."""
    monday = dt.date(2021, 1, 4) + dt.timedelta(weeks=number)
    return Week(pk, monday, monday + dt.timedelta(days=4), **fields)


def known(number: int, title: str = "旧闻") -> Known:
    one = week(0, number)
    return Known("已经在文库里", title, one.start_date, one.end_date, issue=7)


def codes(
    *weeks: Week, archived: list[Known] | None = None, accepted: list[Known] | None = None
) -> list[list[str]]:
    names = {one.pk: f"{one.pk}.txt" for one in weeks}
    found = assess(weeks, names, accepted or [], archived or [], TODAY)
    return [[doubt.code for doubt in found[one.pk]] for one in weeks]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ([week(1, 0), week(2, 1)], [[], []]),
        ([week(1, 0, digest="a"), week(2, 0, digest="a")], [[], ["copy"]]),
        ([week(1, 0), week(2, 0)], [["double"], ["double"]]),
        ([week(1, 0, digest="a"), week(2, 0, digest="b"), week(3, 0, digest="a")], [["double"], ["double"], ["copy"]]),
        ([week(1, 0), week(2, 0, title="另一份")], [["same-days"], ["same-days"]]),
        ([week(1, 0), Week(2, dt.date(2021, 1, 6), dt.date(2021, 1, 13))], [["overlap"], ["overlap"]]),
        ([week(1, 0), Week(2, dt.date(2021, 1, 6), dt.date(2021, 1, 13), title="另一份")], [[], []]),
        ([Week(1, dt.date(2025, 5, 30), dt.date(2025, 6, 2))], [["date-ahead"]]),
        ([Week(1, None, None, problem="没有日期。")], [["problem"]]),
        ([Week(1, dt.date(2021, 2, 1), dt.date(2021, 1, 1), problem="日期反了。")], [["problem"]]),
        ([week(1, 0, warnings=[ParseWarning(3, "number-missing", "缺少编号。")])], [["number-missing"]]),
        # Two thousand years: only its first weeks are compared.
        ([Week(1, dt.date(21, 1, 1), dt.date(2021, 1, 1)), week(2, 0)], [[], []]),
    ],
)  # fmt: skip
def test_weeks_of_a_batch(weeks: list[Week], expected: list[list[str]]) -> None:
    assert codes(*weeks) == expected


def test_weeks_and_the_archive() -> None:
    assert codes(week(1, 0), week(2, 1), week(3, 2), archived=[known(0), known(1, "另一份")]) == [
        ["archived"],
        ["same-days"],
        [],
    ]
    assert codes(week(1, 0), week(2, 0), accepted=[known(0)]) == [["archived", "double"][::-1]] * 2


def test_what_no_other_week_has() -> None:
    weeks = [*(week(pk, pk) for pk in range(1, 6)), week(6, 6, title="目录"), week(7, 7, articles=3)]
    assert codes(*weeks) == [[]] * 5 + [["title-unusual"], ["few-articles"]]
    assert codes(*weeks[4:]) == [[]] * 3  # three weeks are not enough to say what is usual


def test_barriers_and_weights() -> None:
    weeks = [week(1, 0, problem="标题太长。"), week(2, 1), week(3, 2), week(4, 2)]
    found = assess(weeks, {one.pk: "a" for one in weeks}, [], [known(1)], TODAY)
    assert [has_barrier(found[one.pk]) for one in weeks] == [True, True, False, False]
    assert weight(found[1]) > weight(found[3]) > weight(found[2]) > 0
    assert found[2][0].issue == 7


def test_the_parsers_words_for_what_is_wrong_are_said_once() -> None:
    one = Week(
        1,
        None,
        None,
        problem="没有日期。请点“到导入台改”。",
        warnings=[ParseWarning(None, "x", "没有日期。请写上。")],
    )
    assert codes(one) == [["problem"]]


def test_many_weeks_take_linear_time_also_when_all_are_the_same() -> None:
    def make(count: int) -> list[Week]:
        different = [week(pk, pk % 1000) for pk in range(count)]
        return [*different, *(week(count + pk, 0) for pk in range(count))]

    def look(weeks: list[Week]) -> None:
        assess(weeks, {one.pk: "a" for one in weeks}, [], [known(1)], TODAY)

    assert is_linear(look, make, of=250)


def test_few_of_many_are_named() -> None:
    weeks = [week(pk, 0) for pk in range(50)]
    found = assess(weeks, {one.pk: f"{one.pk}.txt" for one in weeks}, [], [], TODAY)
    assert found[0][0].message.startswith("同一期还有“1.txt”、“2.txt”、“3.txt” 等 49 份，")
    assert codes(*(week(pk, 0, title=f"刊{pk}") for pk in range(50)))[0] == ["same-days"] * 3
