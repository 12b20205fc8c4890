"""Pictures beside shared links: text of a font that has Chinese, else none, and never a box."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from archive.models import Issue
from archive.pictures import fonts, layout
from archive.pictures.drawing import Picture, Series, draw
from tests.conftest import WeekMaker

LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
needs_font = pytest.mark.skipif(
    fonts.font(20) is None, reason="no font with Chinese on this machine: Debian has one in fonts-noto-cjk"
)
CHART = Picture("热度", "HBM4", series=[Series("HBM4", [1, 2, None, 3, 1, 5])], first="1月", last="3月")


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image.convert("RGB")


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels of a part are no paper."""
    return sum(count for count, colour in image.crop(box).getcolors(1 << 20) or [] if min(colour) < 200)


TITLE = (80, 130, 1120, 480)


@needs_font
def test_a_title_is_drawn_and_another_is_another_picture() -> None:
    one, other = (opened(draw(Picture("周报", title))) for title in ("台积电扩产", "三星减产"))
    assert ink(one, TITLE) > 1000
    assert one.tobytes() != other.tobytes()


@needs_font
@pytest.mark.parametrize("lacking", ["\U0010fffe", "\ue000", "\u0e01\u0e02"])
def test_what_the_font_lacks_is_left_out_and_no_box_is_drawn(lacking: str) -> None:
    assert draw(Picture("周报", f"台积电{lacking}扩产")) == draw(Picture("周报", "台积电扩产"))


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/font.ttf",
        __file__,
        pytest.param(str(LATIN), marks=pytest.mark.skipif(not LATIN.exists(), reason="no such font")),
    ],
)
def test_without_a_font_that_has_chinese_there_is_no_text_and_the_checks_say_so(
    settings: Any, path: str
) -> None:
    settings.PICTURE_FONT = path
    assert [message.id for message in fonts.check(None)] == ["archive.W001"]
    assert draw(Picture("周报", "台积电扩产", text="先进封装")) == draw(Picture("月报", "三星"))
    assert fonts.shown("台积电 TSMC") == ""
    image = opened(draw(CHART))
    assert ink(image, (150, 160, 1120, 430)) > 300  # the line itself is no text


def test_the_checks_are_silent_where_nothing_is_set() -> None:
    assert fonts.check(None) == []


@pytest.mark.parametrize(
    "picture",
    [
        Picture("", ""),
        Picture("周报" * 100, "长" * 300, text="字" * 2000),
        Picture("周报", "W" * 300, lines=["条" * 300] * 40),
        Picture(
            "热度", "、".join("词" * 200 for _ in range(5)), series=[Series("词" * 200, [None] * 60)] * 5
        ),
        Picture("热度", "一", series=[Series("一", [0])]),
        Picture("热度", "一", series=[Series("一", [])]),
        Picture("\ud800", "\ud800\n\n\t甲"),
    ],
    ids=lambda picture: picture.title[:5].encode("ascii", "backslashreplace").decode(),
)
def test_anything_can_be_drawn(picture: Picture) -> None:
    opened(draw(picture))


def test_lines_fit_and_no_line_begins_with_a_comma() -> None:
    text = "台积电扩产，HBM4 送样：（据悉）明年量产。" * 9
    lines = layout.wrapped(text, 7, 99, len)
    assert max(map(len, lines)) <= 8  # a mark that may not begin a line takes its neighbour along
    assert not [line for line in lines if line[0] in "，：）。"]
    assert not [line for line in lines if line[-1] == "（"]
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


# --- Their addresses -----------------------------------------------------------------------------------


def test_articles_and_issues_have_one_and_drafts_have_none(client: Client, make_issue: WeekMaker) -> None:
    public = make_issue({"台积电扩产": "先进封装。"})
    draft = make_issue({"草稿": "没有发布。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    for issue, status in ((public, 200), (draft, 404)):
        for page in (issue, issue.articles.get()):
            response = client.get(f"{page.get_absolute_url()}picture.png")
            assert response.status_code == status
            assert (response["Content-Type"] == "image/png") == (status == 200)
    assert client.get("/articles/999999/picture.png").status_code == 404


def test_a_picture_that_shows_something_else_has_another_address(
    client: Client, make_issue: WeekMaker
) -> None:
    article = make_issue({"台积电扩产": "先进封装。"}).articles.get()

    def address() -> str:
        return client.get(article.get_absolute_url()).content.decode().partition("picture.png?v=")[2][:10]

    before = address()
    assert len(before) == 10
    assert address() == before
    article.title = "台积电减产"
    article.save()
    assert address() != before
