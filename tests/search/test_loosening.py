"""What is offered where nothing answers: parts looked up alone, looser queries with their counts."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from search.pages.forms import SearchForm
from search.pages.links import suggestion_links
from search.query.parser import parse, parts
from search.results.request import SearchRequest
from search.results.zero_results import MAX_LOOSER, MAX_PARTS, Suggestions, suggest
from tests.conftest import WeekMaker

WORDS = [
    "台积电",
    "HBM3E",
    '"先进 封装"',
    "OR",
    "NOT",
    "-三星",
    "title:量产",
    'term:"台积电"',
    "上周",
    "“",
    '"',
    "，",
    "(",
    "-",
]


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_parts_of_a_query_together_are_the_query(words: list[str]) -> None:
    text = " ".join(words)
    assert parse(" ".join(parts(parse(text).text))).tree == parse(text).tree


def advice_on(q: str) -> Suggestions:
    return suggest(parse(q), SearchRequest(q))


def links_of(q: str, **parameters: str) -> list[dict[str, list[str]]]:
    """Where the looser queries lead from a page with these parameters."""
    asked = SearchForm({"q": q, **parameters}).search_request()
    looser = suggest(parse(q), asked).looser
    return [parse_qs(link.url[1:]) for link in suggestion_links(looser, asked)]


def test_each_part_is_counted_and_those_that_find_nothing_can_be_dropped(make_issue: WeekMaker) -> None:
    make_issue({"台积电扩产": "先进封装。", "三星": "台积电的对手。"})
    advice = advice_on("绝无此词 台积电 -三星 乌有之乡")
    assert [(part.query, part.count) for part in advice.parts] == [
        ("绝无此词", 0),
        ("台积电", 2),
        ("乌有之乡", 0),
    ]
    assert [(looser.query, looser.count) for looser in advice.looser] == [("台积电 -三星", 1)]


def test_filters_are_kept_by_a_looser_query_and_left_out_by_the_same_query(make_issue: WeekMaker) -> None:
    make_issue({"台积电扩产": "先进封装。"}, end_date="2025-03-21")
    kept = links_of("绝无此词 台积电", year="2025", sort="newest", page="3")
    assert kept == [{"q": ["台积电"], "year": ["2025"], "sort": ["newest"]}]
    left_out = links_of("台积电", year="1999", since="2025-01-01", sort="newest")
    assert left_out == [{"q": ["台积电"], "sort": ["newest"]}]


@pytest.mark.parametrize(
    "q", [" ".join(f"乌有{n}" for n in range(200)), '"' * 999, "OR " * 300, "-a " * 300, "*"]
)
def test_work_is_bounded_whatever_is_asked(make_issue: WeekMaker, client: Client, q: str) -> None:
    make_issue({"台积电扩产": "先进封装。"})
    advice = advice_on(q)
    assert len(advice.parts) <= MAX_PARTS
    assert len(advice.looser) <= MAX_LOOSER
    assert client.get("/search/", {"q": q}).status_code == 200
