"""Figures at the desk: pasted, missing, put in, with their captions."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archive.models import Article, Figure
from desk.models import DeskImage
from tests.archive.makers import html_week, image_bytes
from tests.desk.conftest import PICTURE, URL, Editor, log_in, said


def _file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_pasted_images_become_figures_at_their_place(editor: Editor, client: Client) -> None:
    editor.paste(html=html_week(first_body=f"<p>看图：</p><p>{PICTURE}</p><p>图后。</p>"))
    before, figure, after = editor.state.cards[0].paragraphs
    assert (before.text, figure.tag, after.text) == ("看图：", "figure", "图后。")
    image = DeskImage.objects.get()
    assert editor.client.get(image.get_absolute_url())["Content-Type"] == "image/png"
    assert log_in("add_issue", name="other").client.get(image.get_absolute_url()).status_code == 404
    assert client.get(image.get_absolute_url()).status_code == 403
    editor.post("caption", paragraph=figure.key, alt="产能走势", caption="图1 <产能>")
    editor.post("store", how="draft")
    stored = Figure.objects.get()
    assert (stored.alt, stored.width) == ("产能走势", 40)
    assert "<figcaption>图1 &lt;产能&gt;</figcaption>" in Article.objects.get(position=1).body
    assert f'src="{stored.get_absolute_url()}"' in Article.objects.get(position=1).body


def test_a_remote_image_is_listed_as_missing_at_its_place_and_supplied_there(editor: Editor) -> None:
    remote = '<img data-src="https://mmbiz.example/x.png" src="data:,">'
    editor.paste(html=html_week(first_body=f"<p>看图：</p>{remote}<p>图后。</p>"))
    _, missing, after = editor.state.cards[0].paragraphs
    assert "mmbiz.example" in missing.missing
    assert after.text == "图后。"
    page = editor.page()
    assert "缺一张图片" in page
    assert "https://mmbiz" not in page
    said_ = editor.client.post(
        f"{URL}figure/",
        {"paragraph": missing.key, "image": _file("图.png", image_bytes(60, 30))},
        follow=True,
    )
    assert said(said_) == "图片已补上。"
    editor.post("store", how="draft")
    assert Figure.objects.get().width == 60


def test_the_last_image_of_an_article_is_missing_in_that_article(editor: Editor) -> None:
    editor.paste(html=html_week(first_body='<p>看图：</p><img src="https://example.org/x.png">'))
    assert [bool(paragraph.missing) for paragraph in editor.state.cards[0].paragraphs] == [False, True]
    assert not any(paragraph.missing for paragraph in editor.state.cards[1].paragraphs)


def test_a_figure_is_put_in_behind_a_paragraph(editor: Editor) -> None:
    editor.paste()
    first = editor.state.cards[0].paragraphs[0]
    editor.client.post(
        f"{URL}figure/", {"after": first.key, "image": _file("图.jpg", image_bytes(9, 9, "JPEG"))}
    )
    assert [paragraph.tag for paragraph in editor.state.cards[0].paragraphs] == ["p", "figure", "p"]
    assert "<figure>" in editor.page()


def test_several_images_fill_the_missing_places_and_the_rest_stand_behind(editor: Editor) -> None:
    remote = '<img src="https://example.org/{}.png">'
    body = f"<p>看图：</p>{remote.format(1)}<p>图后。</p>{remote.format(2)}<p>图2 另一张的说明</p>"
    editor.paste(html=html_week(first_body=body))
    first = next(paragraph for paragraph in editor.state.cards[0].paragraphs if paragraph.missing)
    files = [_file(f"图{number}.png", image_bytes(10 + number, 10)) for number in range(3)]
    answer = editor.client.post(f"{URL}figure/", {"paragraph": first.key, "image": files}, follow=True)
    assert said(answer) == "3 张图片都放好了。"
    pieces = editor.state.cards[0].paragraphs
    assert [piece.tag for piece in pieces] == ["p", "figure", "p", "figure", "figure"]
    assert pieces[3].caption == "图2 另一张的说明"
    editor.post("store", how="draft")
    assert sorted(Figure.objects.values_list("width", flat=True)) == [10, 11, 12]


def test_the_line_below_a_picture_that_names_it_becomes_its_caption_and_comes_back(editor: Editor) -> None:
    editor.paste(
        html=html_week(first_body="<p>看图：</p><p>图1 产能走势</p><p>图1中可以看出，产能在增长。</p>")
    )
    before = editor.state
    after = before.cards[0].paragraphs[0].key
    editor.client.post(f"{URL}figure/", {"after": after, "image": _file("图.png", image_bytes(9, 9))})
    pieces = editor.state.cards[0].paragraphs
    assert [(piece.tag, piece.caption) for piece in pieces] == [
        ("p", ""),
        ("figure", "图1 产能走势"),
        ("p", ""),
    ]
    editor.client.post(f"{URL}figure/", {"after": pieces[1].key, "image": _file("图.png", image_bytes(9, 9))})
    assert [piece.tag for piece in editor.state.cards[0].paragraphs] == ["p", "figure", "figure", "p"]
    editor.post("undo")
    editor.post("undo")
    assert editor.state == before


def test_of_several_images_one_that_is_none_keeps_all_of_them_out(editor: Editor) -> None:
    editor.paste()
    before = editor.state
    files = [_file("图1.png", image_bytes(9, 9)), _file("图2.png", b"no picture")]
    after = before.cards[0].paragraphs[0].key
    assert "图" in said(editor.client.post(f"{URL}figure/", {"after": after, "image": files}, follow=True))
    many = [_file(f"{number}.png", image_bytes(9, 9)) for number in range(21)]
    answer = editor.client.post(f"{URL}figure/", {"after": after, "image": many}, follow=True)
    assert "一次最多放 20 张图" in said(answer)
    assert editor.state == before
