"""The desk's cards: written without templates, as forms and templates of Django would write them."""

from __future__ import annotations

import re

import pytest

from desk.forms import CardForm
from desk.presenting import ShownCard, ShownLine, ShownWarning
from desk.state import Card, Paragraph
from desk.templatetags import cards
from tests.desk.conftest import Editor

CARD = Card(
    7,
    'A<b>&"c"',
    (Paragraph(8, "<p>一</p>"), Paragraph(9, missing="<图>没有带来。")),
    source="来<源>",
    source_url="https://example.org/?a=1&b=2",
)
TOKEN = {"csrf_token": "tok"}


def shown(card: Card = CARD, *, is_first: bool = False, is_last: bool = False) -> ShownCard:
    return ShownCard(card, 2, is_first, is_last, 1, [], [])


def acts(html: str) -> list[str]:
    return re.findall(r'name="act" value="([^"]*)"', html)


@pytest.mark.parametrize("card", [CARD, Card(12, "")])
def test_the_fields_of_a_card_are_those_of_its_form(card: Card) -> None:
    names = ("section", "title", "source", "source_url")
    initial = {"card": card.key, **{name: getattr(card, name) for name in names}}
    form = CardForm(initial=initial, auto_id=f"card_{card.key}_%s")
    html = cards.card_head(TOKEN, shown(card))
    for field in form:
        assert str(field) in html
    for name in names:
        assert f'for="{form[name].id_for_label}"' in html
    assert "第 2 篇的标题" in html
    assert html.count('name="csrfmiddlewaretoken" value="tok"') == html.count('name="form_token"') == 1


def test_a_card_can_be_merged_moved_and_dropped_and_the_outer_ones_less() -> None:
    assert acts(cards.card_tools(shown(), "")) == ["merge 7", "move 7 0", "move 7 2", "drop 7"]
    first, last = cards.card_tools(shown(is_first=True), ""), cards.card_tools(shown(is_last=True), "")
    assert ("并入导语" in first, "data-up disabled" in first, "data-down disabled" in first) == (
        True,
        True,
        False,
    )
    assert ("并入上一篇" in last, "data-up disabled" in last, "data-down disabled" in last) == (
        True,
        False,
        True,
    )
    assert "sign_off_with 7" in acts(last)
    assert ("编辑正文" in first, "编辑正文" in cards.card_tools(shown(), "7")) == (True, False)


def test_what_can_be_done_with_a_piece_depends_on_where_it_lies() -> None:
    [text, missing] = CARD.paragraphs
    assert acts(cards.pieces(TOKEN, [text], card=shown(is_first=True, is_last=True))) == [
        "split 8",
        "extend_introduction 8",
        "begin_sign_off 8",
    ]
    assert acts(cards.pieces(TOKEN, [text], part="introduction")) == ["split 8", "end_introduction 8"]
    assert acts(cards.pieces(TOKEN, [text], part="sign_off")) == ["split 8", "shorten_sign_off 8"]
    html = cards.pieces(TOKEN, [missing], card=shown())
    assert acts(html) == ["let_go 9"]
    assert "&lt;图&gt;没有带来。请在这里补上" in html


def test_a_figure_keeps_its_words() -> None:
    figure = '<figure><img src="/x.png" alt="产能&lt;b&gt;"><figcaption>图 1</figcaption></figure>'
    html = cards.pieces(TOKEN, [Paragraph(3, figure)], card=shown())
    assert 'name="caption" value="图 1"' in html
    assert 'name="alt" value="产能&lt;b&gt;"' in html
    assert acts(html) == ["let_go 3", "split 3"]


def test_lines_and_warnings_are_escaped() -> None:
    warning = ShownWarning("number-missing:3", "<缺>", 3, must_be_mended=False)
    error = ShownWarning("two-readings:0", "两种读法", None, must_be_mended=True)
    html = cards.source_lines([ShownLine(3, "<i>", "标题", "第 1 篇", 7, False, [warning])])
    assert '<a class="text" href="#k7">&lt;i&gt;</a>' in html
    assert "&lt;缺&gt;" in html
    assert 'class=" is-heading"' in html
    assert acts(html) == ["settle number-missing:3"]
    assert acts(cards.notices([error])) == ["read_otherwise"]


def test_each_form_of_the_page_is_carried_out_once(editor: Editor) -> None:
    html = editor.paste().content.decode()
    tokens = re.findall(r'name="form_token" value="(\w+)"', html)
    assert len(tokens) == len(set(tokens)) > len(editor.titles)
