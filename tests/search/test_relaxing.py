"""A query that nothing answers is corrected or relaxed, and the page says so."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Article
from glossary.models import Alias, Term
from glossary.vocabulary import current_vocabulary
from search.engines.base import IndexQuery
from search.engines.registry import engine_for
from search.query.parser import parse
from search.query.tree import MAX_UNITS, About, And, Leaf, Most, Node, Not, Or, Where, relaxed
from search.results.request import SearchRequest
from search.results.service import Correction, SearchResults, find
from tests.conftest import WeekMaker
from tests.writing import create


def read_through(node: Node) -> list[int]:
    """The ids of what reading every article finds, the newest first."""
    found = engine_for("database://").search(IndexQuery(node, ("-end_date",)))
    return [document.pk for document in found.documents]


def ask(q: str, **more: object) -> SearchResults:
    found = find(SearchRequest(q, **more))  # type: ignore[arg-type]
    assert found is not None
    return found


def titles(found: SearchResults) -> set[str]:
    return {hit.article.title for hit in found.results}


def is_plain(found: SearchResults) -> bool:
    return not found.is_relaxed and found.corrected is None


# --- What is let go ------------------------------------------------------------------------------------

A, B, QUOTED, IN_TITLE = Leaf("甲"), Leaf("乙"), Leaf("丙", is_exact=True), Leaf("丁", field="title")
YEAR, TERM = Where("end_date", "range", (1, 2)), About("甲")


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (A, Most((A,))),
        (And((A, B)), Most((A, B))),
        (And((A, Not(B))), And((Most((A,)), Not(B)))),
        (And((A, B, QUOTED)), And((Most((A, B)), QUOTED))),
        (And((A, B, IN_TITLE)), And((Most((A, B)), IN_TITLE))),
        (And((A, YEAR, TERM)), And((Most((A,)), YEAR, TERM))),
        (And((Or((A, B)), A)), And((Most((A,)), Or((A, B))))),
        (QUOTED, None),
        (IN_TITLE, None),
        (Not(A), None),
        (Or((A, B)), None),
        (And((QUOTED, Not(A))), None),
        (And((YEAR, TERM)), None),
        (Leaf("，"), None),
    ],
)
def test_only_words_are_let_go(node: Node, expected: Node | None) -> None:
    assert relaxed(node) == expected


# --- Relaxed -------------------------------------------------------------------------------------------


@pytest.fixture
def weeks(make_issue: WeekMaker) -> None:
    """Enough articles for words to be rare or frequent."""
    person = create(Term, name="陈立武", kind=Term.Kind.PERSON)
    create(Alias, term=person, text="Lip-Bu Tan")
    for name in ("台积电", "昇腾", "混合键合"):
        create(Term, name=name, kind=Term.Kind.TECHNOLOGY)
    make_issue(
        {
            "昇腾与带宽": "昇腾的互联带宽与内存带宽，出口受限。",
            "昇腾单卡": "昇腾的内存带宽。",
            "台积电扩产": "台积电的混合键合产能。",
            "英特尔换帅": "陈立武出任。",
        },
        end_date="2024-12-27",
        columnist="甲",
    )
    make_issue(
        {f"别的{number}": f"与所问无关的第{number}件事。" for number in range(16)}, end_date="2025-03-14"
    )
    make_issue({"昇腾的新用处": "昇腾用于推理，带宽够用。"}, end_date="2025-03-21", columnist="乙")


@pytest.mark.usefixtures("weeks")
def test_most_of_the_words_and_the_answer_says_so() -> None:
    found = ask("昇腾 带宽 内存 推理")
    assert (found.is_relaxed, found.corrected) == (True, None)
    assert titles(found) == {"昇腾与带宽", "昇腾单卡", "昇腾的新用处"}
    assert found.total == 3


@pytest.mark.usefixtures("weeks")
def test_a_question_finds_its_article() -> None:
    found = ask("昇腾的带宽现在够不够用于推理？")
    assert found.is_relaxed
    assert found.results[0].article.title == "昇腾的新用处"


@pytest.mark.usefixtures("weeks")
def test_what_something_answers_is_never_relaxed() -> None:
    found = ask("昇腾 带宽 内存")
    assert (is_plain(found), titles(found)) == (True, {"昇腾与带宽", "昇腾单卡"})


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize(
    ("q", "more", "expected"),
    [
        ("昇腾 带宽 内存 推理 -出口", {}, {"昇腾单卡", "昇腾的新用处"}),
        ("昇腾 带宽 内存 推理 NOT 出口", {}, {"昇腾单卡", "昇腾的新用处"}),
        ('昇腾 带宽 推理 "内存带宽"', {}, {"昇腾与带宽", "昇腾单卡"}),
        ("昇腾 带宽 内存 推理 title:与", {}, {"昇腾与带宽"}),
        ("昇腾 带宽 内存 推理 year:2025", {}, {"昇腾的新用处"}),
        ("昇腾 带宽 内存 推理 before:2024", {}, {"昇腾与带宽", "昇腾单卡"}),
        ("昇腾 带宽 内存 推理 作者:甲", {}, {"昇腾与带宽", "昇腾单卡"}),
        ("昇腾 带宽 内存 推理 -作者:甲 -issue:2025-03-14", {}, {"昇腾的新用处"}),
        ("带宽 内存 推理 term:昇腾", {}, {"昇腾与带宽", "昇腾单卡", "昇腾的新用处"}),
        ("昇腾 带宽 内存 推理", {"year": 2024}, {"昇腾与带宽", "昇腾单卡"}),
        ("昇腾 带宽 内存 推理", {"columnist": "乙"}, {"昇腾的新用处"}),
        ("带宽 内存 推理 件事", {"term": "昇腾"}, {"昇腾与带宽", "昇腾单卡", "昇腾的新用处"}),
    ],
)
def test_exclusions_quotations_fields_and_filters_hold(
    q: str, more: dict[str, object], expected: set[str]
) -> None:
    found = ask(q, **more)
    assert (found.is_relaxed, titles(found), found.total) == (True, expected, len(expected))


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize(
    "q",
    [
        "xyzzy", "xyzzy qwerty", "火星基地", "火星 木星 土星", "昇腾 火星 木星 土星 天王星 海王星", "，。！", "？？", "*",
        '昇腾 "没有这句话"', "昇腾 -昇腾", "昇腾 火星 -昇腾", "昇腾 title:火星", "昇腾 year:2019", "昇腾 作者:无此人",
        "昇腾 term:火星", "昇腾 issue:1999-01-01", "昇腾 after:2030", "火星 OR 木星", "哪些", "什么时候", "请问怎么",
        "-火星 -木星", "𠮷𠮷𠮷", "😀",
    ],
)  # fmt: skip
def test_nonsense_finds_nothing(q: str) -> None:
    found = ask(q)
    assert (found.total, list(found.results), is_plain(found)) == (0, [], True)


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize("more", [{"year": 2019}, {"columnist": "无此人"}, {"term": "火星"}])
def test_no_filter_is_let_go(more: dict[str, object]) -> None:
    assert (ask("昇腾", **more).total, ask("昇疼", **more).total, ask("昇腾 火星", **more).total) == (0, 0, 0)


# --- Corrected -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize(
    ("q", "corrected", "expected"),
    [
        ("陈立伍", "陈立武", {"英特尔换帅"}),
        ("chenliwu", "陈立武", {"英特尔换帅"}),
        ("clw", "陈立武", {"英特尔换帅"}),
        ("陈立伍 出任", "陈立武 出任", {"英特尔换帅"}),
        ("台机电扩产", "台积电扩产", {"台积电扩产"}),
        ("tjd 混合件合", "台积电 混合键合", {"台积电扩产"}),
        ("昇疼 -出口", "昇腾 -出口", {"昇腾单卡", "昇腾的新用处"}),
        ('昇疼 "互联带宽"', '昇腾 "互联带宽"', {"昇腾与带宽"}),
        ("“混合件合”", "“混合键合”", {"台积电扩产"}),
        ("title:昇疼 推理", "title:昇腾 推理", {"昇腾的新用处"}),
        ("昇疼 year:2024", "昇腾 year:2024", {"昇腾与带宽", "昇腾单卡"}),
        ("昇疼 作者:乙", "昇腾 作者:乙", {"昇腾的新用处"}),
        ("昇疼 OR xyzzy", "昇腾 OR xyzzy", {"昇腾与带宽", "昇腾单卡", "昇腾的新用处"}),
    ],
)
def test_a_slip_is_corrected_and_the_answer_says_so(q: str, corrected: str, expected: set[str]) -> None:
    found = ask(q)
    assert (found.corrected, found.is_relaxed) == (Correction(corrected, len(expected)), False)
    assert titles(found) == expected
    assert (found.total, ask(corrected).total) == (len(expected), len(expected))


@pytest.mark.usefixtures("weeks")
def test_the_filters_hold_in_a_corrected_answer_and_in_its_count() -> None:
    found = ask("昇疼", year=2025)
    assert (found.corrected, titles(found)) == (Correction("昇腾", 1), {"昇腾的新用处"})
    found = ask("昇疼", columnist="甲", page_size=1)
    assert (found.corrected, len(found.results)) == (Correction("昇腾", 2), 1)
    assert dict(found.facets["columnist"]) == {"甲": 2}


@pytest.mark.usefixtures("weeks")
def test_what_something_answers_is_never_corrected(make_issue: WeekMaker) -> None:
    make_issue({"另一位": "陈立伍不是陈立武。"}, title="另一种", end_date="2025-03-28")
    found = ask("陈立伍")
    assert (is_plain(found), titles(found)) == (True, {"另一位"})


@pytest.mark.usefixtures("weeks")
def test_a_correction_that_nothing_answers_is_not_offered() -> None:
    create(Term, name="梁孟松", kind=Term.Kind.PERSON)
    assert is_plain(ask("梁孟嵩"))


# --- Whatever is asked ---------------------------------------------------------------------------------

PIECES = st.sampled_from(
    "昇腾 昇疼 带宽 内存 推理 出口 陈立伍 台机电 混合键合 tjd 火星 xyzzy 无关 的 件事 title:昇疼 title:带宽 term:昇腾 "
    "year:2024 year:2019 作者:甲 -昇腾 -带宽 -出口 -件事 “内存带宽” “没有” OR".split()
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(PIECES, min_size=1, max_size=5),
    year=st.sampled_from([None, 2024, 2025]),
    columnist=st.sampled_from(["", "甲"]),
)
def test_nothing_is_changed_silently(
    weeks: None, pieces: list[str], year: int | None, columnist: str
) -> None:
    """A query with an answer is answered as typed; a corrected or relaxed one is labelled."""
    asked = SearchRequest(" ".join(pieces), year=year, columnist=columnist, page_size=100)
    found = ask(asked.q, year=year, columnist=columnist, page_size=100)
    node = parse(asked.q, current_vocabulary()).effective_tree
    assert node is not None
    shown = {hit.article.pk for hit in found.results}
    typed = set(read_through(And((node, *asked.filters()))))
    assert found.total == len(shown)
    if typed:
        assert (shown, is_plain(found)) == (typed, True)
    elif found.corrected:
        assert not found.is_relaxed
        corrected = parse(found.corrected.query, current_vocabulary()).effective_tree
        assert corrected is not None
        assert shown == set(read_through(And((corrected, *asked.filters()))))
        assert found.corrected.total == found.total > 0
    else:
        assert found.is_relaxed == bool(shown)
    if not typed:
        for article in Article.objects.filter(pk__in=shown).select_related("issue"):
            assert year in (None, article.issue.end_date.year)
            assert columnist in ("", article.issue.columnist)
            is_literal = all(piece.startswith("-") for piece in pieces)
            if not is_literal and "OR" not in pieces:
                excluded = [piece[1:] for piece in pieces if piece.startswith("-")]
                assert not any(word in article.text for word in excluded)
                quoted = [piece[1:-1] for piece in pieces if piece.startswith("“")]
                assert all(words in article.text for words in quoted)


def test_a_long_query_is_relaxed_by_its_first_words_and_the_page_says_so(make_issue: WeekMaker) -> None:
    codes = [f"zq{number}x" for number in range(70)]
    make_issue({"许多型号": " ".join(codes)}, end_date="2025-03-14")
    make_issue(
        {f"别的{number}": f"与所问无关的第{number}件事。" for number in range(16)}, end_date="2025-03-21"
    )
    long, short = ask(" ".join([*codes[::-1], "缺席"])), ask(" ".join([*codes[50:], "缺席"]))
    assert [titles(found) for found in (long, short)] == [{"许多型号"}, {"许多型号"}]
    assert [found.is_relaxed for found in (long, short)] == [True, True]
    assert long.notice == f"检索词很多，放宽时只看了前面的 {MAX_UNITS} 个。"
    assert short.notice == ""
