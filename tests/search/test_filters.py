"""Filters: what is set stays set, and each number is the total of the page behind it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from lxml import html

from archive.importing import import_weeks
from archive.models import Article
from archive.reading import read_file
from archive.week import Week
from glossary.vocabulary import current_vocabulary
from search.indexing import sync
from search.pages.days import DaysPanel
from search.pages.forms import MAX_VALUES
from search.query.parser import parse
from search.query.tree import And, Not, Where
from search.results.exclusion import excluding, exclusions_in
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WEEKS, WeekMaker
from tests.writing import update

SECTIONS = ("政策", "产业 动态", "技术“前沿”", "")
COLUMNISTS = ("莫大康", "Ada Lovelace", "")


@pytest.fixture
def archive(trade_glossary: None) -> None:
    """The demo weeks, half of them a year earlier, under sections and by several columnists."""
    weeks = [week for path in sorted(WEEKS.iterdir()) for week in read_file(path)]
    import_weeks([_varied(week, number) for number, week in enumerate(weeks)], publish=True)
    sync.rebuild()


def _varied(week: Week, number: int) -> Week:
    assert week.start_date
    assert week.end_date
    year = 2025 - number % 2
    articles = (
        replace(article, section=SECTIONS[(place // 2 + number) % len(SECTIONS)])
        for place, article in enumerate(week.articles)
    )
    return replace(
        week,
        start_date=week.start_date.replace(year=year),
        end_date=week.end_date.replace(year=year),
        columnist=COLUMNISTS[number % len(COLUMNISTS)],
        articles=tuple(articles),
    )


class ResultPage:
    """A page of results as a browser shows it."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        response = client.get(f"/search/{address}")
        assert response.status_code == 200
        self.address = address
        self._page = html.fromstring(response.content.decode())

    def click(self, link: html.HtmlElement) -> ResultPage:
        return ResultPage(self._client, link.get("href"))

    @property
    def total(self) -> int:
        found = self._page.xpath("//p[@class='total']/strong")
        return int(found[0].text) if found else 0

    @property
    def chips(self) -> dict[str, html.HtmlElement]:
        return {
            _said(link).removesuffix("×").strip(): link
            for link in self._page.xpath("//ul[@class='chips']//a")
        }

    @property
    def set_values(self) -> list[html.HtmlElement]:
        return [*self._page.xpath("//*[@class='facet']//a[@aria-current]")]

    @property
    def values(self) -> list[tuple[html.HtmlElement, int, html.HtmlElement | None]]:
        """What can be set: each link, its number, and the link that leaves it out."""
        found = []
        for link in self._page.xpath("//div[starts-with(@class, 'facet')]//li/a[1][not(@aria-current)]"):
            out = link.xpath("../a[@class='out']")
            found.append((link, int(link.xpath("span[@class='count']")[0].text), out[0] if out else None))
        return found

    @property
    def feed(self) -> str:
        """The address of its feed, which repeats what was asked for."""
        return str(self._page.xpath("//link[@rel='alternate']/@href")[-1])

    @property
    def notices(self) -> str:
        return "".join(map(_said, self._page.xpath("//p[@class='notice']")))


def _said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


PLAIN = (
    "HBM",
    "台积电",
    "芯片",
    "英伟达 台积电",
    "封装 OR 光刻",
    "台积电 -英伟达",
    "title:AI",
    "year:2025 AI",
)
CHANGED = ("taijidian", "台机电 产能", "昇腾 带宽 光刻机 火星 木星")
"""Nothing answers them as they are typed."""
FILTERED = (
    "q=芯片&year=2025", "q=芯片&year=2025&year=2024", "q=芯片&month=3", "q=AI&month=3&month=2024-01", "q=AI&month=2025-02",
    "q=芯片&year=2025&month=2&sort=newest", "q=AI&section=政策", "q=AI&section=政策&section=产业 动态", "q=芯片&columnist=莫大康",
    "q=芯片&columnist=莫大康&columnist=Ada Lovelace&year=2024", "q=芯片&term=台积电", "q=芯片&term=TSMC&term=英伟达",
    "q=AI&since=2024-02-01&until=2025-01-31", "q=AI&until=2024-12-31&section=政策", "q=芯片&term=英伟达&section=政策&year=2025&month=2",
    "q=芯片 -term:台积电&section=政策", "q=HBM -section:\"产业 动态\"&year=2024", "q=芯片&year=1999", "q=taijidian&year=2025",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("each", [pytest.param(1, marks=pytest.mark.nightly), 5])
def test_every_link_of_thirty_pages_leads_to_as_many_as_it_says(client: Client, each: int) -> None:
    """Of all thirty, or of each fifth."""
    addresses = [
        *(f"?q={q}&page_size=1" for q in (*PLAIN, *CHANGED)),
        *(f"?{a}&page_size=1" for a in FILTERED),
    ]
    assert len(addresses) == 30
    clicked: Counter[str] = Counter()
    for address in addresses[::each]:
        page = ResultPage(client, address)
        for link, promised, out in page.values:
            there = page.click(link)
            assert there.total == promised > 0, (address, link.get("href"))
            assert promised != page.total
            assert page.chips.keys() < there.chips.keys(), (address, link.get("href"))
            clicked["narrows" if promised < page.total else "widens"] += 1
            if out is not None:
                without = page.click(out)
                assert without.total == page.total - promised, (address, out.get("href"))
                assert page.chips.keys() < without.chips.keys()
                clicked["excludes"] += 1
        for label, link in page.chips.items():
            assert page.chips.keys() - page.click(link).chips.keys() == {label}
            clicked["chips"] += 1
        for link in page.set_values:
            assert len(page.click(link).chips) == len(page.chips) - 1
            clicked["taken off"] += 1
    assert min(clicked[kind] for kind in ("narrows", "widens", "excludes", "chips", "taken off")) > 20 // each


@pytest.mark.slow
@pytest.mark.usefixtures("archive")
def test_the_counts_of_the_api_are_the_totals_when_asked_for_besides(client: Client) -> None:
    def answer(asked: list[tuple[str, str]]) -> dict[str, object]:
        query = {name: [value for other, value in asked if other == name] for name, _ in asked}
        return client.get("/api/v1/search", {**query, "page_size": 1}).json()

    for typed in (
        "q=芯片",
        "q=芯片&year=2025&section=政策",
        "q=AI&month=3&term=英伟达",
        "q=AI&columnist=莫大康&month=2025-02",
    ):
        asked = parse_qsl(typed)
        found = answer(asked)
        assert [*found["facets"]] == ["year", "month", "section", "columnist", "term"]  # type: ignore[misc]
        for facet, values in found["facets"].items():  # type: ignore[attr-defined]
            for value in values[:12]:
                besides = [*asked, (facet, value["value"])]
                assert answer(besides)["total"] == value["count"], (typed, facet, value)


@pytest.mark.slow
@pytest.mark.usefixtures("archive")
def test_any_value_of_one_filter_and_all_filters_hold(client: Client) -> None:
    def found(**filters: object) -> set[int]:
        answer = client.get("/api/v1/search", {"q": "芯片 OR AI OR 公司", "page_size": 100, **filters}).json()
        return {result["id"] for result in answer["results"]}

    everything = found()
    rows = Article.objects.filter(pk__in=everything).select_related("issue")
    assert len(everything) > 90

    def held(keep: object) -> set[int]:
        return {row.pk for row in rows if keep(row)}  # type: ignore[operator]

    for filters, keep in [
        ({"year": 2024}, lambda row: row.issue.end_date.year == 2024),
        ({"year": [2024, 2025]}, lambda row: True),
        ({"month": 3}, lambda row: row.issue.end_date.month == 3),
        ({"month": [1, "2025-03"]}, lambda row: row.issue.end_date.month == 1 or f"{row.issue.end_date:%Y-%m}" == "2025-03"),
        ({"year": 2024, "month": [1, 2]}, lambda row: row.issue.end_date.year == 2024 and row.issue.end_date.month < 3),
        ({"section": ["政策", "产业 动态"]}, lambda row: row.section in ("政策", "产业 动态")),
        ({"columnist": "ada lovelace", "section": "政策"}, lambda row: (row.issue.columnist, row.section) == ("Ada Lovelace", "政策")),
    ]:  # fmt: skip
        assert found(**filters) == held(keep) != set(), filters
    nvidia, tsmc = found(term="英伟达"), found(term="TSMC")
    assert found(term=["英伟达", "TSMC"]) == nvidia & tsmc != set()


def test_this_year_and_the_last_three_months_are_counted_from_today(
    client: Client, make_issue: WeekMaker
) -> None:
    for day in ("2024-12-27", "2025-01-31", "2025-02-28", "2025-03-21", "2025-03-28"):
        make_issue({f"{day}甲": "芯片", f"{day}乙": "芯片"}, end_date=day)

    def offered(today: str, **filters: object) -> dict[str, int]:
        asked = SearchRequest("芯片", **filters)  # type: ignore[arg-type]
        found = find(asked)
        assert found
        quick = DaysPanel.of(asked, found.counted, dt.date.fromisoformat(today)).quick
        for link in quick:
            assert ResultPage(client, link.url).total == link.count
        return {link.label: link.count for link in quick}

    assert offered("2025-03-30") == {"最近三个月": 8, "今年": 8}
    assert offered("2025-04-02") == {"最近三个月": 6, "今年": 8}
    assert offered("2026-01-05") == {}
    assert offered("2024-12-30") == {"今年": 2}  # of all that is newer, nothing is left out
    assert offered("2025-04-02", year=(2025,)) == offered("2025-04-02", since=dt.date(2025, 1, 1)) == {}


def test_sections_of_one_writing_are_one_value(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": "芯片", "乙": "芯片", "丙": "芯片", "丁": "芯片"})
    for title, section in zip("甲乙丙", ("AI 观察", "ＡＩ 观察", "政策"), strict=True):
        update(Article.objects.filter(title=title), section=section)
    sync.rebuild()
    page = ResultPage(client, "?q=芯片")
    [both, one] = [value for value in page.values if "section" in value[0].get("href")]
    assert (both[1], page.click(both[0]).total, one[1]) == (2, 2, 1)


@pytest.mark.slow
@pytest.mark.usefixtures("archive")
def test_the_name_of_a_section_finds_its_articles(client: Client) -> None:
    rows = dict(Article.objects.values_list("pk", "section"))
    for run, section in [
        ("政策", "政策"),
        ("策", "政策"),
        ("业 动", "产业 动态"),
        ("产业动态", "产业 动态"),
        ("“前沿", "技术“前沿”"),
    ]:
        answer = client.get("/api/v1/search", {"q": run, "page_size": 100, "sort": "newest"}).json()
        holders = {pk for pk, name in rows.items() if name == section}
        assert holders <= {result["id"] for result in answer["results"]}, run
        assert (bool(holders), answer["relaxed"], answer["corrected"]) == (True, False, None)
    typed = client.get("/api/v1/search", {"q": "分栏:政策", "page_size": 100}).json()
    assert {result["id"] for result in typed["results"]} == {
        pk for pk, name in rows.items() if name == "政策"
    }


# --- What makes no sense -------------------------------------------------------------------------------


NONSENSE: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("year=0", "“0”不是年份", []),
    ("year=abc&year=2025", "“abc”不是年份", [("year", "2025")]),
    ("year=２０２５", "", [("year", "2025")]),
    ("month=13", "“13”不是月份", []),
    ("month=0&month=03", "“0”不是月份", [("month", "3")]),
    ("month=2025-3", "", [("month", "2025-03")]),
    ("month=0000-03", "“0000-03”不是月份", []),
    ("since=2025-02-30", "“2025-02-30”不是日期", []),
    ("since=2025年2月&until=2025年4月", "", [("since", "2025-02-01"), ("until", "2025-04-30")]),
    ("since=2025-03-31&until=2024-12-01", "起止日期前后颠倒", [("since", "2024-12-01"), ("until", "2025-03-31")]),
    ("since=2025年3月&until=2025年1月", "起止日期前后颠倒", [("since", "2025-01-01"), ("until", "2025-03-31")]),
    ("since=0001-01-01&until=9999-12-31", "", [("since", "0001-01-01"), ("until", "9999-12-31")]),
    ("until=99999-01-01", "不是日期", []),
    ("section=" + "栏" * 101, "太长", []),
    ("term=%00&columnist=%20", "", []),
    ("&".join(f"term=t{n}" for n in range(200)), "每一种只用前 20 个", [("term", f"t{n}") for n in range(MAX_VALUES)]),
    ("page=0&page_size=x&sort=best&junk=1", "", []),
]  # fmt: skip


def test_what_makes_no_sense_is_said_and_not_repeated(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": "芯片", "乙": "芯片"}, end_date="2025-03-21")
    for given, said, kept in NONSENSE:
        page = ResultPage(client, f"?q=芯片&{given}")
        assert said in page.notices, given
        assert bool(page.notices) == bool(said), given
        assert parse_qsl(urlsplit(page.feed).query) == [("q", "芯片"), *kept], given
    answer = client.get("/api/v1/search", {"q": "芯片", "term": [f"t{number}" for number in range(200)]})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "term")


def test_what_a_filter_leaves_empty_can_be_taken_back(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": "芯片", "乙": "芯片"})
    page = ResultPage(client, "?q=芯片&year=2001")
    assert (page.total, [*page.chips]) == (0, ["2001年"])
    [(link, promised, _)] = page.values
    assert (promised, page.click(link).total, _said(link)) == (2, 2, "或 2025年 2")


# --- What is left out stands in the query --------------------------------------------------------------


@pytest.mark.parametrize(
    "q", ["HBM", "台积电", "先进封装", "昇腾910C", "光刻机出口管制", "2025", "和", "OR", "NOT"]
)
def test_a_value_may_be_left_out_where_that_is_read_beside_the_query(trade_glossary: None, q: str) -> None:
    before, read = (parse(text, current_vocabulary()) for text in (q, f"{q} -section:政策"))
    parts = before.words.children if isinstance(before.words, And) else (before.words,)
    is_read = read.words == And((*parts, Not(Where("section", "exact", "政策"))))
    assert (excluding(q, "section", "政策") is not None) == is_read


@pytest.mark.parametrize(
    ("q", "field", "value", "typed"),
    [
        ("HBM", "section", "政策", "HBM -section:政策"),
        (" HBM ", "columnist", "Ada Lovelace", 'HBM -columnist:"Ada Lovelace"'),
        ("HBM", "section", "技术“前沿”", "HBM -section:「技术“前沿”」"),
        ("HBM", "section", "「甲」“乙”", "HBM -section:『「甲」“乙”』"),
        ("HBM", "section", "「『“", None),
        ("HBM", "term", "台积电", "HBM -term:台积电"),
        ("HBM", "year", "2025", "HBM -year:2025"),
        ("HBM", "section", "——", "HBM -section:——"),
        ("a OR b", "section", "政策", "a OR b -section:政策"),
        ("HBM OR", "section", "政策", None),
        ("-HBM", "section", "政策", None),
        ("芯" * 1000, "section", "政策", None),
    ],
)
def test_an_exclusion_is_typed_so_that_it_is_read(
    db: None, q: str, field: str, value: str, typed: str | None
) -> None:
    other = excluding(q, field, value)
    assert other == typed
    if other:
        assert [(label, without.q) for label, without in exclusions_in(SearchRequest(other))] == [
            (f"{value}年" if field == "year" else value, q.strip())
        ]


@pytest.mark.parametrize("q", ["-year:2025", "-term:台积电 -HBM"])
def test_what_is_taken_as_text_leaves_nothing_out_and_is_no_chip(q: str) -> None:
    assert [*exclusions_in(SearchRequest(q))] == []
