"""A body holds clean HTML, and a plain text gets the subheads that it clearly has."""

from __future__ import annotations

import re
from html import escape, unescape

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.body import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, blocks_of, clean, from_text, tree_from
from archive.parsing import Line
from archive.richtext import parse, to_html
from archive.subheads import subhead_levels

SENTENCE = "这一季度的产能利用率继续回升，价格也止跌了。"


@pytest.mark.parametrize(
    ("lines", "levels"),
    [
        ([SENTENCE, "价格走势", SENTENCE], [0, 3, 0]),
        (["一、供给", SENTENCE, "二、需求", SENTENCE], [3, 0, 3, 0]),
        (["一、供给", "（一）晶圆", SENTENCE, "（二）封装", SENTENCE], [3, 4, 0, 4, 0]),
        (["（一）晶圆", SENTENCE], [3, 0]),
        (["(一)晶圆", SENTENCE], [3, 0]),
        (["第一章 供给", SENTENCE], [3, 0]),
        (["一、供给", SENTENCE, "价格走势", SENTENCE], [3, 0, 4, 0]),
    ],
)
def test_subheads_are_found(lines: list[str], levels: list[int]) -> None:
    assert subhead_levels(lines) == levels


@pytest.mark.parametrize(
    "lines",
    [
        ["文章仅供参考", SENTENCE],
        [SENTENCE, "最后一行没有句号"],
        [SENTENCE, "年份", "产能", "2024", "2025", SENTENCE],
        [SENTENCE, "2025年", SENTENCE],
        [SENTENCE, "1) 晶圆", "2) 封装", SENTENCE],
        [SENTENCE, "①晶圆", SENTENCE],
        [SENTENCE, "图1 产能", SENTENCE],
        [SENTENCE, "来源：集微网", SENTENCE],
        [SENTENCE, "作者:王工", SENTENCE],
        [SENTENCE, "他说：“会的”", SENTENCE],
        [SENTENCE, "先看供给，再看需求", SENTENCE],
        ["一、供给这一部分的文字很长很长，长到了谁也不会把它当成小标题的程度，是正文", SENTENCE],
        ["一、供给偏紧。", SENTENCE],
        ["一些公司", SENTENCE],
        [SENTENCE, "**", SENTENCE],
        [SENTENCE, "（一）"],
    ],
)
def test_what_only_looks_like_a_subhead_stays_a_paragraph(lines: list[str]) -> None:
    assert subhead_levels(lines) == [0] * len(lines)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]))
        | st.sampled_from([SENTENCE, "一、供给", "（二）封装", "走势"])
    )
)
def test_text_never_changes(lines: list[str]) -> None:
    html = from_text(lines)
    shown = [unescape(line) for line in re.sub(r"</?(?:p|h3|h4)>", "", html).split("\n") if line]
    assert shown == [line.strip() for line in lines if line.strip()]


@given(st.text(max_size=60))
def test_cleaning_text_again_changes_nothing(text: str) -> None:
    once = clean(from_text(text.splitlines()))
    assert clean(once) == once


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="https://a.example/x.png" alt="图>">', ""),
        ('<figure><img src="data:image/png;base64,xx"></figure>', ""),
        (
            '<img src="/figures/3/" alt="图" width="4" height="3">',
            '<img src="/figures/3/" alt="图" width="4" height="3">',
        ),
        ('<img src="/figures/../admin/logout/" alt="">', ""),
        ('<img src="/figures/3/../../admin/logout/" alt="">', ""),
        ('<img src="/figures/\t../admin/logout/" alt="">', ""),
        ('<img src="/figures/3/?x" alt="">', ""),
        ('<img src="figure:0" alt="">', ""),
        ("<h1>甲</h1>", "甲"),
        ('<a href="javascript:x()">甲</a>', '<a rel="noopener nofollow">甲</a>'),
    ],
)
def test_clean_keeps_our_own_figures_only(html: str, expected: str) -> None:
    assert clean(html) == expected


def test_headings_of_rich_text_become_h3_and_h4_below_the_title() -> None:
    lines = [
        Line(1, "甲", "<h4>甲</h4>", 4),
        Line(2, "乙", "<h6>乙</h6>", 6),
        Line(3, "丙", "<h4>丙</h4>", 4),
    ]
    assert to_html(tree_from(lines)) == "<h3>甲</h3>\n<h4>乙</h4>\n<h3>丙</h3>"


def test_list_read_item_by_item_is_one_list_again_and_a_lone_number_stays_a_paragraph() -> None:
    lines = [
        Line(1, "1. 甲", "<ol><li>甲</li></ol>"),
        Line(2, "2. 乙", '<ol start="2"><li>乙</li></ol>'),
        Line(3, "丙", "<p>丙</p>"),
        Line(4, "3. 丁", '<ol start="3"><li>丁</li></ol>'),
        Line(5, "- 戊", "<ul><li>戊</li></ul>"),
        Line(6, "- 己", "<ul><li>己</li></ul>"),
    ]
    assert to_html(tree_from(lines)) == (
        "<ol><li>甲</li><li>乙</li></ol>\n<p>丙</p>\n<p>3. 丁</p>\n<ul><li>戊</li><li>己</li></ul>"
    )


def test_plain_and_rich_lines_may_follow_each_other() -> None:
    assert (
        to_html(tree_from([Line(1, "甲 < 乙"), Line(2, "丙", "<p><b>丙</b></p>")]))
        == "<p>甲 &lt; 乙</p>\n<p><strong>丙</strong></p>"
    )


def test_blocks_are_numbered_and_read_as_a_reader_sees_them() -> None:
    blocks = blocks_of(
        "<p>甲</p><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table><ul><li>乙</li><li>丙</li></ul>"
    )
    assert [(block.anchor, block.tag, block.text) for block in blocks] == [
        ("p1", "p", "甲"),
        ("p2", "table", "1 2"),
        ("p3", "ul", "乙\n丙"),
    ]


def test_figures_around_tables_are_unwrapped_one_by_one() -> None:
    table = "<table><tbody><tr><td>甲</td></tr></tbody></table>"
    cleaned = clean(
        f"<figure>{table}<figcaption>注</figcaption></figure><p>乙</p><figure>{table}</figure>"
        "<table><caption>题</caption><tbody><tr><td>丙</td></tr></tbody></table>"
    )
    assert cleaned == (
        f"{table}<p>注</p><p>乙</p>{table}<p>题</p><table><tbody><tr><td>丙</td></tr></tbody></table>"
    )
    assert clean(cleaned) == cleaned


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "h3", "h4", "p", "blockquote", "ul><li"]),
            st.text("甲 \n\t\r&<>\"'\u3000\xa0a;#", max_size=12),
        ),
        max_size=5,
    ),
    st.sampled_from(["", "\n", " \n "]),
)
def test_blocks_are_the_elements_of_a_body_whatever_stands_between(
    elements: list[tuple[str, str]], gap: str
) -> None:
    closing = {"ul><li": "li></ul"}
    written = [f"<{tag}>{escape(text)}</{closing.get(tag, tag)}>" for tag, text in elements]
    blocks = blocks_of(clean(gap.join(written)))
    assert [block.html for block in blocks] == [clean(one).replace("&nbsp;", "\xa0") for one in written]
    assert [block.anchor for block in blocks] == [f"p{number}" for number in range(1, len(elements) + 1)]


_PLAIN_PIECES = [
    "<p>",
    "</p>",
    "<h3>",
    "</h3>",
    "<h4>",
    "</h4>",
    "\n",
    "甲",
    " ",
    "b>",
    "<",
    "&lt;",
    "<br>",
    "\x01",
    "\r",
]


@given(st.lists(st.sampled_from(_PLAIN_PIECES), max_size=4).map("".join), st.integers(0, 3))
def test_paragraphs_of_plain_text_are_read_as_any_html(piece: str, times: int) -> None:
    body = "\n".join([f"<p>{piece}</p>", *["<h3>乙</h3>", "<p>丙</p>"] * times, piece])
    for stored in (body, body.strip(), f"<p>{piece}</p>"):
        assert parse(stored, is_stored=True) == parse(stored)


# --- Held against a sanitiser that reads HTML as browsers do -------------------------------------------

_INLINE = ("strong", "em", "sub", "sup", "a")
_ATTRIBUTES = st.sampled_from(
    ["", " onclick='x()'", ' class="a"', ' style="color:red"', ' href="https://a.example/?a=1&amp;b=%22"']
    + [f' href="{scheme}x"' for scheme in ("javascript:", " java\tscript:", "\x01javascript:", "data:", "/")]
)
_TEXTS = st.text("甲 a&<>\"'\xa0;#/=", max_size=8).map(escape)


def _element(tag: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda attributes, text: f"<{tag}{attributes}>{text}</{tag}>", _ATTRIBUTES, inner)


_inline = st.one_of(_TEXTS, *(_element(tag, _TEXTS) for tag in _INLINE))
_block = st.one_of(
    *(_element(tag, _inline) for tag in ("p", "h2", "h3", "h4", "blockquote")),
    *(_element(tag, _element("li", _inline)) for tag in ("ul", "ol")),
    _element("table", _element("tr", _element("td", _inline))),
    st.just('<figure><img src="/figures/3/" alt="a"></figure>'),
)
_soup = st.lists(
    st.one_of(
        _TEXTS,
        st.builds(
            lambda tag, attributes: f"<{tag}{attributes}>", st.sampled_from(sorted(ALLOWED_TAGS)), _ATTRIBUTES
        ),
        st.sampled_from([f"</{tag}>" for tag in sorted(ALLOWED_TAGS)]),
        st.sampled_from(
            ["<script>x", "</script>", "<!--", "-->", "<svg>", "<a<", "<style>", "<math><mtext>", "<!x>"]
        ),
    ),
    max_size=12,
).map("".join)


def browsers_sanitiser(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


@given(st.lists(_block, max_size=4).map("\n".join))
def test_a_clean_body_is_what_a_browser_reads_and_nothing_has_to_be_taken_out(html: str) -> None:
    cleaned = clean(html)
    assert browsers_sanitiser(cleaned) == cleaned
    assert clean(cleaned) == cleaned


@given(_soup)
def test_whatever_is_sent_a_browser_finds_only_what_a_body_may_hold(html: str) -> None:
    tree = html5_tree(clean(html))
    for tag, attributes in tree:
        assert tag in ALLOWED_TAGS
        assert set(attributes) <= {*ALLOWED_ATTRIBUTES.get(tag, ()), "rel"}
        address = "".join(char for char in attributes.get("href", "") if char > " ").lower()
        assert not address.startswith(("javascript:", "data:"))


def html5_tree(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element that html5ever, which reads as browsers do, finds in a piece of HTML."""
    found: list[tuple[str, dict[str, str]]] = []

    def note(tag: str, name: str, value: str) -> str:
        found.append((tag, {name: value}))
        return value

    everything = {"script", "style", "svg", "math", "iframe", "object", "form", "input", *ALLOWED_TAGS}
    names = {
        "onclick",
        "style",
        "class",
        "href",
        "src",
        "title",
        "alt",
        "width",
        "height",
        "colspan",
        "rowspan",
        "start",
    }
    seen = nh3.clean(
        html,
        tags=everything,
        clean_content_tags=set(),
        attributes={"*": names},
        attribute_filter=note,
        url_schemes={"http", "https", "mailto", "javascript", "data"},
        link_rel=None,
    )
    return [*found, *((tag, {}) for tag in re.findall(r"<([a-z0-9]+)", seen))]
