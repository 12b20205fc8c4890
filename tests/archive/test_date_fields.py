"""The ways in which editors write days and moments into forms, and what is read."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from archive.admin.date_fields import DayField, EndDayField, MomentField, WeekDatesMixin, read_days
from archive.admin.states import sent_issue

NEAR = dt.date(2025, 9, 20)


class WeekForm(WeekDatesMixin, forms.Form):
    start_date = DayField()
    end_date = EndDayField()
    near = NEAR


def filled(start: str, end: str = "") -> tuple[str, str] | dict[str, list[str]]:
    form = WeekForm({"start_date": start, "end_date": end})
    if not form.is_valid():
        return dict(form.errors)
    return str(form.cleaned_data["start_date"]), str(form.cleaned_data["end_date"])


def test_a_day_is_shown_as_the_hints_write_it() -> None:
    field = WeekForm(initial={"start_date": dt.date(2025, 9, 1)})["start_date"]
    assert 'value="2025-09-01"' in str(field)


@pytest.mark.parametrize(
    "text",
    ["2025.9.1", "2025年9月1日", "2025/9/1", "2025-09-01", "20250901", "Sep 1, 2025", "1 September 2025", " ９月１日 ",
     "2025年9月1日（周一）", "9.1", "2025 年 9 月 1 号"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    field = DayField()
    field.near = NEAR
    assert field.clean(text) == dt.date(2025, 9, 1)


@pytest.mark.parametrize(
    "text", ["昨天", "2025年9月", "2025.2.30", "第9期 2025.9.1", "2025.9.5-2025.9.1", "9", "1e9"]
)
def test_what_is_no_day_is_named_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DayField().clean(text)
    assert f"没有读出“{text}”" in refused.value.messages[0]
    assert "2025-09-01" in refused.value.messages[0]


@pytest.mark.parametrize(
    "text", ["9月1日—5日", "2025年9月1日至5日", "Sep 1-5, 2025", "2025.9.1-9.5", "2025/9/1 - 2025/9/5"]
)
def test_a_range_in_the_first_line_fills_both(text: str) -> None:
    assert filled(text) == ("2025-09-01", "2025-09-05")
    assert filled(text, text) == ("2025-09-01", "2025-09-05")
    assert filled(text, "9月6日") == ("2025-09-01", "2025-09-06")


def test_a_single_day_in_the_first_line_does_not_fill_the_second() -> None:
    assert "end_date" in filled("2025.9.1")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2019年9月1日", "9月5日", ("2019-09-01", "2019-09-05")),
        ("9月1日", "2019.9.5", ("2019-09-01", "2019-09-05")),
        ("2025.12.29", "1月2日", ("2025-12-29", "2026-01-02")),
        ("1月2日", "1月3日", ("2026-01-02", "2026-01-03")),
        ("9月1日", "9月5日", ("2025-09-01", "2025-09-05")),
    ],
)
def test_a_year_that_is_not_written_is_that_of_the_other_day_or_of_what_was_stored(
    start: str, end: str, expected: tuple[str, str]
) -> None:
    assert filled(start, end) == expected


@pytest.mark.parametrize(
    "text",
    ["2099-09-05 18:30", "2099-09-05T18:30", "2099年9月5日 18:30", "2099.9.5 18：30", "2099年9月5日 下午6点半",
     "2099/9/5 18点30分", "Sep 5, 2099 6:30 pm", "18:30 2099-09-05", "2099年9月5日（周六）18:30"],
)  # fmt: skip
def test_a_moment_is_read_however_it_is_written(text: str) -> None:
    assert timezone.localtime(MomentField().clean(text)).isoformat() == "2099-09-05T18:30:00+08:00"


def test_a_moment_without_a_year_is_the_next_such_day() -> None:
    tomorrow, yesterday = (timezone.localdate() + dt.timedelta(days=days) for days in (1, -1))
    for day in (tomorrow, yesterday):
        if (day.month, day.day) == (2, 29):
            continue
        read = timezone.localtime(MomentField().clean(f"{day.month}月{day.day}日 8点"))
        assert (read.month, read.day, read.hour) == (day.month, day.day, 8)
        assert timezone.localdate() <= read.date() <= timezone.localdate() + dt.timedelta(days=366)


@pytest.mark.parametrize(
    "text", ["明天", "2099-09-05", "18:30", "2099.9.1-9.5 18:30", "2099-09-05 25:00", "9 月 8:00 9:00"]
)
def test_a_moment_that_is_not_whole_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValidationError, match="没有读出"):
        MomentField().clean(text)


def test_what_was_sent_compares_as_it_will_be_stored() -> None:
    sent = sent_issue(QueryDict("start_date=2025.9.1&end_date=2025年9月5日"))
    assert (sent.fields["start_date"], sent.fields["end_date"]) == ("2025-09-01", "2025-09-05")
    assert sent_issue(QueryDict("start_date=昨天")).fields["start_date"] == "昨天"


@given(st.text(max_size=30) | st.text(alphabet="0123456789年月日.-/:点 时半上下午", max_size=30))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    read_days(text, NEAR)
    for field in (DayField(), EndDayField(), MomentField()):
        with contextlib.suppress(ValidationError):
            field.clean(text)
