"""What is sent to the desk twice is done once, and leads to what is stored: a second click, a reload, another window."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from lxml import html

from archive.models import Issue
from desk.models import Desk, DeskImage
from tests.archive.makers import TEXT, TITLES, image_bytes
from tests.desk.conftest import URL, Editor, said


def form(editor: Editor, name: str, place: int = 0, page: str = URL) -> dict[str, str]:
    """What the browser would send of one of the page's forms, without a button."""
    tree = html.fromstring(editor.client.get(page).content.decode())
    forms = tree.xpath(f"//form[@action='{URL}{name}/']")
    return dict(forms[place].form_values())


def errors(response: HttpResponse) -> list[str]:
    return html.fromstring(response.content.decode()).xpath(
        "//*[@class='desk-said']//p[@class='error']/text()"
    )


def post(editor: Editor, name: str, sent: dict[str, object]) -> HttpResponse:
    return editor.client.post(f"{URL}{name}/", sent, follow=True)


@pytest.mark.parametrize("how", ["draft", "preview", "look"])
def test_a_second_click_stores_nothing_more_and_leads_to_the_same_page(editor: Editor, how: str) -> None:
    editor.paste()
    sent = form(editor, "store") | {"how": how}
    first, second = post(editor, "store", sent), post(editor, "store", sent)
    assert Issue.objects.count() == 1
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert not errors(second)
    if how == "draft":
        assert said(first) == said(second)


def test_another_window_leads_to_what_the_week_became(editor: Editor) -> None:
    editor.paste()
    one, other = form(editor, "store"), form(editor, "store")
    post(editor, "store", one | {"how": "draft"})
    answer = post(editor, "store", other | {"how": "look"})
    kept = Desk.objects.get()
    assert answer.redirect_chain[-1][0] == kept.get_absolute_url()
    assert "没有再存一次" in said(answer)
    assert not errors(answer)


def test_an_old_window_does_not_store_the_week_that_lies_on_the_desk_now(editor: Editor) -> None:
    editor.paste()
    old = form(editor, "store")
    post(editor, "store", form(editor, "store") | {"how": "draft"})
    editor.paste(text=TEXT.replace("芯片一周记", "下一期"))
    post(editor, "store", old | {"how": "draft"})
    assert Issue.objects.get().title == "芯片一周记"
    assert editor.desk.state.title == "下一期"


def test_an_empty_desk_has_no_red_box(editor: Editor) -> None:
    editor.paste()
    page = form(editor, "store") | {"how": "draft"}
    act = form(editor, "do") | {"act": f"merge {editor.state.cards[1].key}"}
    editor.post("clear")
    for name, sent in (("store", page), ("do", act), ("clear", {}), ("text", {"target": "introduction"})):
        answer = post(editor, name, sent)
        assert not errors(answer), name
    assert "导入台是空的" in editor.act("merge 1")


def test_two_clicks_are_one_operation_and_two_pages_are_two(editor: Editor) -> None:
    editor.paste()
    third = editor.state.cards[2].key
    sent = form(editor, "do") | {"act": f"merge {third}"}
    answers = [post(editor, "do", sent) for _ in "12"]
    assert [said(answer) for answer in answers] == ["已并入上面。", "已并入上面。"]
    assert editor.desk.done == 1
    again = post(editor, "do", form(editor, "do") | {"act": f"merge {third}"})
    assert errors(again), "from a fresh page it is a mistake"


def test_a_figure_that_is_sent_twice_is_inserted_once(editor: Editor) -> None:
    editor.paste()
    first = editor.state.cards[0].paragraphs[0]
    sent = form(editor, "figure") | {"after": first.key}
    for colour in ("red", "red", "blue"):
        image = SimpleUploadedFile("图.png", image_bytes(9, 9, colour=colour))
        answer = post(editor, "figure", sent | {"image": image})
        assert not errors(answer)
    tags = [paragraph.tag for paragraph in editor.state.cards[0].paragraphs]
    assert tags == ["p", "figure", "figure", "p"], "another picture is another figure"
    assert DeskImage.objects.count() == 2


def test_of_several_pictures_at_once_each_one_tells_two_forms_apart(editor: Editor) -> None:
    editor.paste()
    sent = form(editor, "figure")
    for first in ("red", "blue", "blue"):
        images = [
            SimpleUploadedFile(f"图{number}.png", image_bytes(9, 9, colour=colour))
            for number, colour in enumerate((first, "green"))
        ]
        post(editor, "figure", sent | {"image": images})
    tags = [paragraph.tag for paragraph in editor.state.cards[0].paragraphs]
    assert tags.count("figure") == 4


def test_a_paste_that_is_sent_twice_keeps_what_was_done_between(editor: Editor) -> None:
    sent = form(editor, "open") | {"text": TEXT}
    post(editor, "open", sent)
    editor.act(f"drop {editor.state.cards[0].key}")
    answer = post(editor, "open", sent)
    assert not errors(answer)
    assert editor.titles == list(TITLES[1:])


def test_an_import_is_taken_back_once(editor: Editor) -> None:
    editor.paste()
    editor.post("store", how="draft")
    kept = Desk.objects.get()
    sent = form(editor, f"stored/{kept.pk}/take-back", page=kept.get_absolute_url())
    answers = [post(editor, f"stored/{kept.pk}/take-back", each) for each in (sent, sent, {})]
    assert [said(answer) for answer in answers] == [
        "已撤销导入，文库里不再有这一期。内容回到了导入台。",
        "已撤销导入，文库里不再有这一期。内容回到了导入台。",
        "这次导入已经撤销了，内容在导入台上。",
    ]
    assert editor.titles == list(TITLES)
