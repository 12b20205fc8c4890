"""A date in a query is a condition on the issues: the results, the chip, the way to its characters, the verbatim ones."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Article
from search.query.dates import date_at, set_apart
from search.query.parser import parse
from search.results.exclusion import excluding
from search.results.request import SearchRequest
from search.results.service import SearchResults, find
from search.results.trends import count
from tests.conftest import WeekMaker
from tests.growth import is_linear

TODAY = dt.date(2026, 11, 29)


def ask(q: str, **more: object) -> SearchResults:
    found = find(SearchRequest(q, page_size=100, **more))  # type: ignore[arg-type]
    assert found
    return found


def titles(found: SearchResults) -> list[str]:
    return [hit.article.title for hit in found.results]


@pytest.fixture
def archive(make_issue: WeekMaker) -> None:
    """Four weeks around the ends of a month and a quarter."""
    make_issue({"二月底": "HBM报价。", "年月": "3个月前的HBM，2025财年。"}, end_date="2025-02-28")
    make_issue({"三月初": "HBM报价。", "三月的光刻": "光刻机。"}, end_date="2025-03-07")
    make_issue(
        {"三月中": "HBM产能，2025年3月 HBM。", "旧闻": "丙厂曾在2024年3月投产。"}, end_date="2025-03-21"
    )
    make_issue(
        {
            "四月": "回顾2025年3月 HBM的报价。",
            "四月二": "2025年3月 HBM",
            "四月三": "说到2025年3月HBM",
            "四月四": "2025年3月HBM好",
        },
        end_date="2025-04-18",
    )


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    "date",
    [
        "2025年3月",
        "2025.3",
        "2025/3",
        "2025-03",
        "2025年3月份",
        "25年3月",
        "３月",
        "2025年03月",
        "2025 年 3 月",
    ],
)
def test_however_a_month_is_written_and_wherever_it_stands_the_answer_is_the_same(date: str) -> None:
    for q in (f"{date} HBM", f"HBM {date}", f" HBM  {date}　"):
        found = ask(q)
        assert (sorted(titles(found)), found.is_relaxed) == (["三月中", "三月初"], False)
    assert titles(ask(f"HBM {date} 报价")) == ["三月初"]
    assert sorted(titles(ask(date))) == ["三月中", "三月初", "三月的光刻", "旧闻"]


@pytest.mark.usefixtures("archive")
def test_a_month_in_the_query_is_the_same_month_as_a_facet_and_as_a_filter() -> None:
    counted = ask("HBM")
    assert dict(counted.facets["month"]) == {"2025-02": 2, "2025-03": 2, "2025-04": 4}
    for month, number in counted.facets["month"]:
        assert ask(f"{month} HBM").total == number
    for year, number in counted.facets["year"]:
        assert ask(f"{year}年 HBM").total == number


@pytest.mark.usefixtures("archive")
def test_nothing_matches_the_signs_of_a_date_here_and_there() -> None:
    assert "年月" not in titles(ask("2025年3月 HBM"))
    assert titles(ask("在2024年3月投产")) == ["旧闻"]
    relaxed = ask("HBM与2019年5月")
    assert {hit.missing for hit in relaxed.results} == {("2019年5月",)}


@pytest.mark.usefixtures("archive")
def test_what_holds_the_whole_text_stands_above_the_others_and_is_not_counted(client: Client) -> None:
    found = ask("2025年3月 HBM")
    assert titles(found)[0] == "三月中"  # inside the filter it is the first
    assert {hit.article.title for hit in found.verbatim} < {"四月", "四月二", "四月三", "四月四"}
    assert (len(found.verbatim), found.verbatim_total, found.more_verbatim, found.total) == (3, 4, 1, 2)
    assert sum(number for _, number in found.facets["month"]) == 2
    for hit in found.verbatim:
        assert "<mark>2025年3月" in hit.snippet
    page = client.get("/search/", {"q": "2025年3月 HBM"})
    text = page.content.decode()
    assert text.index("原文如此") < text.index("三月初")
    assert "还有 1 篇" in text
    assert client.get("/search/" + page.context["verbatim_url"]).context["found"].total == 5


@pytest.mark.usefixtures("archive")
def test_verbatim_ones_stand_on_the_first_page_alone_and_hold_the_other_conditions(
    make_issue: WeekMaker,
) -> None:
    make_issue({"别人的": "2025年3月 HBM"}, end_date="2024-12-27", columnist="某某")
    second = find(SearchRequest("2025年3月 HBM", page=2, page_size=1))
    assert second
    assert (list(second.verbatim), second.verbatim_total) == ([], 5)
    assert [hit.article.title for hit in ask("2025年3月 HBM", columnist=("某某",)).verbatim] == ["别人的"]
    assert list(ask("HBM").verbatim) == []


@pytest.mark.usefixtures("archive")
def test_a_date_alone_lists_the_articles_of_its_days() -> None:
    assert sorted(titles(ask("2025年3月7日"))) == ["三月初", "三月的光刻"]
    assert titles(ask("3月7日", sort="oldest")) == ["三月初", "三月的光刻"]
    assert ask("2025年一季度").total == 6
    assert ask("2025年").total == 10
    assert ask("2019年").total == 0


@pytest.mark.usefixtures("archive")
def test_each_date_is_a_chip_that_can_be_taken_off_and_the_page_offers_its_characters(client: Client) -> None:
    page = client.get("/search/", {"q": "HBM 3月 报价", "sort": "newest"})
    [chip] = page.context["chips"]
    assert chip.label == "2025年3月（最近的3月）"
    assert client.get(f"/search/{chip.url}").context["q"] == "HBM 报价"
    assert "sort=newest" in chip.url
    literal = client.get("/search/" + page.context["literal_url"]).context["found"]
    assert literal.typed.text == 'HBM "3月" 报价'
    assert f"按字面搜</a>（{literal.total} 篇）" in page.content.decode()
    assert literal.total == page.context["found"].literal_count == 1
    two = client.get("/search/", {"q": "2025年2月 OR 2025年3月 HBM"})
    assert {c.label: client.get(f"/search/{c.url}").context["q"] for c in two.context["chips"]} == {
        "2025年2月的各期": "2025年3月 HBM",
        "2025年3月的各期": "2025年2月 HBM",
    }
    assert two.context["found"].total == 4


@pytest.mark.usefixtures("archive")
def test_where_no_article_holds_the_characters_no_link_leads_to_other_ones(client: Client) -> None:
    page = " ".join(client.get("/search/", {"q": "2025.3 HBM 产能"}).content.decode().split())
    assert "按字面搜这个日期，没有文章。" in page
    assert "按字面搜</a>" not in page


@pytest.mark.usefixtures("archive")
def test_what_else_is_set_stays_a_chip_when_the_date_was_all_that_was_asked(client: Client) -> None:
    [chip, _] = client.get("/search/", {"q": "2025年3月", "month": "2025-03"}).context["chips"]
    page = client.get(f"/search/{chip.url}").content.decode()
    assert "去掉条件：2025年3月" in page
    assert 'name="month" value="2025-03"' in page  # the box sends it along


@pytest.mark.usefixtures("archive")
def test_the_reading_leaves_out_what_the_chip_says() -> None:
    assert ask("2025年3月 HBM").reading == ""
    assert ask("2025年3月 HBM 产能").reading == "HBM 并且 产能"
    assert ask("2025年3月 HBM OR 光刻").reading == "HBM 或 光刻"


@pytest.mark.usefixtures("archive")
def test_the_api_tells_the_dates_that_it_read(client: Client) -> None:
    answer = client.get("/api/v1/search", {"q": "2025年3月 HBM"}).json()
    assert answer["filters"] == [
        {"text": "2025年3月", "since": "2025-03-01", "until": "2025-03-31", "label": "2025年3月的各期"}
    ]
    assert {result["issue"]["end_date"] for result in answer["results"]} == {"2025-03-07", "2025-03-21"}
    assert {result["issue"]["end_date"] for result in answer["verbatim"]} == {"2025-04-18"}
    assert client.get("/api/v1/search", {"q": "HBM"}).json()["filters"] == []


@pytest.mark.usefixtures("archive")
def test_a_corrected_and_a_relaxed_query_keep_their_dates(client: Client) -> None:
    found = ask("2025年3月 HBM 报价 火星")
    assert found.relaxed
    assert titles(found) == ["三月初"]
    assert found.results[0].missing == ("火星",)
    assert "在这些条件下，没有文章同时含这 3 个词。下面的文章含其中 2 个。" in " ".join(
        client.get("/search/", {"q": "2025年3月 HBM 报价 火星"}).content.decode().split()
    )


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("q", ["三月份的报价", "2025.3的报价", "二〇二五年三月报价", "报价二〇二五年三月"])
def test_a_date_that_is_a_part_of_a_word_is_set_apart_where_nothing_holds_the_word(
    client: Client, q: str
) -> None:
    found = ask(q)
    assert (titles(found), len(found.query.dates)) == (["三月初"], 1)
    assert f"没有“{q}”，已改搜" in client.get("/search/", {"q": q}).content.decode()
    [date] = ask("2025年3月的 报价").typed.dates
    assert date.without == "报价"


@pytest.mark.parametrize(
    ("typed", "apart"),
    [
        ("2025年后道设备", "2025年 后道设备"),
        ("3月后的报价", "3月后 报价"),
        ("3月前HBM", "3月前 HBM"),
        ("2025年12英寸", "2025年 12英寸"),
        ("报价 8英寸12月", "报价 8英寸 12月"),
        # Nothing is cut out of a longer date, or of what no date is.
        ("12月 报价", None),
        ("2027年3月 报价", None),
        ("二〇二七年三月 报价", None),
        ("2025年2月30日 报价", None),
        ("2025年一季度末 报价", None),
        ("2025年3月左右 报价", None),
        ("3月中芯国际", "3月 中芯国际"),
        ("2025年内存报价", "2025年 内存报价"),
        ("2025年2月和5月 报价", None),
        ("2025年初 报价", None),
        ("31.12-1.1", None),
    ],
)
def test_a_date_is_set_apart_as_a_whole(typed: str, apart: str | None) -> None:
    assert set_apart(typed, TODAY) == apart


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("q", ["12月 报价", "2027年3月 报价", "2025年2月30日 HBM"])
def test_no_other_date_is_asked_for_in_place_of_one_that_finds_nothing(q: str) -> None:
    assert ask(q).corrected is None


@pytest.mark.usefixtures("archive")
def test_a_trend_counts_only_the_days_of_its_query() -> None:
    found = count(["2025年3月 HBM", "HBM"], unit="month")
    assert found
    assert [trend.counts for trend in found.trends] == [(0, 2, 0), (2, 2, 4)]


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(("q", "queries"), [("2025年3月 HBM", 3), ("HBM 产能", 2), ("3月 HBM", 3)])
def test_a_date_costs_no_query_but_for_the_archives_revision(
    q: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(q), ask("3月 HBM")  # the glossary and the days of the issues are known
    with django_assert_num_queries(queries, exact=False):
        ask(q)


def test_two_digests_that_cross_a_month_belong_to_the_month_in_which_they_end(make_issue: WeekMaker) -> None:
    issue = make_issue({"跨月": "HBM"}, end_date="2025-04-03")
    type(issue).objects.filter(pk=issue.pk).update(start_date=dt.date(2025, 3, 28))
    from search.indexing import sync

    sync.rebuild()
    found = {
        q: ask(f"{q} HBM").total for q in ("2025年3月", "2025年4月", "2025Q1", "2025Q2", "2025年3月31日")
    }
    assert found == {"2025年3月": 0, "2025年4月": 1, "2025Q1": 0, "2025Q2": 1, "2025年3月31日": 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HBM和光刻", "HBM 光刻"),
        ("HBM与光刻、EUV", "HBM 光刻 EUV"),
        ("HBM AND 光刻", "HBM 光刻"),
        ("HBM、光刻", "HBM 光刻"),
        ("什么是光刻？", "光刻"),
        ("请问 HBM 有哪些", "HBM"),
    ],
)
def test_two_names_and_a_question_find_what_their_words_find(
    make_issue: WeekMaker, one: str, other: str
) -> None:
    from glossary.models import Term
    from tests.writing import create

    for name in ("HBM", "光刻", "EUV"):
        create(Term, name=name, kind="product")
    make_issue(
        {f"第{place}": "。".join(names) for place, names in enumerate(permutations(["HBM", "光刻", "EUV"]))}
    )
    make_issue({"只有": "HBM。", "只有二": "光刻。"}, end_date="2025-03-28")
    first, second = ask(one), ask(other)
    assert first.total == second.total > 0
    assert titles(first)[:10] == titles(second)[:10]


def test_the_joined_text_comes_first(make_issue: WeekMaker) -> None:
    make_issue({f"别的{number}": "无关。" for number in range(8)}, end_date="2025-03-14")
    make_issue({"分开": "HBM。CoWoS。", "连着": "谈HBM和CoWoS的事。"})
    assert titles(ask("HBM和CoWoS"))[0] == "连着"


def test_a_date_ends_where_a_space_or_the_text_ends() -> None:
    assert date_at("2025年3月 HBM", 0, TODAY, ()) is not None
    assert date_at("2025年3月HBM", 0, TODAY, ()) is None
    assert date_at("2027年 HBM", 0, TODAY, ()) is None  # no issue can be of it
    [date] = parse("HBM 2025 年 3 月", today=TODAY).dates
    assert (date.typed, date.without) == ("2025 年 3 月", "HBM")
    [date] = parse("2025年3月5日， HBM。", today=TODAY).dates
    assert (date.typed, date.without) == ("2025年3月5日", "HBM。")


def test_many_dates_take_no_longer_each() -> None:
    def read(text: str) -> None:
        for place in range(0, len(text), 3):
            date_at(text, place, TODAY, ())

    assert is_linear(read, "3月 ".__mul__, of=10)


@pytest.mark.parametrize("text", ["2025 年 3 月 17 日至21日，财政部说明", "2025年 3月 17日起投产"])
def test_the_first_half_of_a_date_in_a_pasted_text_is_text(text: str, make_issue: WeekMaker) -> None:
    make_issue({"原文": f"另据报道，{text}。", "散着": "2025年和3月，第17日起投产，至21日财政部说明。"})
    found = ask(text)
    assert (found.typed.dates, titles(found)[0], found.is_relaxed) == ((), "原文", False)


# --- Every date parameter of every address, at its ends ------------------------------------------------

DAYS = [
    "0001-01-01",
    "9999-12-31",
    "0000-00-00",
    "2025-13-01",
    "2025-02-30",
    "-1",
    "99999999999-01-01",
    "x" * 300,
]
YEARS = ["0", "1", "1899", "9999", "10000", "-1", "9" * 300, "２０２５", "abc"]
ADDRESSES = [
    *(f"/search/?q=HBM&{name}={day}" for name in ("since", "until") for day in DAYS),
    *(f"/search/?q=HBM&year={year}&month={month}" for year in YEARS for month in ("0", "13", "12", "3")),
    "/search/?q=HBM&since=2025-12-31&until=2025-01-01",
    *(f"/search/feed.atom?q=HBM&year={year}&since={day}" for year in YEARS[:5] for day in DAYS[:3]),
    *(f"/api/v1/search?q=HBM&year={year}" for year in YEARS),
    *(f"/api/v1/search?q=HBM&since={day}&until={day}" for day in DAYS),
    *(f"/trends/{unit}{day}/?q=a" for unit in "wmqyx" for day in DAYS),
    *(f"/trends/?q=HBM&years={year}" for year in YEARS),
    *(f"/issues/{name}/" for name in [*YEARS[:7], *DAYS]),
    *(f"/search/?q={q}" for q in ["year:0000", "year:9999", "year:0", "after:9999-12-31", "before:0001-01-01", "2025年13月"]),
    *(f"/search/?q=HBM+{q}" for q in ["9999年", "1900年1月", "2099年12月", "2025-03-31至2025-03-01", "31.12-1.1", "13月"]),
    "/search/?q=HBM" + "".join(f"&term=T{number}" for number in range(200)),
    "/search/?q=HBM" + "&year=2025" * 200,
    f"/search/?q={'A1' * 150}",
    f"/search/?q={'2025年3月+' * 100}",
    f"/search/?q={'2025年3月至' * 60}",
    f"/search/?q={'和'.join('AB' * 60)}",
]  # fmt: skip


def test_every_date_parameter_of_every_address_at_its_ends(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"题": "HBM"}, end_date="2025-03-21")
    wrong = {address: status for address in ADDRESSES if (status := client.get(address).status_code) >= 500}
    assert wrong == {}
    assert Article.objects.count() == 1
    assert client.get("/trends/w9999-12-31/?q=a").status_code == 404
    assert client.get("/trends/w2025-03-21/?q=a").status_code == 302


@pytest.mark.usefixtures("archive")
def test_a_query_with_a_date_can_be_narrowed_and_leave_out_like_any_other(client: Client) -> None:
    page = client.get("/search/", {"q": "2025年一季度"})
    for facet in page.context["facets"]:
        for value in facet.values:
            narrowed = client.get(f"/search/{value.url}").context
            assert narrowed["found"].total == value.count, value
            assert "2025年一季度的各期" in [chip.label for chip in narrowed["chips"]]
    months = {facet.name: facet for facet in page.context["facets"]}["month"]
    assert [(value.label, value.count) for value in months.values] == [("2025年3月", 4), ("2025年2月", 2)]
    assert excluding("2025年3月", "year", "2024")
