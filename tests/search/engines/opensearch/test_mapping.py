"""What is looked up is what was stored: marks, pairs and words of any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.engines.opensearch.mapping import GAP, MARK, SEPARATOR, marked, marked_inside, pairs
from search.text import analysis
from search.text.runs import runs_of_query, runs_of_text

LETTERS = st.one_of(
    st.text(),
    st.text(st.sampled_from("ab1 9-芯片\n\x7f\x1e\x1f\u200b。C＋𠮷")),
    st.text(st.sampled_from("aZ09芯")),
)


@given(LETTERS)
def test_no_text_holds_what_the_engine_writes_between_characters(text: str) -> None:
    assert not {MARK, GAP, SEPARATOR} & {*runs_of_text(text)}
    assert not {MARK, GAP, SEPARATOR} & {*"".join(runs_of_query(text))}
    assert not [word for word in analysis.words(text) if "\n" in word or not word]


@given(LETTERS, LETTERS, LETTERS)
def test_a_marked_run_stands_where_the_run_stands(before: str, run: str, after: str) -> None:
    text, run = "".join(map(runs_of_text, (before, run, after))), runs_of_text(run)
    other = runs_of_text(after + before)
    for whole in (text, other):
        assert (marked_inside(run) in marked(whole)) == (run in whole)


@given(LETTERS)
def test_pairs_say_all_of_a_run(text: str) -> None:
    run = marked(text)
    asked = pairs(run)
    told = [""] * len(run)
    for place, pair in enumerate(asked):
        if pair != GAP:
            told[place : place + 2] = pair
    assert len(run) < 2 or "".join(told) == run
