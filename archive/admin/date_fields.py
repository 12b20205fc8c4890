"""Fields for days and moments that take what people write: `2025.9.1`, `July 7-11, 2025`, `9月1日—5日`."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils import timezone

from archive.parsing import parse_dates
from archive.parsing.dates import DateRange, find_days, find_full_dates
from archive.parsing.text import fold

_AROUND = re.compile(r"[\s()\[\].,:;年日号]|星期.|周.|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}")
_TIME = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上)?\s?(?<!\d)(?P<hour>[01]?\d|2[0-4])"
    r"(?::(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?|\s?[点时](?:\s?(?P<spoken>[0-5]?\d)\s?分?|(?P<thirty>半))?|(?=\s?[ap]\.?m))"
    r"(?:\s?(?P<meridiem>[ap])\.?m\.?)?(?!\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?")
_EXAMPLE = "例如 2025-09-01、2025年9月1日"


def read_days(text: str, near: dt.date) -> tuple[dt.date, dt.date] | None:
    """Returns the first and the last day that `text` names, and nothing beside them; None when it names none.

    Without a year it is the one that brings the first day closest to `near`.

    >>> near = dt.date(2025, 12, 30)
    >>> read_days("2025.9.1", near) == (dt.date(2025, 9, 1), dt.date(2025, 9, 1))
    True
    >>> read_days("1月2日—5日", near) == (dt.date(2026, 1, 2), dt.date(2026, 1, 5))
    True
    """
    years = (
        None,
        near.year,
        *(year for year in (near.year - 1, near.year + 1) if dt.MINYEAR <= year <= dt.MAXYEAR),
    )
    read = [found for year in years for found in (_read(text, year),) if found]
    return min(read, key=lambda days: abs(days[0] - near), default=None)


def _read(text: str, year: int | None) -> tuple[dt.date, dt.date] | None:
    found: DateRange | None = parse_dates(text, year) or next(find_days(text, year), None)
    if found is None or found.start is None or found.end is None or found.end < found.start:
        return None
    around = fold(text[: found.begins] + text[found.ends :])
    return None if _AROUND.sub("", around) else (found.start, found.end)


class DayField(forms.DateField):
    """A day, in any of the writings in which the importer reads one. Of a range it takes the first day.

    `near` tells which year is meant where none is written. `end` and `preset` are for `WeekDatesMixin`.
    """

    is_end = False
    near: dt.date | None = None
    preset: dt.date | None = None
    """What it is when nothing is written into it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", AdminDateWidget(format="%Y-%m-%d"))
        super().__init__(**options)

    def to_python(self, value: Any) -> dt.date | None:
        text = value.strip() if isinstance(value, str) else value
        if text in self.empty_values and self.preset:
            return self.preset
        if not isinstance(text, str) or not text:
            return super().to_python(text)
        days = read_days(text, self.near or timezone.localdate())
        if days is None:
            raise ValidationError(
                f"没有读出“{text[:40]}”是哪一天。请写成年月日，{_EXAMPLE}。", code="invalid"
            )
        return days[self.is_end]


class EndDayField(DayField):
    """As `DayField`; of a range it takes the last day."""

    is_end = True


class WeekDatesMixin:
    """For a form with `start_date` and `end_date`: a range written into the first fills both.

    A day without a year is near the other one that has it, else near `near`, what was stored, else near today.
    """

    fields: dict[str, forms.Field]
    data: Any
    cleaned_data: dict[str, Any]
    near: dt.date | None = None

    def full_clean(self) -> None:
        start, end = (str(self.data.get(self.add_prefix(name), "")) for name in ("start_date", "end_date"))  # type: ignore[attr-defined]
        near = next(
            (day for text in (start, end) for day in find_full_dates(text)), self.near or timezone.localdate()
        )
        first, last = (cast(DayField, self.fields[name]) for name in ("start_date", "end_date"))
        first.near = last.near = near
        days = read_days(start, near)
        last.preset = days[1] if days and days[0] < days[1] else None
        super().full_clean()  # type: ignore[misc]


class MomentField(forms.DateTimeField):
    """A day and a time in the site's time zone: `2025-09-05 18:00`, `9月5日 18点半`, `Sep 5, 2025 6:00 pm`.

    Without a year it is the next such day.
    """

    widget = forms.DateTimeInput(
        format="%Y-%m-%d %H:%M",
        attrs={
            "size": 22,
            "autocomplete": "off",
            "data-picker": "datetime-local",
            "placeholder": "2025-09-05 18:00",
        },
    )

    def to_python(self, value: Any) -> dt.datetime | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        if _ISO.fullmatch(value.strip()):
            return super().to_python(value)
        return super().to_python(self._read(value.strip()))

    def _read(self, text: str) -> dt.datetime:
        folded = fold(text).replace("點", "点").replace("時", "时")
        times = [
            found for found in _TIME.finditer(folded) if ":" in found[0] or not found[0].strip().isdigit()
        ]
        time = _time(times[0]) if len(times) == 1 else None
        day = _next_day(folded[: times[0].start()] + " " + folded[times[0].end() :]) if times else None
        if day is None or time is None:
            raise ValidationError(
                f"没有读出“{text[:40]}”是什么时候。请写上日期和时间，例如 2025-09-05 18:00。", code="invalid"
            )
        return dt.datetime.combine(day, time)


def _next_day(text: str) -> dt.date | None:
    """The single day that `text` names; without a year the next one, today included."""
    today = timezone.localdate()
    days = _read(text, None) or next(
        (
            found
            for year in (today.year, today.year + 1)
            if (found := _read(text, year)) and found[0] >= today
        ),
        None,
    )
    return days[0] if days and days[0] == days[1] else None


def _time(found: re.Match[str]) -> dt.time | None:
    hour, minute = (
        int(found["hour"]),
        int(found["minute"] or found["spoken"] or (30 if found["thirty"] else 0)),
    )
    is_afternoon = found["half"] in ("下午", "晚上") or (found["half"] == "中午" and hour < 6)
    meridiem = (found["meridiem"] or ("p" if is_afternoon else "")).lower()
    if meridiem == "p" and hour < 12:
        hour += 12
    elif meridiem == "a" and hour == 12:
        hour = 0
    return dt.time(hour, minute) if hour < 24 else None
