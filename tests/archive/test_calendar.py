"""The archive by years, months and weeks."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from archive.calendar import Week, Year, years_of
from archive.models import Issue
from tests.conftest import WeekMaker

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31))


def issues(*days: dt.date) -> list[Issue]:
    made = [
        Issue(title="刊", slug=str(day), start_date=day, end_date=day) for day in sorted(days, reverse=True)
    ]
    for issue in made:
        issue.article_count = 3  # type: ignore[attr-defined]
    return made


def weeks_of(year: Year) -> list[Week]:
    columns = zip(*year.calendar, strict=True)
    return [week for month in columns for week in month if week]


@given(st.sets(DAYS, min_size=1, max_size=30))
def test_every_issue_is_in_one_week_and_in_one_month(days: set[dt.date]) -> None:
    years = years_of(issues(*days))
    in_months = [issue.end_date for year in years for month in year.months for issue in month.issues]
    in_weeks = [issue.end_date for year in years for week in weeks_of(year) for issue in week.issues]
    assert sorted(in_months) == sorted(days)
    fridays_shown = {week.friday for year in years for week in weeks_of(year)}
    # The first and last days of a year can lie in a week of a year that has no issue of its own.
    assert set(in_weeks) <= days
    assert all(day.month in (1, 12) for day in days - set(in_weeks))
    assert len(in_weeks) == len(set(in_weeks))
    assert all(a.isoformat() < b.isoformat() for a, b in pairwise(sorted(fridays_shown)))
    assert sum(year.article_count for year in years) == 3 * len(days)


@given(st.sets(DAYS, min_size=2, max_size=10))
def test_gaps_are_the_weeks_without_an_issue_between_the_first_and_the_last(days: set[dt.date]) -> None:
    for year in years_of(issues(*days)):
        for week in weeks_of(year):
            monday, sunday = week.friday - dt.timedelta(days=4), week.friday + dt.timedelta(days=2)
            is_held = any(monday <= day <= sunday for day in days)
            assert bool(week.issues) == is_held
            assert week.is_gap == (not is_held and min(days) < monday and sunday < max(days))


def test_the_page_counts_and_shows_gaps(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": "", "乙": ""}, end_date="2025-03-07")
    make_issue({"丙": ""}, end_date="2025-03-28")
    make_issue({"秘": ""}, end_date="2025-03-14", status=Issue.Status.DRAFT)
    page = client.get("/issues/").content.decode()
    assert "2 期 · 3 篇 · 有 2 周没有周报" in page
    assert 'aria-label="3月7日，2 篇"' in page
    assert page.count("这一周没有") == 2
    assert "3月14日这一周没有" in page


@pytest.mark.parametrize("year", range(2019, 2027))
def test_a_calendar_has_all_weeks_of_the_year_once(year: int) -> None:
    found = weeks_of(years_of(issues(dt.date(year, 6, 1)))[0])
    fridays = [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    assert [week.friday for week in found] == [
        day for day in fridays if day.weekday() == 4 and day.year == year
    ]


def test_the_list_shows_the_newest_years_and_leads_to_the_others(
    client: Client, make_issue: WeekMaker
) -> None:
    for year in (2021, 2023):
        make_issue({"甲": "文"}, end_date=f"{year}-03-05")
    newest = [dt.date(2025, 1, 3) + dt.timedelta(weeks=week) for week in range(59)]  # until February 2026
    made = issues(*newest)
    Issue.objects.bulk_create(made)
    Issue.objects.update(status=Issue.Status.PUBLISHED)
    page = client.get("/issues/")
    assert [year.number for year in page.context["list"].shown] == [2026, 2025, 2024, 2023, 2022]
    html = page.content.decode()
    assert 'href="#y2025"' in html
    assert 'href="/issues/2021/#y2021"' in html
    older = client.get("/issues/2023/")
    assert [year.number for year in older.context["list"].shown] == [2023]
    assert 'href="/issues/2025/#y2025"' in older.content.decode()
    assert '<link rel="canonical" href="http://testserver/issues/2023/">' in older.content.decode()
    assert client.get("/issues/2020/").status_code == 404
    assert 'href="/issues/2025/"' in client.get("/").content.decode()
