"""What can be done on the desk, as functions on plain data."""

from __future__ import annotations

import datetime as dt
import json
import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.models import STATE
from desk.operations import OPERATIONS, OperationRefused, arguments, perform, replay
from desk.rewriting import rewritten
from desk.state import Card, Paragraph, State
from tests.archive.wholeness import visible

IMAGE = "/figures/desk/7/"
TEXTS = st.text(st.sampled_from("芯片一二三1。.、<&"), min_size=1, max_size=12).filter(str.strip)
LONG = "长" * 100


def paragraph(key: int, text: str) -> Paragraph:
    return Paragraph(key, f"<p>{escape(text, quote=False)}</p>", key)


def week() -> State:
    """Introduction 1, cards 2 (paragraphs 3 4), 5 (6 7 8) and 9 (10 11), sign-off 12 13; key and line are the same."""
    return State(
        title="芯片周报",
        start_date=dt.date(2025, 3, 17),
        end_date=dt.date(2025, 3, 21),
        introduction=(paragraph(1, "本周要点。"),),
        cards=(
            Card(2, "甲厂扩产", (paragraph(3, "新厂动工。"), paragraph(4, "明年投产。")), "1.", 2),
            Card(
                5,
                "乙厂换帅",
                (paragraph(6, "新帅上任。"), paragraph(7, "3. 丙厂涨价"), paragraph(8, "涨一成。")),
                "2.",
                5,
            ),
            Card(9, "丁厂停产", (paragraph(10, LONG), paragraph(11, "联系我们")), "4.", 9),
        ),
        sign_off=(paragraph(12, "作者：某某"), paragraph(13, "仅供参考")),
        next_key=14,
    )


def shape(state: State) -> list[object]:
    """Introduction, cards and sign-off as keys: `[[1], {2: [3, 4]}, …, [12]]`."""
    return [
        [paragraph.key for paragraph in state.introduction],
        *({card.key: [paragraph.key for paragraph in card.paragraphs]} for card in state.cards),
        [paragraph.key for paragraph in state.sign_off],
    ]


def do(name: str, **told: object) -> State:
    return perform(week(), {"name": name, **told})


@pytest.mark.parametrize(
    ("name", "told", "expected"),
    [
        ("merge", {"card": 5}, [[1], {2: [3, 4, 5, 6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
        ("merge", {"card": 2}, [[1, 2, 3, 4], {5: [6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
        ("split", {"paragraph": 7}, [[1], {2: [3, 4]}, {5: [6]}, {7: [8]}, {9: [10, 11]}, [12, 13]]),
        ("split", {"paragraph": 10}, [[1], {2: [3, 4]}, {5: [6, 7, 8]}, {9: []}, {14: [10, 11]}, [12, 13]]),
        ("split", {"paragraph": 1}, [[], {1: []}, {2: [3, 4]}, {5: [6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
        ("split", {"paragraph": 13}, [[1], {2: [3, 4]}, {5: [6, 7, 8]}, {9: [10, 11]}, {13: []}, [12]]),
        ("move", {"card": 9, "place": 0}, [[1], {9: [10, 11]}, {2: [3, 4]}, {5: [6, 7, 8]}, [12, 13]]),
        ("move", {"card": 2, "place": 99}, [[1], {5: [6, 7, 8]}, {9: [10, 11]}, {2: [3, 4]}, [12, 13]]),
        ("drop", {"card": 5}, [[1], {2: [3, 4]}, {9: [10, 11]}, [12, 13]]),
        ("end_introduction", {"paragraph": 1}, [[], {2: [1, 3, 4]}, {5: [6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
        ("extend_introduction", {"paragraph": 4}, [[1, 2, 3, 4], {5: [6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
        ("extend_introduction", {"paragraph": 3}, [[1, 2, 3], {4: []}, {5: [6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
        ("begin_sign_off", {"paragraph": 11}, [[1], {2: [3, 4]}, {5: [6, 7, 8]}, {9: [10]}, [11, 12, 13]]),
        ("sign_off_with", {"card": 9}, [[1], {2: [3, 4]}, {5: [6, 7, 8]}, [9, 10, 11, 12, 13]]),
        ("shorten_sign_off", {"paragraph": 12}, [[1], {2: [3, 4]}, {5: [6, 7, 8]}, {9: [10, 11, 12]}, [13]]),
        ("insert", {"after": 3, "image": IMAGE, "alt": "", "caption": ""}, [[1], {2: [3, 14, 4]}, {5: [6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
        ("insert", {"after": 2, "image": IMAGE, "alt": "", "caption": ""}, [[1], {2: [14, 3, 4]}, {5: [6, 7, 8]}, {9: [10, 11]}, [12, 13]]),
    ],
)  # fmt: skip
def test_pieces_go_where_the_editor_puts_them(
    name: str, told: dict[str, object], expected: list[object]
) -> None:
    assert shape(do(name, **told)) == expected


def test_a_paragraph_that_was_a_heading_loses_its_number_and_gets_it_back() -> None:
    split = do("split", paragraph=7)
    assert (split.cards[2].marker, split.cards[2].title) == ("3.", "丙厂涨价")
    merged = perform(split, {"name": "merge", "card": 7})
    assert [paragraph.text for paragraph in merged.cards[1].paragraphs] == [
        "新帅上任。",
        "3. 丙厂涨价",
        "涨一成。",
    ]
    assert shape(merged) == shape(week())


def test_a_long_paragraph_is_no_heading() -> None:
    card = do("split", paragraph=10).cards[3]
    assert (card.title, card.paragraphs[0].text) == ("", LONG)


def test_what_was_dropped_comes_back_to_its_place() -> None:
    dropped = do("drop", card=5)
    assert [card.key for card in dropped.dropped] == [5]
    assert perform(dropped, {"name": "put_back", "card": 5}) == week()


def test_an_edited_text_keeps_the_keys_of_what_was_not_changed() -> None:
    state = do(
        "rewrite", target="5", html="<p>新帅上任了。</p>\n<p>3. 丙厂涨价</p>\n<p>插入。</p>\n<p>涨一成。</p>"
    )
    assert shape(state)[2] == {5: [6, 7, 14, 8]}
    assert [paragraph.line for paragraph in state.cards[1].paragraphs] == [6, 7, None, 8]


def test_the_place_of_a_missing_figure_survives_an_edit() -> None:
    missing = Paragraph(20, line=6, missing="这张图在别的网站上，没有导入。")
    card = Card(5, "乙", (paragraph(6, "甲。"), missing, paragraph(8, "丙。")), line=5)
    state = perform(
        State(cards=(card,), next_key=21),
        {"name": "rewrite", "target": "5", "html": "<p>甲。</p>\n<p>乙。</p>\n<p>丙。</p>"},
    )
    assert [paragraph.key for paragraph in state.cards[0].paragraphs] == [6, 20, 21, 8]


def test_a_missing_figure_is_supplied_and_described() -> None:
    missing = Paragraph(3, line=6, missing="没有导入。")
    state = State(cards=(Card(2, "乙", (missing,)),), next_key=4)
    state = perform(state, {"name": "supply", "paragraph": 3, "image": IMAGE, "alt": "", "caption": ""})
    state = perform(state, {"name": "caption", "paragraph": 3, "alt": '价格"图"', "caption": "图1 <价格>"})
    assert state.cards[0].paragraphs[0].html == (
        f'<figure><img src="{IMAGE}" alt="价格&quot;图&quot;"><figcaption>图1 &lt;价格&gt;</figcaption></figure>'
    )
    assert perform(state, {"name": "let_go", "paragraph": 3}).cards[0].paragraphs == ()


def test_only_a_figure_is_let_go_with_one_click() -> None:
    with pytest.raises(OperationRefused, match="编辑正文"):
        do("let_go", paragraph=3)


@pytest.mark.parametrize(
    "name", [name for name in OPERATIONS if {"card", "paragraph", "after"} & set(arguments(name))]
)
def test_what_is_no_longer_there_is_refused_in_words(name: str) -> None:
    told = {
        argument: 99 if argument in ("card", "paragraph", "after", "place") else ""
        for argument in arguments(name)
    }
    with pytest.raises(OperationRefused, match="请"):
        do(name, **told)


# --- Whatever is done ------------------------------------------------------------------------------------


@st.composite
def weeks(draw: st.DrawFn) -> State:
    keys = iter(range(1, 1000))

    def paragraphs() -> tuple[Paragraph, ...]:
        return tuple(paragraph(next(keys), text) for text in draw(st.lists(TEXTS, max_size=4)))

    introduction = paragraphs()
    cards = tuple(
        Card(next(keys), title.strip(), paragraphs(), draw(st.sampled_from(["", "1.", "（三）"])), line)
        for line, title in enumerate(draw(st.lists(TEXTS, max_size=5)), start=1)
    )
    return State(introduction=introduction, cards=cards, sign_off=paragraphs(), next_key=2000)


MOVING = [name for name in OPERATIONS if name not in ("describe", "settle", "label", "rewrite", "supply", "insert", "caption", "let_go")]  # fmt: skip


def characters(state: State) -> list[str]:
    """Every visible character on the desk, sorted."""
    cards = [f"{card.marker}{card.title}" for card in (*state.cards, *state.dropped)]
    return sorted(visible("".join([*cards, *(piece.text for piece in state.paragraphs())])))


@given(weeks(), st.data())
def test_no_operation_loses_or_doubles_a_piece(state: State, data: st.DataObject) -> None:
    """Any twelve things an editor may do; what makes no sense is refused and changes nothing."""
    first = state
    done = []
    for _ in range(12):
        name = data.draw(st.sampled_from(MOVING))
        some_key = st.sampled_from(
            [card.key for card in (*state.cards, *state.dropped)] + state.keys() or [1]
        )
        told = {
            argument: data.draw(st.integers(0, 6) if argument == "place" else some_key)
            for argument in arguments(name)
        }
        operation = {"name": name, **told}
        try:
            state = perform(state, operation)
        except OperationRefused:
            continue
        done.append(json.loads(json.dumps(operation)))
        assert state.keys() == first.keys()
        assert characters(state) == characters(first)
        assert replay(first, done) == state  # what undo and redo rely on
    assert STATE.validate_python(json.loads(json.dumps(STATE.dump_python(state, mode="json")))) == state


@given(weeks())
def test_an_untouched_text_is_the_same_after_an_edit(state: State) -> None:
    for card in state.cards:
        html = "\n".join(paragraph.html for paragraph in card.paragraphs)
        assert perform(state, {"name": "rewrite", "target": str(card.key), "html": html}) == state


def test_an_edit_of_two_thousand_like_paragraphs_is_compared_in_little_time() -> None:
    def seconds(count: int) -> float:
        old = [Paragraph(key, "<p>甲</p>", key) for key in range(count)]
        begin = time.process_time()
        rewritten(old, "<p>甲</p><p>乙</p>" * (count // 2), count)
        return time.process_time() - begin

    whole = min(seconds(2000), seconds(2000))
    assert whole < 0.1 or whole < 27 * min(seconds(500), seconds(500)), "the square is 16, the cube 64"
