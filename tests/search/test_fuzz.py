"""Whatever is typed gets an answer: hostile queries through everything that reads one.

XWK_FUZZ=100000 .venv/bin/python -m pytest tests/search/test_fuzz.py      that many queries instead of some hundred
"""

from __future__ import annotations

import os

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Article
from glossary.models import Term
from glossary.vocabulary import current_vocabulary
from search.pages.links import chips_of
from search.query.parser import parse
from search.results.autocomplete import complete
from search.results.explanation import explain
from search.results.facets import facet_names, facets_of
from search.results.marking import marks_in
from search.results.request import SearchRequest
from search.results.service import count, find
from tests.conftest import WeekMaker
from tests.writing import create

pytestmark = pytest.mark.slow

PIECES = st.sampled_from(
    [
        # The language, whole and broken.
        "OR", "NOT", "-", "－", '"', "“", "”", "「", "」", "『", "(", ")", "*", "?", "~", "^", ":", "：", "\\", "/", "§1",
        "title:", "term:", "columnist:", "issue:", "year:", "after:", "before:", "标题：", "期:", "AND", "TO", "[* TO *]",
        # Days and quantities, some of which are none.
        "上周", "2025年3月", "2025-02-30", "最近三五年", "最近999年", "99999年", "2025W99", "三纳米", "百分之", "1,2,3,4nm",
        "１２吋", "几十纳米", "9" * 30 + "nm",
        # Characters that programs stumble over.
        "\x00", "\n", "\r\n", "\t", "\u3000", "\u200b", "\u202e", "\ufeff", "\ud800", "\udfff", "𠮷", "😀", "é", "ﬁ", "㎚",
        "İ", "ß", "ǅ", "①", "½", "\u0301", "\uffff", "%00", "&lt;", "<script>", "' OR 1=1 --", "{{ q }}", "${x}",
        # Words, known and misspelt.
        "台积电", "台機電", "TSMC", "HBM4", "hmb4", "CoWoS-L", "tjd", "陈立伍", "Lip-Bu Tan", "芯", "的", "a" * 60, "芯" * 60,
        "+" * 20, "." * 20, "a.b.c.d.e.f", "-----", '"' * 9,
    ]
)  # fmt: skip
HOSTILE = st.builds(
    lambda gap, pieces: gap.join(pieces),
    st.sampled_from(["", " ", "　", " OR ", " -", "\n"]),
    st.lists(PIECES, min_size=1, max_size=12),
) | st.text(max_size=60)
LONG = st.builds(
    lambda text, times: (text * times)[:20_000], HOSTILE, st.sampled_from([1, 1, 1, 1, 40, 2000])
)

EXAMPLES = int(os.environ.get("XWK_FUZZ", "150"))

ASKED = st.builds(
    SearchRequest,
    q=LONG,
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    year=st.sets(st.sampled_from([1900, 2025, 9999]), max_size=2).map(tuple),
    month=st.sets(st.sampled_from(["1", "3", "12", "2025-03", "9999-12"]), max_size=2).map(tuple),
    term=st.lists(st.sampled_from(["台积电", "无此词"]) | HOSTILE, max_size=2, unique=True).map(tuple),
    section=st.lists(st.sampled_from(["政策", "无此栏"]) | HOSTILE, max_size=2, unique=True).map(tuple),
    columnist=st.sampled_from([(), (), ("莫大康",), ("莫大康", "某某")]) | st.tuples(HOSTILE),
    explain=st.booleans(),
    page=st.sampled_from([1, 1, 2, 1_000_000]),
    page_size=st.sampled_from([1, 20, 100]),
)


@pytest.fixture
def archive(make_issue: WeekMaker) -> None:
    for name in ("台积电", "陈立武", "Lip-Bu Tan 团队", "3nm", "HBM4"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue(
        {
            "台积电3nm": "HBM4 与 CoWoS-L，陈立武。\n第二段：12英寸、百分之二十。",
            "𠮷野家<b>": "“引号”OR 括号（）\\ * ?",
        },
        columnist="莫大康",
    )


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=ASKED)
def test_find_never_fails_and_keeps_its_word(archive: None, asked: SearchRequest) -> None:
    found = find(asked)
    if found is None:
        assert parse(asked.q, current_vocabulary()).tree is None
        return
    assert 0 <= len(found.results) <= min(found.total, asked.page_size)
    assert bool(found.total) == bool(found.results)
    assert not (found.is_relaxed and found.corrected)
    facets = facets_of(found.counted, asked)
    assert all(value.count for facet in facets for value in facet.values if not value.is_set)
    assert facet_names(found.counted, asked).keys() == {*found.facets, "term"}
    assert all(chip.url.startswith("?q=") for chip in chips_of(asked))
    assert found.page <= max(1, found.total)
    for hit in found.results:
        article = Article.objects.get(pk=hit.article.pk)
        assert article.issue.status == "published"
        assert "<script>" not in hit.title + hit.snippet
        assert "<b>" not in hit.title
        if asked.columnist:
            assert article.issue.columnist == "莫大康"


@settings(
    max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=LONG)
def test_nothing_else_that_reads_a_query_fails(archive: None, typed: str) -> None:
    article = Article.objects.published()[0]
    query = parse(typed, current_vocabulary())
    assert 0 <= count(query, SearchRequest(typed)) <= 2
    assert all(leaf.count >= leaf.run_count >= 0 for leaf in explain(query))
    assert len(complete(typed)) <= 10
    for mark in marks_in(article, typed):
        assert int(mark["start"]) < int(mark["end"])


@settings(
    max_examples=EXAMPLES // 5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=LONG, page=HOSTILE, year=HOSTILE, term=HOSTILE)
def test_every_address_answers(
    archive: None, client: Client, typed: str, page: str, year: str, term: str
) -> None:
    given = {"q": typed, "page": page, "year": year, "term": term, "sort": term}
    given |= {"month": page, "since": year, "until": term, "section": term, "columnist": page}
    # A browser sends no half characters.
    parameters = {name: value.encode("utf-8", "replace").decode() for name, value in given.items()}
    assert client.get("/search/", {**parameters, "explain": "1"}).status_code == 200
    assert client.get("/search/", {**parameters, "page": "2"}).status_code == 200
    assert client.get("/api/v1/search", parameters).status_code in (200, 422)
    assert client.get("/api/v1/search", {"q": parameters["q"]}).status_code == 200
    assert client.get("/api/v1/suggest", {"q": parameters["q"]}).status_code == 200
    pk = Article.objects.all()[0].pk
    assert client.get(f"/search/marks/{pk}/", {"q": parameters["q"]}).status_code == 200


EXTREME = {
    "one character": "芯" * 30_000,
    "a megabyte of words": "台积电 HBM4 -三星 " * 50_000,
    "quotation marks": '"' * 30_000,
    "parentheses": "(" * 10_000 + "芯" + ")" * 10_000,
    "quotations in quotations": "「" * 5_000 + "芯" + "」" * 5_000,
    "OR without end": "芯 OR " * 20_000,
    "exclusions": "-芯 " * 20_000,
    "fields": "title:term:columnist:" * 5_000,
    "NUL": "芯\x00片\x00",
    "half characters": "\ud800芯\udfff",
    "text that runs backwards": "\u202e芯\u2066片\u2069\u202c\u200f",
    "marks upon marks": "芯" + "\u0301" * 10_000,
    "wildcards": "*?" * 5_000,
    "joined letters": "ﬁ㎚Ⅲ㈱" * 5_000,
    "numbers": "九千九百九十九万亿" * 2_000,
}


@pytest.mark.parametrize("typed", EXTREME.values(), ids=EXTREME)
def test_the_extreme_is_answered_too(archive: None, client: Client, typed: str) -> None:
    found = find(SearchRequest(typed, explain=True))
    assert found is None or len(found.results) <= 20
    assert len(complete(typed)) <= 10
    q = typed.encode("utf-8", "replace").decode()
    for address in ("/search/", "/api/v1/search", "/api/v1/suggest"):
        assert client.get(address, {"q": q}).status_code == 200
