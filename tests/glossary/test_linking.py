"""Terms in an article's text lead to their topics: once, and nowhere where a link would do harm."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from archive.models import Article
from glossary.linking import MAX_GLOSS, gloss, linked_blocks
from glossary.models import Alias, Term
from tests.conftest import WeekMaker
from tests.writing import create, save


@pytest.fixture
def terms(db: None) -> None:
    tsmc = create(Term, name="台积电", kind=Term.Kind.COMPANY, note="全球最大的\n晶圆代工厂")
    create(Alias, term=tsmc, text="TSMC")
    create(Term, name="HBM", kind=Term.Kind.PRODUCT)
    create(Term, name="AT&T", kind=Term.Kind.COMPANY)


def links(article: Article) -> list[str]:
    html = "".join(block.html for block in linked_blocks(article))
    return re.findall(r'<a class="term"[^>]*>(.*?)</a>', html)


def with_body(make_issue: WeekMaker, body: str) -> Article:
    article = make_issue({"甲": ""}).articles.get()
    article.body = body
    save(article)
    return article


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>台积电与台积电，还有TSMC</p><p>台積電</p>", ["台积电"]),
        ("<p>先是 TSMC，后是台积电</p>", ["TSMC"]),
        ("<p>HBM 和 <strong>台積電</strong></p>", ["HBM", "台積電"]),
        ('<p><a href="https://example.org/">台积电官网</a>说台积电</p>', ["台积电"]),
        ("<h3>台积电扩产</h3><p>今天，台积电</p>", ["台积电"]),
        ("<p>台<strong>积电</strong>分成两半，HBM没有</p>", ["HBM"]),
        ("<table><tr><td>台积</td><td>电HBM</td></tr></table>", ["HBM"]),
        ("<p>1 &lt; 2，AT&amp;T &lt;b&gt;HBM</p>", ["AT&amp;T", "HBM"]),
        ("<p>没有词条</p>", []),
    ],
)
def test_each_term_is_linked_where_it_stands_first(
    make_issue: WeekMaker, body: str, expected: list[str]
) -> None:
    assert links(with_body(make_issue, body)) == expected


@pytest.mark.usefixtures("terms")
def test_without_its_links_the_text_is_as_it_was(make_issue: WeekMaker) -> None:
    body = '<p>1 &lt; 2，AT&amp;T <em>TSMC</em></p><ul><li>HBM</li></ul><p><a href="https://example.org/">x</a></p>'
    article = with_body(make_issue, body)
    bare = [re.sub(r'<a class="term"[^>]*>(.*?)</a>', r"\1", block.html) for block in linked_blocks(article)]
    assert bare == [str(block.html) for block in article.blocks]
    assert [block.text for block in linked_blocks(article)] == [block.text for block in article.blocks]


@pytest.mark.usefixtures("terms")
def test_a_gloss_says_what_it_is_or_how_else_it_is_called() -> None:
    tsmc, hbm = Term.objects.get(name="台积电"), Term.objects.get(name="HBM")
    assert gloss(tsmc) == "公司：全球最大的 晶圆代工厂"
    assert gloss(hbm) == "产品"
    create(Alias, term=hbm, text="高带宽内存")
    assert gloss(Term.objects.get(name="HBM")) == "产品，又作 高带宽内存"
    hbm.note = '"><script>' + "长" * 200
    assert len(gloss(hbm)) == MAX_GLOSS
    save(hbm)


@pytest.mark.usefixtures("terms")
def test_what_editors_write_in_a_note_is_text(client: Client, make_issue: WeekMaker) -> None:
    Term.objects.filter(name="HBM").update(note='"><script>alert(1)</script>')
    article = with_body(make_issue, "<p>HBM</p>")
    page = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;" in page
