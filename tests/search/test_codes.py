"""One code, however it is joined; shares, plurals, powers of ten; and whole codes before longer ones that hold them."""

from __future__ import annotations

import pytest

from archive.models import Article
from glossary.models import Alias, Term
from glossary.vocabulary import current_vocabulary
from search.engines import database as scanning
from search.query.parser import parse
from search.results.highlighting import Highlighter
from search.results.request import SearchRequest
from search.results.service import find
from search.text.analysis import units, words
from search.text.codes import one_writing
from tests.conftest import WeekMaker
from tests.writing import create

ARTICLES = {
    "型号连写": "新卡QX700发布，配ZBM5显存，用FoPKS-T封装，QX700的产能吃紧。",
    "型号分写": "某厂的QX 700出货，ZBM-5样品同时送出，FoPKST仍在试产。",
    "型号更长": "QX 7000与QX700E不在此列，ZBM5E明年，FoPKS-TR也是。",
    "展会": "VTC 2031落幕，VTC上的话题是Kite-Fi 9与LX5 8400内存，预计2031年普及。",
    "另一届": "2031年看什么？VTC的主办方没有说。",
    "工艺": "节点写作22A，另一家写作22 A，4月22 A股大涨。",
    "单位": "剂量为3×10¹⁴每平方厘米，温度1e-6开，膜厚5-nm，另有10^140。",
    "语言": "编译器用C#与C++写成，跑在.NET上，A/B测试之后是M+3工艺。",
    "字母": "C语言与net网络，A组与B组，M组第3名。",
    "行情": "甲公司（688777.SH，01234.HK）涨，乙公司（SZ300888）跌，丙（QRST.O）平，丁（7777.TW）停牌，上证指数（000001.SH）收红。",
    "复数": "多家boundaries供应商看好trinklets，QPUs与OSCTs也在列，BundlesLabs例外。",
    "单数": "一家boundary供应商的trinklet，配QPU一颗与OSCT一家。",
    "引号": "“华夏大期金”四期减持，《算力》白皮书与“先进”“制程”。",
    "型号一览": "这里没有代号。",
    "研究所": "中国科学院火箭技术研究所与中国电科第四十九研究所签约，中科院所有人到场。",
    "简称": "中科院火箭所，中电科49所。",
    "仪器": "CASE中心的process用bus连接。",
}


@pytest.fixture
def codes(make_issue: WeekMaker) -> dict[int, str]:
    make_issue(ARTICLES)
    return dict(Article.objects.values_list("pk", "title"))


def answer(query: str) -> list[str]:
    found = find(SearchRequest(query))
    assert found is not None
    assert not found.is_relaxed, query
    assert found.corrected is None, query
    return [hit.article.title for hit in found.results]


EQUAL = [
    ["QX700", "QX 700", "QX-700", "qx_700", "ＱＸ７００", "Qx  700"],
    ["ZBM5", "ZBM-5", "ZBM 5", "zbm‑5"],
    ["FoPKS-T", "FoPKST", "FOPKS_T", "ＦｏＰＫＳ－Ｔ", "FoPKS T"],
    ["VTC2031", "VTC 2031", "VTC-2031", "vtc2031"],
    ["Kite-Fi 9", "KiteFi9", "KiteFi 9", "Kite-Fi9", "KITE-FI-9"],
    ["LX5 8400", "LX5-8400"],
    ["22A", "22-A", "22 A"],
    ["5nm", "5-nm", "5 nm", "5纳米", "５ＮＭ"],
    ["3×10¹⁴", "3e14", "3 × 10^14", "3*10^14", "3x10^14"],
    ["10^-6", "1e-6", "1×10⁻⁶", "10⁻⁶"],
    ["688777", "688777.SH", "SH688777", "sh.688777", "688777.SS", "SH 688777"],
    ["SZ300888", "300888.SZ", "300888"],
    ["01234.HK", "1234.HK", "HK01234", "HK 1234"],
    ["7777.TW", "TW7777"],
    ["QRST.US", "QRST.O", "US.QRST"],
    ["trinklets", "trinklet", "TRINKLETS"],
    ["boundaries", "boundary"],
    ["QPUs", "QPU"],
    ["OSCTs", "OSCT"],
    # inside a longer query
    ["QX 700 产能", "QX700 产能", "产能 QX-700", "产能 QX 700"],
    ["新卡QX 700", "新卡QX700", "新卡QX-700"],
    ["QX700 ZBM5", "QX 700 ZBM-5", "QX-700 ZBM 5"],
    ['"QX 700"', '"QX700"', '"QX-700"'],
    ["title:型号 -ZBM 5", "title:型号 -ZBM5", "title:型号 -zbm-5"],
    ["ZBM5 OR 22A", "ZBM 5 OR 22-A"],
]


@pytest.mark.parametrize("spellings", EQUAL, ids=lambda spellings: spellings[0])
def test_each_spelling_gives_one_and_the_same_answer(codes: dict[int, str], spellings: list[str]) -> None:
    answers = {spelling: answer(spelling) for spelling in spellings}
    assert len({tuple(found) for found in answers.values()}) == 1, answers
    assert answers[spellings[0]]


@pytest.mark.parametrize(
    "query",
    [
        "中科院火箭所",
        "中国科学院火箭技术研究所",
        "中科院火箭研究所",
        "中國科學院火箭研究所",
        "中电科49所",
        "中国电科第49研究所",
        "中国电子科技集团第四十九研究所",
    ],
)
def test_an_institute_is_found_by_its_short_form(codes: dict[int, str], query: str) -> None:
    assert {*answer(query)} == {"研究所", "简称"}


@pytest.mark.parametrize(
    ("query", "first", "after"),
    [
        ("QX700", ["型号连写", "型号分写"], ["型号更长"]),
        ("QX 700", ["型号连写", "型号分写"], ["型号更长"]),
        ("ZBM-5", ["型号分写", "型号连写"], ["型号更长"]),
        ("FoPKST", ["型号分写", "型号连写"], ["型号更长"]),
        ("VTC2031", ["展会"], ["另一届"]),
        ("10^14", [], ["单位"]),
    ],
)
def test_whole_codes_come_first_and_longer_ones_are_found(
    codes: dict[int, str], query: str, first: list[str], after: list[str]
) -> None:
    found = answer(query)
    assert {*found[: len(first)]} == {*first}
    assert {*found[len(first) :]} == {*after}


def test_a_letter_that_belongs_to_the_word_behind_it_is_found_after_the_codes(make_issue: WeekMaker) -> None:
    make_issue(
        {
            "股市": "4月22 A股大涨，22 A股缩量，22 A股回调，22 A股" * 3,
            "工艺": "节点22A。",
            "分写": "节点22 A。",
        }
    )
    assert answer("22A")[-1] == "股市"
    assert answer("22-A") == answer("22A") == answer("22 A")
    assert len(answer("22A")) == 3


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("C#", {"语言"}),
        ("C++", {"语言"}),
        (".NET", {"语言"}),
        ("A/B", {"语言"}),
        ("M+3", {"语言"}),
        ("000001.SZ", {"行情"}),  # its number stands there, if not its exchange
        ("000001.SH", {"行情"}),
        ("process", {"仪器"}),
        ("bus", {"仪器"}),
        ("BundlesLabs", {"复数"}),
        ("大期金四期", {"引号"}),
        ("华夏大期金四期", {"引号"}),
        ("算力白皮书", {"引号"}),
        ("先进制程", {"引号"}),
        ("“先进”“制程”", {"引号"}),
        ("”“", {"引号"}),
    ],
)
def test_what_a_mark_makes_one_is_found_as_what_it_is(
    codes: dict[int, str], query: str, titles: set[str]
) -> None:
    assert {*answer(query)} == titles


NOT_EQUAL = [
    ("QX700", "QX7000"),
    ("ZBM5", "ZBM5E"),
    ("LX58400", "LX5-8400"),
    ("3.5", "35"),
    ("C#", "C"),
    ("C++", "C"),
    ("A/B", "AB"),
    ("N+2", "N2"),
    (".NET", "net"),
    ("000001.SH", "000001.SZ"),
    ("10^15", "10^14"),
    ("1e15", "1015"),
    ("AWS", "AW"),
    ("bus", "bu"),
    ("GlobalFoundries", "GlobalFoundry"),
    ("analysis", "analysi"),
    ("process", "proces"),
    ("news", "new"),
    ("CoWoS", "CoWo"),
]


@pytest.mark.parametrize(("one", "other"), NOT_EQUAL)
def test_different_things_ask_for_different_words(one: str, other: str) -> None:
    assert [unit.forms for unit in units(one)] != [unit.forms for unit in units(other)]


@pytest.mark.parametrize(
    ("code", "expected"),
    {
        "600000.sh": "600000",
        "900901.ss": "900901",
        "sz000858": "000858",
        "bj430047": "430047",
        "430047.bj": "430047",
        "399001.sz": "399001",
        "sh000300": "000300.sh",
        "hk700": "00700.hk",
        "0700.hk": "00700.hk",
        "2330.tw": "2330.tw",
        "8035.jp": "8035.t",
        "005930.ks": "005930.ks",
        "nasdaq.nvda": "nvda.us",
        "tsm.n": "tsm.us",
        "2.5d": "2.5d",
        "3.5t": "3.5t",
        "v1.t": "v1.t",
        "gb300": "gb300",
        "node.js": "node.js",
    }.items(),
)
def test_a_share_has_one_writing(code: str, expected: str) -> None:
    assert one_writing(code) == expected


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("QX700", "新卡QX 700与QX-700、ＱＸ７００", "新卡[QX 700]与[QX-700]、[ＱＸ７００]"),
        ("QX 700", "新卡QX700", "新卡[QX700]"),
        ("中科院火箭所", "在中国科学院火箭技术研究所，", "在[中国科学院火箭技术研究所]，"),
        ("QX 70", "新卡QX 700", "新卡[QX 70]0"),
        ("FoPKST", "FoPKS-T封装", "[FoPKS-T]封装"),
        ("boundary", "多家boundaries", "多家[boundaries]"),
        ("trinklets", "一颗trinklet", "一颗[trinklet]"),
        ("SH688777", "（688777.SH）", "（[688777.SH]）"),
        ("1e15", "掺杂1×10¹⁵每", "掺杂[1×10¹⁵]每"),
        ("10¹⁵", "掺杂10^15每", "掺杂[10^15]每"),
        ("大期金四期", "“大期金”四期", "“[大期金”四期]"),
        ("C#", "C语言与C#", "C语言与[C#]"),
        ("VTC2031", "2031年的VTC", "[2031]年的[VTC]"),
    ],
)
def test_the_texts_own_spelling_is_marked(query: str, text: str, marked: str) -> None:
    html = Highlighter(parse(query).tree).highlight(text)
    assert html.replace("<mark>", "[").replace("</mark>", "]") == marked


@pytest.mark.usefixtures("codes")
def test_the_index_answers_what_reading_every_article_answers() -> None:
    articles = Article.objects.published().select_related("issue")
    queries = [*(spelling for spellings in EQUAL for spelling in spellings), *(one for one, _ in NOT_EQUAL)]
    for query in queries:
        tree = parse(query, current_vocabulary()).effective_tree
        read = {
            article.title
            for article in articles
            if tree and scanning.matches(tree, scanning.ScannedArticle(article, current_vocabulary()))
        }
        found = find(SearchRequest(query))
        assert found is not None
        if not found.is_relaxed and found.corrected is None:
            assert {hit.article.title for hit in found.results} == read, query


def test_a_term_is_asked_for_in_any_spelling(make_issue: WeekMaker) -> None:
    create(Term, name="ZBM5", kind=Term.Kind.PRODUCT)
    create(Term, name="Trinklet", kind=Term.Kind.TECHNOLOGY)
    create(Term, name="某厂", kind=Term.Kind.COMPANY)
    make_issue(
        {"甲": "某厂的ZBM-5与trinklets。", "乙": "ZBM 5与Trinklet。", "丙": "ZBM5E。", "丁": "某厂22A。"}
    )
    assert {*answer("ZBM5")[:2]} == {"甲", "乙"}
    assert answer("ZBM5") == answer("zbm-5") == answer("ZBM 5")
    assert answer("term:ZBM5") == answer("term:ZBM 5")
    assert {*answer("term:ZBM5")} == {"甲", "乙"}
    assert {*answer("trinklets")} == {*answer("trinklet")} == {"甲", "乙"}
    assert answer("某厂ZBM 5") == answer("某厂ZBM5")


def test_two_words_are_not_one_code() -> None:
    for query in ("HBM CoWoS", "NVIDIA H20", "CES NVIDIA", "AI 50强", "GPU 2025年", "HBM 12层", "HBM 5月"):
        assert len(units(query)) > 1 or parse(query).tree != parse(query.replace(" ", "")).tree, query


@pytest.mark.parametrize("query", ["é3nm", "3nmß", "x 3nmé", "ǅ12吋", "İ12英寸 x", "n+23nm", "百分之3nm"])
def test_letters_beside_a_quantity_are_words_of_the_query(query: str) -> None:
    """Such a quantity stops the code around it; what is left of that is cut in the query as in the index."""
    held = {*words(query)}
    assert len(units(query)) > 1
    assert all(any({*form} <= held for form in unit.forms) for unit in units(query))


def test_names_joined_by_a_mark_are_found_apart_too(make_issue: WeekMaker) -> None:
    create(Term, name="QRST", kind=Term.Kind.COMPANY)
    create(Alias, term=create(Term, name="某厂", kind=Term.Kind.COMPANY), text="MOC")
    make_issue({"连写": "QRST&MOC合作。", "分写": "某厂与QRST合作。", "另外": "QRST独自。"})
    for query in ("QRST&MOC", "MOC&QRST", "QRST/MOC", "MOC+QRST"):
        assert {*answer(query)} == {"连写", "分写"}, query


def test_a_space_in_a_name_is_an_and_too(make_issue: WeekMaker) -> None:
    """What holds the name comes first, what holds its words apart is found as well."""
    create(Term, name="OSCT光源", kind=Term.Kind.TECHNOLOGY)
    make_issue({"分开": "OSCT厂商的光源。", "名字": "OSCT光源。", "另外": "OSCT。"})
    assert answer("OSCT 光源") == ["名字", "分开"]
    assert answer("OSCT光源")[0] == "名字"
    assert answer('"OSCT光源"') == ["名字"]


def test_marks_between_thousands_say_nothing(make_issue: WeekMaker) -> None:
    make_issue({"分节": "月产能5,000片。", "连写": "月产能5000片。", "另外": "月产能15,000片，又5片。"})
    for query in ("5000片", "5,000片", "5，000片", "产能 5,000 片"):
        assert {*answer(query)[:2]} == {"分节", "连写"}, query
