"""Bodies as WeChat's editor takes them in: nothing of the text is lost, and nothing comes out that it would drop."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.body import allowed, clean
from archive.richtext import Node, parse, to_html
from archive.wechat.look import HEADINGS, STYLES, Look
from archive.wechat.rendering import Picture, Remark, Renderer
from tests.archive.wechat import PROPERTIES, TAGS, faults

PICTURE = Picture("data:image/png;base64,UE5H", 3, 800)
BASE = "https://example.org/articles/7/"


def rendered(html: str, look: Look = Look()) -> tuple[str, Renderer]:  # noqa: B008 - it is frozen
    renderer = Renderer(look, {"/figures/3/": PICTURE}, BASE)
    return to_html(*renderer.body(parse(clean(html), is_stored=True))), renderer


def unstyled(html: str) -> str:
    return re.sub(r' style="[^"]*"', "", html)


@pytest.mark.parametrize(
    ("body", "post"),
    [
        ("<p>一<b>二</b><i>三</i></p>", "<p>一<strong>二</strong><em>三</em></p>"),
        ("<h3>背景</h3><h4>其一</h4>", "<h4>背景</h4><h5>其一</h5>"),
        ("<ul><li>一</li><li>二</li></ul>", "<p>•\u2002一</p><p>•\u2002二</p>"),
        ('<ol start="4"><li>一</li><li>二</li></ol>', "<p>4.\u2002一</p><p>5.\u2002二</p>"),
        ("<ul><li>一<ol><li>二</li></ol>三</li></ul>", "<p>•\u2002一</p><p>1.\u2002二</p><p>三</p>"),
        ("<ul><li><p>一</p><p>二</p></li></ul>", "<p>•\u2002一</p><p>二</p>"),
        ("<ul><li><hr>一</li></ul>", "<p>•\u2002</p><hr><p>一</p>"),
        ("<blockquote>一<p>二</p></blockquote>", "<blockquote><p>一</p><p>二</p></blockquote>"),
        (
            "<table><tr><th>甲</th></tr><tr><td colspan=2><p>乙</p></td></tr></table>",
            "<section><table><tbody><tr><th>甲</th></tr>"
            '<tr><td colspan="2">乙</td></tr></tbody></table></section>',
        ),
        (
            '<figure><img src="/figures/3/" alt="产能" width="800"><figcaption>图1</figcaption></figure>',
            f'<section><p><img src="{PICTURE.address}" alt="产能"></p><p>图1</p></section>',
        ),
        ("零<p>一</p>二<strong>三</strong>", "<p>零</p><p>一</p><p>二<strong>三</strong></p>"),
        ("<strong>一<table><tr><td>二</td></tr></table></strong>",
         "<p>一</p><section><table><tbody><tr><td>二</td></tr></tbody></table></section>"),
    ],
)  # fmt: skip
def test_what_bodies_hold_comes_out_as_wechat_takes_it(body: str, post: str) -> None:
    assert unstyled(rendered(body)[0]) == post


def test_links_become_numbers_and_the_same_address_has_the_same_number() -> None:
    html, renderer = rendered(
        '<p><a href="https://a.example/x">报告</a>、<a href="/articles/4/">往期</a>、<a href="https://a.example/x">同上</a></p>'
    )
    assert unstyled(html) == "<p>报告<sup>[1]</sup>、往期<sup>[2]</sup>、同上<sup>[1]</sup></p>"
    notes = unstyled(to_html(*renderer.footnotes()))
    assert notes == (
        "<section><p>文中链接</p><p>[1] 报告：https://a.example/x</p>"
        "<p>[2] 往期：https://example.org/articles/4/</p></section>"
    )


def test_a_link_to_another_post_stays_and_an_address_in_the_text_needs_no_note() -> None:
    html, renderer = rendered(
        '<p><a href="https://mp.weixin.qq.com/s/abc">上期</a>'
        '<a href="https://a.example/x/">a.example/x</a><a href="mailto:mail@a.example">mail@a.example</a></p>'
    )
    assert unstyled(html) == (
        '<p><a href="https://mp.weixin.qq.com/s/abc">上期</a>a.example/xmail@a.example</p>'
    )
    assert renderer.footnotes() == []


@pytest.mark.parametrize("address", ["http://[", "https://mp.weixin.qq.com.a.example/s", "//a.example"])
def test_strange_addresses_are_notes(address: str) -> None:
    html, renderer = rendered(f'<p><a href="{address}">字</a></p>')
    assert "<a " not in html
    assert len(renderer.notes) == (1 if "[1]" in html else 0)


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        ('<p>一</p><p><img src="/figures/4/" alt="失"></p>', ("picture-missing", 2, "失")),
        ('<p><img src="/figures/3/" alt="小" width="200"></p>', ("picture-wider", 1, "小")),
        ('<p><a href="#p2">见下</a></p>', ("link-in-page", 1, "见下")),
        ("<table><tr>" + "<td>甲</td>" * 5 + "</tr></table>", ("wide-table", 1, "5 列")),
        ("<p>一</p><p>如图：〔图表：产能走势〕</p>", ("gap", 2, "〔图表：产能走势〕")),
    ],
)  # fmt: skip
def test_what_wechat_changes_is_told_with_its_place(body: str, remark: tuple[str, int, str]) -> None:
    _, renderer = rendered(body)
    kind, paragraph, about = remark
    assert renderer.remarks == [Remark(kind, renderer.place._replace(paragraph=paragraph), about)]


@pytest.mark.parametrize(
    "body",
    [
        '<p><img src="/figures/3/" alt="" width="375"></p>',
        "<table><tr>" + "<td>甲</td>" * 4 + "</tr></table>",
        "<p>国发〔2024〕5号</p>",
    ],
)
def test_what_stays_as_it_is_is_not_remarked(body: str) -> None:
    assert rendered(body)[1].remarks == []


WORDS = st.text("芯片HBM 4<&\"'\n\u3000•", min_size=1, max_size=8)
NESTING = "p h3 h4 ul ol li blockquote strong em sub sup a table tr td th figure figcaption div".split()


def elements(inner: st.SearchStrategy[Node | str]) -> st.SearchStrategy[Node]:
    attrs = st.sampled_from(
        [{}, {"href": "https://a.example/"}, {"href": "#x"}, {"start": "3"}, {"colspan": "2"}]
    )
    return st.builds(Node, st.sampled_from(NESTING), attrs, st.lists(inner, max_size=4))


TREES = st.recursive(
    WORDS | st.builds(Node, st.sampled_from(["br", "hr"])) | st.just(Node("img", {"src": "/figures/3/"})),
    elements,
    max_leaves=24,
)


def words_of(node: Node | str) -> str:
    if isinstance(node, str):
        return "".join(node.split())
    return "".join(map(words_of, node.children))


def without_additions(html: str) -> str:
    """The text of a rendered body, without markers of lists and numbers of notes."""
    tree = parse(html, is_stored=True)
    for node in [tree, *tree.find()]:
        children = node.children
        if node.tag == "p" and children and isinstance(first := children[0], str):
            children[0] = re.sub("^(?:[•◦▪]|\\d+\\.)\u2002", "", first)
        node.children = [
            child
            for child in children
            if isinstance(child, str)
            or not (child.tag == "sup" and re.fullmatch(r"\[\d+\]", words_of(child)))
        ]
    return words_of(tree)


@example([Node("figure", {}, [Node("figcaption", {}, ["表1"]), "其余"])], "bar")
@given(st.lists(TREES, max_size=5), st.sampled_from([*HEADINGS]))
def test_nothing_of_a_text_is_lost_and_only_what_wechat_takes_comes_out(
    nodes: list[Node | str], heading: str
) -> None:
    body = allowed(parse(to_html(*nodes)))
    renderer = Renderer(Look("#1d5a9e", heading), {"/figures/3/": PICTURE}, BASE)
    html = to_html(*renderer.body(body))
    assert without_additions(html) == words_of(body)
    assert faults(html) == []
    assert html.count("<img ") == len([*body.find("img")])


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_style_of_a_look_is_one_that_wechat_keeps(heading: str) -> None:
    look = Look("#1d5a9e", heading)
    every = [*map(look.style, STYLES), look.title(), look.title_number(), look.item(9, is_first=True)]
    for style in [*every, look.table(7)]:
        names = {declaration.split(":")[0].strip() for declaration in style.split(";")}
        assert names <= PROPERTIES, style
        assert "{" not in style


def test_the_allow_list_finds_what_wechat_drops() -> None:
    assert {"section", "table", "img"} <= TAGS
    for html in (
        '<div style="color:red">一</div>',
        '<p class="a">一</p>',
        '<p style="position:absolute">一</p>',
        '<p style="background:url(x)">一</p>',
        '<a href="https://a.example/">一</a>',
        '<img src="/figures/3/" alt="" style="max-width:100%">',
        "<ul><li>一</li></ul>",
    ):
        assert faults(html), html
