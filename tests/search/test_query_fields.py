"""Fields, dates and terms in a query: how they are read, how the page says so, and what they find."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.matching import Matcher
from glossary.models import Alias, Term
from search.query.describe import describe
from search.query.parser import parse
from search.query.tree import About, And, During, Leaf, Node, Not, Or, Where
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.writing import create

TODAY = dt.date(2025, 3, 21)
TERMS = Matcher({"Lip-Bu Tan": 1, "陈立武": 1, "SK海力士": 2, "SK hynix": 2, "High NA EUV": 3})


def word(text: str) -> Leaf:
    return Leaf(text)


def exact(text: str) -> Leaf:
    return Leaf(text, is_exact=True)


def in_title(text: str, *, is_exact: bool = False) -> Leaf:
    return Leaf(text, is_exact, "title")


def columnist(name: str) -> Where:
    return Where("columnist", "exact", name)


def issue(slug: str) -> Where:
    return Where("issue", "exact", slug)


def year(number: int) -> Where:
    return Where("end_date", "range", (number * 10_000 + 101, number * 10_000 + 1231))


def ending(first: int, last: int) -> Where:
    """In whole months, to which an issue belongs by its last day."""
    return Where("end_date", "range", (first, last))


def days(first: str, last: str) -> During:
    return During(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def since(first: str) -> During:
    return During(dt.date.fromisoformat(first), dt.date.max)


def until(last: str) -> During:
    return During(dt.date.min, dt.date.fromisoformat(last))


LAST_WEEK = days("2025-03-10", "2025-03-16")
MARCH = ending(20250301, 20250331)

READINGS: dict[str, Node] = {
    # Fields in English and in Chinese, with either colon.
    "title:量产": in_title("量产"),
    "TITLE:量产": in_title("量产"),
    "title：量产": in_title("量产"),
    "标题:量产": in_title("量产"),
    "标题：量产": in_title("量产"),
    "term:台积电": About("台积电"),
    "词条：台積電": About("台積電"),
    "columnist:某某": columnist("某某"),
    "作者：某某": columnist("某某"),
    "issue:2025-03-21": issue("2025-03-21"),
    "期：2025-03-21": issue("2025-03-21"),
    "issue:2025-03-21-2": issue("2025-03-21-2"),
    "issue：２０２５－０３－２１": issue("2025-03-21"),
    "year:2025": year(2025),
    "年份：2025": year(2025),
    "year：２０２５": year(2025),
    "after:2025年3月": ending(20250301, 99991231),
    "after:2025": ending(20250101, 99991231),
    "after：上周": since("2025-03-10"),
    "after:2025Q1": ending(20250101, 99991231),
    "after:3月18日": since("2025-03-18"),
    "before:2025Q1": ending(10101, 20250331),
    "before:2025-03-14": until("2025-03-14"),
    "before:2024": ending(10101, 20241231),
    "Before:上个月": ending(10101, 20250228),
    "after:2025-03-01 before:2025-03-14": And((since("2025-03-01"), until("2025-03-14"))),
    # Quoted values.
    'title:"先进封装"': in_title("先进封装", is_exact=True),
    "标题：“先进封装”": in_title("先进封装", is_exact=True),
    'title:"a b" c': And((in_title("a b", is_exact=True), word("c"))),
    'term:"Lip-Bu Tan"': About("Lip-Bu Tan"),
    # A term of several words needs no quotes.
    "term:Lip-Bu Tan": About("Lip-Bu Tan"),
    "词条：lip-bu  tan 英特尔": And((About("lip-bu  tan"), word("英特尔"))),
    "英特尔 -term:SK hynix HBM": And((word("英特尔"), Not(About("SK hynix")), word("HBM"))),
    "term:High NA": And((About("High"), word("NA"))),
    "term:陈立武谈话": About("陈立武谈话"),
    "term:Lip-Bu Tang": And((About("Lip-Bu"), word("Tang"))),
    "作者：“某 某”": columnist("某 某"),
    'year:"2025"': year(2025),
    'after:"2025年3月" HBM': And((ending(20250301, 99991231), word("HBM"))),
    # With the rest of the language.
    "HBM -title:三星": And((word("HBM"), Not(in_title("三星")))),
    "HBM NOT term:三星": And((word("HBM"), Not(About("三星")))),
    "HBM -after:2025": And((word("HBM"), Not(ending(20250101, 99991231)))),
    "title:a OR title:b": Or((in_title("a"), in_title("b"))),
    "title:a OR b 量产": And((Or((in_title("a"), word("b"))), word("量产"))),
    "title:上周": in_title("上周"),
    "title:-x": in_title("-x"),
    # Values that make no sense, and fields that there are not, are text.
    "title:": word("title:"),
    "话题:台积电": About("台积电"),
    "栏目作者：莫大康": columnist("莫大康"),
    "year:2025年 HBM": And((year(2025), word("HBM"))),
    "year:25 HBM": And((word("year:25"), word("HBM"))),
    "title: 量产": And((word("title:"), word("量产"))),
    "issue:abc": word("issue:abc"),
    "issue:2025": word("issue:2025"),
    "期：第12期": word("期：第12期"),
    "year:25": word("year:25"),
    "year:abc": word("year:abc"),
    "year:二〇二五": word("year:二〇二五"),
    "after:abc": word("after:abc"),
    "before:2025年13月": word("before:2025年13月"),
    "after:2月30日": word("after:2月30日"),
    "text:芯": word("text:芯"),
    "http://example.com": word("http://example.com"),
    "比例1:2": word("比例1:2"),
    "副标题:量产": word("副标题:量产"),
    '"title:量产"': exact("title:量产"),
    # A date is a condition, wherever it stands.
    "上周": LAST_WEEK,
    "上周 HBM4": And((word("HBM4"), LAST_WEEK)),
    "HBM4 上周": And((word("HBM4"), LAST_WEEK)),
    "HBM4 2025年3月 产能": And((word("HBM4"), word("产能"), MARCH)),
    "2025.3 HBM4": And((word("HBM4"), MARCH)),
    "２０２５年３月": MARCH,
    "2025 Q1 HBM4": And((word("HBM4"), ending(20250101, 20250331))),
    "3月18日": days("2025-03-18", "2025-03-18"),
    "2025年3月17日 — 21日 HBM4": And((word("HBM4"), days("2025-03-17", "2025-03-21"))),
    "2025年2月 OR 2025年3月 HBM": And((word("HBM"), Or((ending(20250201, 20250228), MARCH)))),
    "2025年2月 2025年3月": Or((ending(20250201, 20250228), MARCH)),
    "2025年 HBM 3月": And((word("HBM"), year(2025), MARCH)),
    "2025年3月 -HBM": And((Not(word("HBM")), MARCH)),
    "title:HBM 2025年3月": And((in_title("HBM"), MARCH)),
    "2025年3月 AND HBM": And((word("HBM"), MARCH)),
    # Elsewhere it is text, and one run: 年 and 月 here and there are no date.
    "HBM4 OR 上周": Or((word("HBM4"), word("上周"))),
    "HBM4 OR 2025年3月": Or((word("HBM4"), exact("2025年3月"))),
    "“上周”": exact("上周"),
    "HBM4 -上周": And((word("HBM4"), Not(word("上周")))),
    "HBM4 NOT 上周": And((word("HBM4"), Not(word("上周")))),
    "上周发布": word("上周发布"),
    "2月30日": exact("2月30日"),
    "2025年13月": exact("2025年13月"),
    "2030年 产能": And((exact("2030年"), word("产能"))),
    "丙厂曾在2024年3月投产": And((word("丙厂曾在"), exact("2024年3月"), word("投产"))),
    "2025.13": word("2025.13"),
    "31.12-1.1": word("31.12-1.1"),
    "year=0": word("year=0"),
    "year:0000": word("year:0000"),
    "3.5": word("3.5"),
    "2.5D": word("2.5D"),
    # Two names, an enumeration, a question.
    "陈立武和SK海力士": And((word("陈立武"), word("SK海力士"))),
    "陈立武与HBM": And((word("陈立武"), word("HBM"))),
    "A及B": And((word("A"), word("B"))),
    "HBM、CoWoS、EUV": And((word("HBM"), word("CoWoS"), word("EUV"))),
    "HBM AND CoWoS": And((word("HBM"), word("CoWoS"))),
    "陈立武 和 HBM": And((word("陈立武"), word("HBM"))),
    "和舰": word("和舰"),
    "SLC与非门": word("SLC与非门"),
    "陈立武和舰": word("陈立武和舰"),
    "“A和B”": exact("A和B"),
    "什么是混合键合？": word("混合键合"),
    "HBM是什么": word("HBM"),
    "请问 HBM 有哪些": word("HBM"),
    "请问": word("请问"),
    "为什么": word("为什么"),
    "怎么 和 呢": And((word("怎么"), word("和"), word("呢"))),
    # Words that together are one term, or one quantity.
    "英特尔Lip-Bu Tan 18A": And((word("英特尔Lip-Bu Tan"), word("18A"))),
    "Lip-Bu Tan": word("Lip-Bu Tan"),
    "lip-bu  tan 英特尔": And((word("lip-bu  tan"), word("英特尔"))),
    "英特尔 Lip-Bu Tan 18A": And((word("英特尔"), word("Lip-Bu Tan"), word("18A"))),
    "SK hynix HBM4": And((word("SK hynix"), word("HBM4"))),
    "High NA EUV OR 混合键合": Or((word("High NA EUV"), word("混合键合"))),
    '"Lip-Bu Tan"': exact("Lip-Bu Tan"),
    "Lip-Bu OR Tan": Or((word("Lip-Bu"), word("Tan"))),
    "Tan Lip-Bu": And((word("Tan"), word("Lip-Bu"))),
    "SK hynixx": And((word("SK"), word("hynixx"))),
    "3 nm 制程": And((word("3 nm"), word("制程"))),
    "12 层 HBM4": And((word("12 层"), word("HBM4"))),
    "RTX 5090 万卡": And((word("RTX"), word("5090"), word("万卡"))),
}


@pytest.mark.parametrize(("text", "expected"), READINGS.items())
def test_a_query_is_read_as(text: str, expected: Node) -> None:
    assert parse(text, TERMS, TODAY).tree == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:量产", "标题有 量产"),
        ('标题："先进封装" HBM', "标题有 一字不差的“先进封装” 并且 HBM"),
        ("term:台积电 -title:三星", "提到“台积电”（各种写法）并且 标题没有 三星"),
        ("作者:某某", "栏目作者是 某某"),
        ("a -作者:某某 -issue:2025-03-21", "a 并且 栏目作者不是 某某 并且 不在 2025-03-21 这一期"),
        ("a -after:2025", "a 并且 不是 2025年1月1日以后的各期"),
        ("a -term:台积电", "a 并且 没有提到“台积电”（各种写法）"),
        ("issue:2025-03-21", "2025-03-21 这一期"),
        ("year:2025 光刻", "2025年的各期 并且 光刻"),
        ("after:2025年3月", "2025年3月1日以后的各期"),
        ("before:2025Q1", "2025年3月31日以前的各期"),
        ("上周 HBM4", "HBM4 并且 2025年3月10日至2025年3月16日的各期"),
        ("昨天", "2025年3月20日的各期"),
        ("a OR b -c", "（a 或 b）并且 不含 c"),
        ("Lip-Bu Tan 18A", "Lip-Bu Tan 并且 18A"),
        ("issue:abc", "issue:abc"),
        ("", ""),
    ],
)
def test_the_reading_in_words(text: str, expected: str) -> None:
    assert describe(parse(text, TERMS, TODAY).tree) == expected


@given(
    st.lists(
        st.sampled_from(
            "title: 标题： term: 词条： columnist: issue: 期: year: after: before: - NOT OR \" “ ” ' 上周 2025年3月 "
            "2025-03-21 2025 abc 芯片 Lip-Bu Tan HBM4 3 nm （ ） : ：".split(" ")
        )
        | st.text(max_size=3),
        max_size=14,
    ),
    st.sampled_from(["", " ", "　"]),
)
def test_no_mixture_of_fields_is_refused(pieces: list[str], gap: str) -> None:
    query = parse(gap.join(pieces), TERMS, TODAY)
    assert query.tree is None or describe(query.tree)


# --- What they find ------------------------------------------------------------------------------------


@pytest.fixture
def archive(make_issue: WeekMaker) -> None:
    """Three weeks by two columnists."""
    term = create(Term, name="陈立武", kind="person")
    create(Alias, term=term, text="Lip-Bu Tan")
    make_issue(
        {"旧闻量产": "台积电，上周。", "旧闻二": "Lip-Bu Tan 谈量产。"}, end_date="2024-12-27", columnist="甲"
    )
    make_issue({"新闻量产": "陳立武出席。", "新闻二": "3nm。"}, end_date="2025-03-14", columnist="莫 大康")
    make_issue({"最新": "三纳米，量产。"}, end_date="2025-03-21", columnist="甲")


FOUND = {
    "title:量产": "旧闻量产 新闻量产",
    "标题：二": "旧闻二 新闻二",
    "量产 -title:量产": "旧闻二 最新",
    "term:陈立武": "旧闻二 新闻量产",
    "词条：陳立武": "旧闻二 新闻量产",
    'term:"lip-bu tan"': "旧闻二 新闻量产",
    "term:台积电": "",
    "Lip-Bu Tan": "旧闻二 新闻量产",
    "lip-bu tan 量产": "旧闻二 新闻量产",
    "陈立武": "旧闻二 新闻量产",
    "columnist:甲": "旧闻量产 旧闻二 最新",
    "作者：“莫 大康”": "新闻量产 新闻二",
    "量产 -作者:甲": "新闻量产",
    "issue:2025-03-14": "新闻量产 新闻二",
    "期：2025-03-14 量产": "新闻量产",
    "issue:1999-01-01": "",
    "year:2024": "旧闻量产 旧闻二",
    "年份：２０２５ 量产": "新闻量产 最新",
    "after:2025-03-15": "最新",
    "after:2025-03-14": "新闻量产 新闻二 最新",
    "before:2025-03-14": "旧闻量产 旧闻二 新闻量产 新闻二",
    "before:2024": "旧闻量产 旧闻二",
    "after:2025 before:2025-03-20 量产": "新闻量产",
    "-after:2025 量产": "旧闻量产 旧闻二",
    "2025年3月 量产": "新闻量产 最新",
    "2025年3月14日": "新闻量产 新闻二",
    "2024Q4": "旧闻量产 旧闻二",
    "3纳米": "新闻二 最新",
    "3 nm": "新闻二 最新",
    "title:nm": "",
    "year:abc": "",
}


@pytest.mark.usefixtures("archive")
def test_fields_find_what_they_say() -> None:
    found = {}
    for query in FOUND:
        answer = find(SearchRequest(query, sort="oldest"))
        is_answer = answer is not None and not answer.is_relaxed and not answer.corrected
        found[query] = " ".join(hit.article.title for hit in answer.results) if answer and is_answer else ""
    assert found == FOUND


@pytest.mark.usefixtures("archive")
def test_a_date_in_quotation_marks_is_its_characters() -> None:
    """`上周` counts from the server's today, so here it is the characters that find."""
    answer, literal = find(SearchRequest("上周 台积电")), find(SearchRequest("“上周” 台积电"))
    assert answer
    assert literal
    assert (answer.total, answer.literal_count) == (0, 1)
    assert [hit.article.title for hit in literal.results] == ["旧闻量产"]
