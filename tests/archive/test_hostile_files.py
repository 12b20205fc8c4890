"""What was made to take for ever is read in linear time, or refused in words: shown by CPU time, not by the clock."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import pytest
from PIL import Image

from archive.body import blocks_of, clean, from_text
from archive.images import check_together, prepare_image
from archive.importing import prepare_week
from archive.limited import LimitedProcess
from archive.parsing import parse_issue
from archive.reading import read_file
from archive.reading.html import read_html
from archive.reading.markdown import read_markdown
from archive.refusal import ImportRefused
from archive.traditional import page_to_traditional
from tests.tiers import thinned

pytestmark = pytest.mark.slow

SIZE = 160_000
"""Characters: a quarter of it, and it whole, is read."""
TOO_MUCH = 9
"""Times the CPU of a quarter. Linear is 4, the square 16."""
TRIES = 12
"""A collection of garbage, or another process, doubles one run; nothing makes the square look linear."""
UNMEASURABLE = 0.1
"""Seconds of CPU below which a ratio says nothing, and nobody waits."""


def cpu(work: Callable[[], object]) -> float:
    """The least of two runs."""
    times = []
    for _ in range(2):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def cpu_with_children() -> float:
    return sum(sum(getrusage(who)[:2]) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))


def large_png() -> bytes:
    """25 million pixels, as many as one image may have, in 3 KB."""
    Image.new("1", (5000, 5000)).save(file := io.BytesIO(), format="PNG")
    return file.getvalue()


def screenshot() -> bytes:
    """3.7 million pixels in 170 KB."""
    Image.radial_gradient("L").resize((2560, 1440)).convert("RGB").save(file := io.BytesIO(), format="PNG")
    return file.getvalue()


def scanned_again_and_again(times: int) -> bytes:
    """A JPEG whose last scan comes so many times: each takes a look at every pixel, and 42 bytes."""
    Image.new("L", (5000, 5000), 128).save(file := io.BytesIO(), format="JPEG", progressive=True)
    jpeg = file.getvalue()
    last_scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last_scan * times + jpeg[-2:]


def address_of(image: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"


BOMB = address_of(large_png())


def assert_linear(work: Callable[[int], object], size: int = SIZE) -> None:
    ratios = []
    for _ in range(TRIES):
        whole = cpu(lambda: work(size))
        if whole <= UNMEASURABLE:
            return
        ratios.append(whole / cpu(lambda: work(size // 4)))
        if ratios[-1] < TOO_MUCH:
            return
    pytest.fail(f"four times as much takes {ratios} times as long")


HOSTILE = {
    "brackets within tags": "<a<a‹a",
    "figures around tables": "<figure><table></table><figcaption>a</figcaption>x</figure>",
    "ends of paragraphs": "</p>",
    "ampersands": "&",
    "entities": "&amp;",
    "paragraphs": "<p>",
    "formatting never closed": "<div><b>x</div>",
    "links in links": "<a href=x>y",
    "text in tables": "<table>x</table>",
    "rows": "<tr>x",
    "breaks": "x<br>",
    "comments": "<!--",
    "tags": "<a ",
    "quotes": "<a '",
    "end tags": '</a "',
    "brackets": "<",
    "scripts": "<script>",
    "svg": "<svg/>",
    "white space": "中 \n",
}
EACH = thinned((pytest.param(piece, id=name) for name, piece in HOSTILE.items()), every=3)


@pytest.mark.parametrize("piece", EACH)
def test_a_page_is_read_in_linear_time(piece: str) -> None:
    assert_linear(lambda size: read_html(piece * (size // len(piece))))


@pytest.mark.parametrize("piece", EACH)
def test_a_body_is_cleaned_and_cut_into_blocks_in_linear_time(piece: str) -> None:
    runs = iter(range(100))  # what was cleaned once is remembered
    assert_linear(lambda size: blocks_of(clean(f"{next(runs)}{piece * (size // len(piece))}")))


@pytest.mark.parametrize(
    "piece", thinned(["<!--", "<script>", "</script ", "<a '", '<a title="国', "<a", "'\"<a "], every=3)
)
def test_a_page_is_shown_in_traditional_characters_in_linear_time(piece: str) -> None:
    assert_linear(lambda size: page_to_traditional(piece * (size // len(piece))))


@pytest.mark.parametrize("line", ["|a|\n|-|", "- > a\n甲", '[a]: b "x'])
def test_markdown_is_read_in_linear_time(line: str) -> None:
    assert_linear(lambda size: read_markdown(f"{line}\n" * size), size=2000)


def test_an_element_of_a_hundred_thousand_attributes_is_read_in_linear_time() -> None:
    assert_linear(lambda size: read_html(f"<a {' '.join(f'a{n}=1' for n in range(size // 8))}>x"))


def test_formatting_that_is_never_closed_is_not_copied(tmp_path: Path) -> None:
    html = "<div><b id=1>" + "".join(f"<div><b id={number}>x</div>" for number in range(5000))
    assert len(read_html(html).lines) == 5000


@pytest.mark.parametrize(
    "line", thinned(["{}", "{}.", "{}. 甲", "一、", "2025.3.17-2025.3.21", "来源：甲", "甲乙丙丁"], every=2)
)
def test_the_parser_takes_linear_time(line: str) -> None:
    assert_linear(
        lambda size: parse_issue("\n".join(line.format(number) for number in range(size))), size=8_000
    )


@pytest.mark.parametrize(
    "piece",
    thinned(["1", "1.", "#", "*", " ", "（", "2025年", "【", "来源：", "http://", "-", "1 ", "一"], every=3),
)
def test_the_parser_takes_linear_time_for_a_long_line(piece: str) -> None:
    def parse(size: int) -> None:
        long = piece * (size // len(piece))
        parse_issue(f"周报\n2025.3.17-2025.3.21\n1. 甲\n{long}乙\n2. 丙{long}丁\n正文。")

    assert_linear(parse)


def test_a_plain_text_becomes_a_body_in_linear_time() -> None:
    assert_linear(lambda size: from_text(["价格走势", "合约价本季上涨。"] * size), size=20_000)


def test_200_000_bare_numbers_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "w.txt"
    path.write_text("\n".join(map(str, range(200_000))))
    with pytest.raises(ImportRefused, match=r"w\.txt: 文件有 200000 段，最多 20000 段。请分成几个文件"):
        read_file(path)


FILES = {
    "brackets": ("w.html", "<a<a‹a" * 50_000),
    "ends": ("w.html", "</p>" * 500_000),
    "ampersands": ("w.html", "&" * 490_000),
    "paragraphs": ("w.html", "<p>" * 1_700_000),
    "images": ("w.html", "<p>甲<img src='data:x'>" * 200_000),
    "paragraphs in an address": ("w.html", "<p>'data:" + "<p>甲" * 800_000),
    "breaks in spans": ("w.html", "<p>" + "<span>" * 190 + "<br>" * 500_000),
    "bombs": ("w.html", "".join(f"<p>{number}<img src='{BOMB}'></p>" for number in range(1000))),
    "screenshots": (
        "w.html",
        "<h1>周报</h1><h2>1. 甲</h2>" + f"<p><img src='{address_of(screenshot())}'></p>" * 23,
    ),
    "paragraphs in JSON": (
        "w.json",
        f"""{{"title": "周报", "articles": [{{"title": "甲", "html": "{"<p>甲" * 300_000}"}}]}}""",
    ),
    "table": ("w.md", "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "a\n" * 7000),
    "links": ("w.md", ("![](" * 4_999 + "\n") * 200),
    "lists in lists": ("w.json", "[" * 5_000_000),
    "digits": ("w.json", f"[{'9' * 5_000_000}]"),
    "weeks": ("w.json", f"[{','.join(['{}'] * 1_000_000)}]"),
}


@pytest.mark.parametrize(
    ("name", "content"),
    thinned((pytest.param(*file, id=what) for what, file in FILES.items()), every=2),
)
def test_a_file_is_read_or_refused_in_words_within_five_seconds_of_cpu(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    said = ""
    weeks = []
    began = cpu_with_children()
    try:
        weeks = read_file(path)
        for week in weeks:
            prepare_week(
                replace(week, title="周报", start_date=date(2025, 3, 17), end_date=date(2025, 3, 21))
            )
    except ImportRefused as refused:
        said = refused.message
    assert weeks or said
    assert cpu_with_children() - began < 5  # four are the child's limit


def test_many_images_are_refused_before_one_is_unpacked() -> None:
    with pytest.raises(ImportRefused, match="图片太多太大：5 张图已超过 10000 万像素"):
        check_together([large_png()] * 5)
    with pytest.raises(ImportRefused, match="图片太多太大：2001 张图"):
        check_together([b"no image"] * 20_000)
    check_together([large_png()] * 4)
    with pytest.raises(ImportRefused, match="图片太多太大：25 张图已有 9216 万像素，一次处理不完"):
        check_together([screenshot()] * 25)
    check_together([screenshot()] * 24)


def test_an_image_that_is_made_to_take_long_is_given_up() -> None:
    with (
        LimitedProcess(seconds=1) as process,
        pytest.raises(ImportRefused, match="这份内容太大或太复杂，没有导入。请分成几份，把图片"),
    ):
        process.call(prepare_image, scanned_again_and_again(2000))


# --- The process -----------------------------------------------------------------------------------------


def test_a_process_that_hangs_is_ended_and_the_next_call_has_a_new_one() -> None:
    with LimitedProcess(wall=1) as process:
        with pytest.raises(ImportRefused, match="太复杂，没有导入。请分成几份，或"):
            process.call(time.sleep, 600)
        assert process.call(sorted, "ba") == ["a", "b"]


def test_what_goes_wrong_in_the_process_is_raised_by_the_call_and_the_process_goes_on() -> None:
    with LimitedProcess() as process:
        with pytest.raises(ValueError, match="invalid literal"):
            process.call(int, "x")
        with pytest.raises(ImportRefused, match="嵌套超过 200 层") as refused:
            process.call(read_html, "\n<p>" + "<div>" * 300)
        assert refused.value.line == 2
        assert process.call(int, "3") == 3
