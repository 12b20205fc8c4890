"""通读本期: all articles of an issue on a page, or on a few; nothing that is not published."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Issue
from archive.whole_week import MOST_BYTES, WeekForm, cut
from tests.conftest import WeekMaker
from tests.writing import update

LONG = "\n".join(["先进封装的产能仍然紧张，" * 12] * 20)


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    made = make_issue({"第一条": "甲段。\n乙段。", "第二条": "丙段。"})
    update([made], introduction="导语在此", sign_off="尾注在此")
    return made


@pytest.mark.parametrize(
    ("asked", "part"),
    [({}, None), ({"read": ""}, None), ({"read": "1"}, None), ({"part": "2"}, None), ({"read": "\0"}, None),
     ({"read": "all"}, 1), ({"read": "all", "part": "3"}, 3), ({"read": "all", "part": "-1"}, 1),
     ({"read": "all", "part": "x"}, 1), ({"read": "all", "part": "9" * 30}, 1)],
)  # fmt: skip
def test_an_address_asks_for_contents_or_for_a_part(asked: dict[str, str], part: int | None) -> None:
    assert WeekForm(asked).part_asked() == part


def test_the_issue_leads_to_all_of_its_text_on_one_page(client: Client, issue: Issue) -> None:
    contents = client.get(issue.get_absolute_url()).content.decode()
    assert "乙段" not in contents
    way = f"{issue.get_absolute_url()}?read=all"
    assert f'href="{way}"' in contents
    page = client.get(way).content.decode()
    said = ["导语在此", "第一条", "甲段。", "乙段。", "第二条", "丙段。", "尾注在此"]
    places = [page.rindex(words) for words in said]
    assert places == sorted(places)


def test_each_paragraph_has_a_place_of_its_own_and_leads_to_its_article(client: Client, issue: Issue) -> None:
    page = client.get(f"{issue.get_absolute_url()}?read=all").content.decode()
    places = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(places) == sorted(set(places))
    first, second = issue.articles.all()
    assert {f"a{first.pk}", f"a{first.pk}-p2", f"a{second.pk}-p1"} <= set(places)
    assert f'href="{first.get_absolute_url()}#p2"' in page
    assert set(re.findall(r'href="#(a[^"]+)"', page)) == {f"a{first.pk}", f"a{second.pk}"}


def test_a_long_week_is_read_in_parts_that_together_are_all_of_it(
    client: Client, make_issue: WeekMaker
) -> None:
    issue = make_issue({f"第{number}条": LONG for number in range(1, 31)})
    address, read, parts = f"{issue.get_absolute_url()}?read=all", [], 0
    while address:
        response = client.get(address)
        page = response.content.decode()
        assert len(response.content) < 150_000
        read += re.findall(r'data-place="(\d+)"', page)
        assert page.count('<li value="') == 2 * 30  # the contents, folded and beside, are of the whole
        parts += 1
        on = re.search(r'<a href="(\?|/issues/[^"#]+)[^"]*"\s+rel="next"><span class="way">下一页', page)
        address = on[1].replace("&amp;", "&") if on else ""
    assert parts > 1
    assert read == [str(number) for number in range(1, 31)]
    last = client.get(f"{issue.get_absolute_url()}?read=all&part=99").content.decode()
    assert f"这是第 {parts} 页" in last


def test_what_is_not_published_is_not_read(client: Client, issue: Issue) -> None:
    update([issue], status=Issue.Status.DRAFT)
    response = client.get(f"{issue.get_absolute_url()}?read=all")
    assert response.status_code == 404
    assert "甲段" not in response.content.decode()


def test_the_week_costs_no_query_for_each_article(
    client: Client, make_issue: WeekMaker, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    few = make_issue({"一条": "甲"}, end_date="2025-03-14")
    many = make_issue({f"第{number}条": f"第{number}段" for number in range(20)})
    with django_assert_max_num_queries(12) as spent:
        client.get(f"{few.get_absolute_url()}?read=all")
    with django_assert_max_num_queries(len(spent.captured_queries)):
        assert client.get(f"{many.get_absolute_url()}?read=all").content.count(b"week-article") >= 20


def test_parts_hold_every_article_once() -> None:
    weights = [30_000, 90_000, 200_000, 1, 1, MOST_BYTES]
    bounds = cut(weights, MOST_BYTES)
    assert [place for first, last in bounds for place in range(first, last)] == list(range(6))
    assert all(sum(weights[first:last]) <= MOST_BYTES or last - first == 1 for first, last in bounds)
