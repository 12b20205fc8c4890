"""A query that nothing answers is corrected or relaxed, and the page says so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Article
from glossary.current import look_again
from glossary.models import Alias, Term
from glossary.vocabulary import current_vocabulary
from search.engines.base import IndexQuery
from search.engines.registry import engine_for
from search.query.parser import parse
from search.query.tree import And, Node
from search.results.relaxing import MOST_WORDS
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
def test_the_results_are_groups_by_what_they_lack_and_each_count_is_exact(client: Client) -> None:
    found = ask("昇腾 内存 出口 台积电 火星")
    assert found.relaxed
    assert [word.text for word in found.relaxed.words] == ["昇腾", "内存", "出口", "台积电", "火星"]
    assert [(group.held, group.count) for group in found.relaxed.groups] == [(3, 1)]
    assert [(hit.article.title, hit.missing) for hit in found.results] == [("昇腾与带宽", ("台积电", "火星"))]
    found = ask("昇腾 带宽 内存 推理 火星")
    assert found.relaxed
    assert [(group.held, group.count) for group in found.relaxed.groups] == [(3, 3)]
    assert found.relaxed.held == "3"
    found = ask("昇腾 内存 出口 火星")
    assert found.relaxed
    assert [(group.held, group.count) for group in found.relaxed.groups] == [(3, 1), (2, 1)]
    assert [(hit.group and hit.group.held, hit.missing) for hit in found.results] == [
        (3, ("火星",)),
        (2, ("出口", "火星")),
    ]
    assert (found.total, dict(found.facets["year"])) == (2, {"2024": 2})
    text = " ".join(client.get("/search/", {"q": "昇腾 内存 出口 火星"}).content.decode().split())
    assert "没有文章同时含这 4 个词。下面的文章含其中 3 个或 2 个。" in text
    assert '含其中 3 个词 <span class="count">1 篇</span>' in text
    assert "不含：出口、火星" in text
    assert "并且" not in text


@pytest.mark.usefixtures("weeks")
def test_each_page_of_the_groups_goes_on_where_the_one_before_ended() -> None:
    q = "昇腾 内存 出口 火星"
    whole = [hit.article.pk for hit in ask(q).results]
    pages = [ask(q, page=number, page_size=1) for number in (1, 2)]
    assert [page.results[0].article.pk for page in pages] == whole
    assert [page.results[0].group and page.results[0].group.held for page in pages] == [3, 2]
    assert [ask(q, page=9, page_size=1).page, ask(q, page=9, page_size=1).total] == [2, 2]
    newest = ask("昇腾 带宽 内存 火星 推理", sort="newest")
    assert [hit.article.issue.slug for hit in newest.results] == ["2025-03-21", "2024-12-27", "2024-12-27"]


@pytest.mark.usefixtures("weeks")
def test_half_of_the_words_at_least() -> None:
    assert ask("昇腾 火星 木星 土星").total == 0
    found = ask("昇腾 火星")
    assert found.relaxed
    assert (found.total, {hit.missing for hit in found.results}) == (3, {("火星",)})


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
        ("昇腾 带宽 内存 推理", {"year": (2024,)}, {"昇腾与带宽", "昇腾单卡"}),
        ("昇腾 带宽 内存 推理", {"columnist": ("乙",)}, {"昇腾的新用处"}),
        ("带宽 内存 推理 件事", {"term": ("昇腾",)}, {"昇腾与带宽", "昇腾单卡", "昇腾的新用处"}),
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
@pytest.mark.parametrize("more", [{"year": (2019,)}, {"columnist": ("无此人",)}, {"term": ("火星",)}])
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
    found = ask("昇疼", year=(2025,))
    assert (found.corrected, titles(found)) == (Correction("昇腾", 1), {"昇腾的新用处"})
    found = ask("昇疼", columnist=("甲",), page_size=1)
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
    filters = {"year": (year,) if year else (), "columnist": (columnist,) if columnist else ()}
    asked = SearchRequest(" ".join(pieces), page_size=100, **filters)  # type: ignore[arg-type]
    found = ask(asked.q, page_size=100, **filters)
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
    assert long.notice == f"关键词很多，只看了前面的 {MOST_WORDS} 个。"
    assert short.notice == ""


# --- Terms that nothing visible holds ------------------------------------------------------------------


NEW_TERM = "混合键合检测仪"


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize(
    "query", [NEW_TERM, f"{NEW_TERM} 扩产", f"{NEW_TERM}的内存带宽", "Hybrid Bond Meter 昇腾"]
)
def test_a_term_whose_only_article_is_a_draft_leaves_a_search_what_it_found(
    make_issue: WeekMaker, query: str
) -> None:
    make_issue({"检测": "检测仪的新用途。", "Bond": "A hybrid bond."}, end_date="2025-03-28", title="又一刊")
    before = ask(query)
    assert before.is_relaxed
    assert before.total
    make_issue(
        {"新仪器": f"{NEW_TERM}（Hybrid Bond Meter）试产。"},
        status="draft",
        end_date="2025-04-04",
        title="草稿刊",
    )
    term = create(Term, name=NEW_TERM, kind=Term.Kind.PRODUCT)
    create(Alias, term=term, text="Hybrid Bond Meter")
    look_again()
    after = ask(query)
    assert after.is_relaxed
    assert titles(after) == titles(before)
    assert "新仪器" not in titles(after)
    assert any("<mark" in hit.snippet + hit.title for hit in after.results)


@pytest.mark.usefixtures("weeks")
def test_a_term_that_is_held_stays_whole(make_issue: WeekMaker) -> None:
    term = create(Term, name=NEW_TERM, kind=Term.Kind.PRODUCT)
    make_issue({"新仪器": f"{NEW_TERM}试产。"}, end_date="2025-04-04", title="又一刊")
    look_again()
    assert titles(ask(f"{NEW_TERM} 火星 试产")) == {"新仪器"}
    assert term.name == NEW_TERM


@pytest.mark.usefixtures("weeks")
def test_a_name_that_only_a_draft_has_is_read_as_the_short_form_that_it_was(make_issue: WeekMaker) -> None:
    create(Term, name="长江存储", kind=Term.Kind.COMPANY)
    make_issue({"长江存储扩产": "长江存储的新厂。"}, end_date="2025-04-04", title="又一刊")
    look_again()
    assert ask("长储").corrected is not None
    make_issue({"长储": "长储是另一家。"}, status="draft", end_date="2025-04-11", title="草稿刊")
    create(Term, name="长储", kind=Term.Kind.COMPANY)
    look_again()
    found = ask("长储")
    assert titles(found) == {"长江存储扩产"}
    assert found.corrected == Correction("长江存储", 1)


@pytest.mark.usefixtures("weeks")
def test_a_name_that_articles_hold_is_not_read_as_another_under_a_filter(make_issue: WeekMaker) -> None:
    create(Term, name="混合键和", kind=Term.Kind.PRODUCT)
    make_issue({"另一种": "混合键和试产。"}, end_date="2025-04-04", title="又一刊")
    look_again()
    found = ask("混合键合", since=dt.date(2025, 4, 1))
    assert (found.total, found.corrected) == (0, None)
