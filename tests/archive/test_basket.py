"""The clipping basket: the browser sends keys, the archive gives the text."""

from __future__ import annotations

import datetime as dt
import doctest
import html
import io
import json
import re
from typing import Any

import docx
import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from markdown_it import MarkdownIt

from archive import markdown
from archive.basket import files, items
from archive.basket.items import MAX_ITEMS, MAX_NOTE, Item, read_clippings
from archive.models import Article, Figure, Issue
from tests.archive.makers import image_bytes
from tests.conftest import WeekMaker
from tests.writing import save

BODY = (
    "<p>台积电 *扩产* &lt;b&gt; 到 [嘉义]</p><h3>背景</h3><ul><li>一厂</li><li>二厂</li></ul>"
    "<table><tr><th>年份</th><th>产能</th></tr><tr><td>2025</td><td>7.5万片</td></tr></table>"
)


@pytest.fixture
def article(make_issue: WeekMaker) -> Article:
    made = make_issue({"嘉义 & 高雄": "x"}).articles.get()
    made.body = BODY
    save(made)
    return Article.objects.get()


@pytest.fixture
def secret(make_issue: WeekMaker) -> Article:
    return make_issue({"秘密": "机密正文"}, end_date="2025-03-28", status=Issue.Status.DRAFT).articles.get()


def exported(client: Client, suffix: str, *wanted: dict[str, Any]) -> HttpResponse:
    response: HttpResponse = client.post("/basket/export/", {"items": json.dumps(wanted), "format": suffix})  # type: ignore[assignment]
    return response


def text_of_docx(response: HttpResponse) -> str:
    document = docx.Document(io.BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def read(response: HttpResponse) -> str:
    is_docx = "wordprocessing" in response["Content-Type"]
    return text_of_docx(response) if is_docx else response.content.decode()


@pytest.mark.parametrize("suffix", files.WRITERS)
def test_a_file_has_text_notes_and_where_it_comes_from(client: Client, article: Article, suffix: str) -> None:
    response = exported(
        client, suffix, {"key": f"{article.pk}-p3", "note": "先看这里"}, {"key": str(article.pk), "note": ""}
    )
    assert response["Content-Disposition"].startswith('attachment; filename="jianbao-')
    assert response["Content-Disposition"].endswith(f'.{suffix}"')
    text = read(response)
    for expected in ("二厂", "先看这里", "背景", "7.5万片", "//测试周报: 第 1 篇. (2025-03-21)"):
        assert expected in text
    assert f"http://testserver/articles/{article.pk}/#p3" in text
    assert text.index("先看这里") < text.index("背景"), "in the reader's order"


@pytest.mark.parametrize("suffix", files.WRITERS)
def test_neighbours_of_one_article_stand_under_one_heading_and_are_cited_once(
    client: Client, make_issue: WeekMaker, article: Article, suffix: str
) -> None:
    other = make_issue({"另一篇": "乙文"}, end_date="2025-03-14", columnist="莫大康").articles.get()
    keys = [f"{article.pk}-p1", f"{article.pk}-p3", f"{other.pk}", f"{article.pk}-p2"]
    text = html.unescape(read(exported(client, suffix, *({"key": key, "note": ""} for key in keys))))
    today = timezone.localdate()
    cited = re.sub(r"\\(?=[\[\]])", "", text).count
    assert cited(f"嘉义 & 高雄[EB/OL]//测试周报: 第 1 篇. (2025-03-21)[{today}]. ") == 2
    assert cited(f"来源：莫大康. 另一篇[EB/OL]//测试周报: 第 1 篇. (2025-03-14)[{today}]. ") == 1
    assert text.count("嘉义 & 高雄") == 4, "a heading and a citation, twice"
    assert text.count("来源：同上. ") == 1
    assert text.index("来源：同上") < text.index("乙文") < text.rindex("背景"), "in the reader's order"


def test_a_word_file_is_a4_and_notes_and_sources_have_styles_of_their_own(
    client: Client, article: Article
) -> None:
    response = exported(client, "docx", {"key": f"{article.pk}-p1", "note": "先看这里"})
    document = docx.Document(io.BytesIO(response.content))
    [page] = document.sections
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    styles = {
        paragraph.text[:4]: paragraph.style.name for paragraph in document.paragraphs if paragraph.style
    }
    assert (styles["批注：先"], styles["台积电 "]) == ("批注", "Normal")
    assert next(style for text, style in styles.items() if text.startswith("来源：")) == "来源"


def test_markdown_shows_the_text_as_it_is(client: Client, article: Article) -> None:
    markdown = read(exported(client, "md", {"key": f"{article.pk}-p1", "note": "# 1. *x* <script>"}))
    page = MarkdownIt("commonmark").render(markdown)
    assert "台积电 *扩产* &lt;b&gt; 到 [嘉义]" in page
    assert "# 1. *x* &lt;script&gt;" in page
    assert "<script>" not in page


def test_a_page_escapes_notes(client: Client, article: Article) -> None:
    page = read(exported(client, "html", {"key": str(article.pk), "note": "<script>alert(1)</script>"}))
    assert "<script>" not in page
    assert "嘉义 &amp; 高雄" in page


def test_the_page_shows_the_readers_script_and_a_file_quotes_the_original(
    client: Client, article: Article
) -> None:
    client.cookies["reading"] = "normal-hant"
    found = client.get(f"/basket/clippings/?keys={article.pk}-p1").json()["clippings"]
    assert (found[0]["text"][:6], found[0]["place"][:6]) == ("台積電 *擴", "《測試周報》")
    assert "测试周报" in read(exported(client, "html", {"key": str(article.pk)}))


@pytest.mark.parametrize("suffix", files.WRITERS)
def test_a_draft_is_in_no_basket(client: Client, article: Article, secret: Article, suffix: str) -> None:
    both = [{"key": str(secret.pk), "note": ""}, {"key": str(article.pk), "note": ""}]
    assert "机密" not in read(exported(client, suffix, *both))
    assert "秘密" not in read(exported(client, suffix, *both))
    only = exported(client, suffix, {"key": f"{secret.pk}-p1", "note": ""})
    assert (only.status_code, "都已撤回" in only.content.decode()) == (400, True)


def test_the_page_asks_what_stands_there_and_hears_nothing_of_drafts(
    client: Client, article: Article, secret: Article
) -> None:
    keys = f"{secret.pk},{article.pk}-p1,{article.pk}-p99,{article.pk}"
    found = client.get(f"/basket/clippings/?keys={keys}").json()["clippings"]
    assert [clipping["key"] for clipping in found] == [f"{article.pk}-p1", str(article.pk)]
    assert found[0]["text"] == "台积电 *扩产* <b> 到 [嘉义]"
    assert found[0]["place"] == "《测试周报》2025年3月21日第 1 篇"
    assert found[0]["url"] == f"http://testserver/articles/{article.pk}/#p1"


@pytest.mark.parametrize(
    ("posted", "reason"),
    [
        ("", "还是空的"),
        ("nonsense", "剪报篮的内容有误"),
        ("[]", "还是空的"),
        ("{}", "还是空的"),
        ('{"a": 1}', "还是空的"),
        ('["97"]', "剪报篮的内容有误"),
        ('[{"key": "97; drop", "note": ""}]', "剪报篮的内容有误"),
        ('[{"key": "97-p1/../x", "note": ""}]', "剪报篮的内容有误"),
        ('[{"note": "x"}]', "剪报篮的内容有误"),
        ('[{"key": "1", "note": ["x"]}]', "剪报篮的内容有误"),
        (json.dumps([{"key": "1"}] * (MAX_ITEMS + 1)), f"最多 {MAX_ITEMS} 条"),
    ],
)
def test_what_is_no_basket_is_refused_with_a_reason(
    client: Client, db: None, posted: str, reason: str
) -> None:
    response = client.post("/basket/export/", {"items": posted, "format": "md"})
    assert response.status_code == 400
    assert reason in response.content.decode()


def test_other_formats_methods_and_forged_forms_are_refused(client: Client, article: Article) -> None:
    assert exported(client, "exe", {"key": str(article.pk)}).status_code == 400
    assert client.get("/basket/export/").status_code == 405
    assert client.get("/basket/clippings/?keys=x").status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert exported(strict, "md", {"key": str(article.pk)}).status_code == 403


def test_notes_are_bounded_and_hold_nothing_that_word_refuses(client: Client, article: Article) -> None:
    note = "\x00\x0b\ud800批注" + "长" * 3 * MAX_NOTE
    text = text_of_docx(exported(client, "docx", {"key": str(article.pk), "note": note}))
    assert "批注长长" in text
    assert text.count("长") == MAX_NOTE - 2


def test_figures_are_in_the_word_file_and_have_whole_addresses_elsewhere(
    client: Client, article: Article, secret: Article, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def add_figure(to: Article, image_format: str, sha: str) -> Figure:
        data = image_bytes(image_format="WEBP" if image_format == "webp" else "PNG")
        figure = Figure(article=to, image_format=image_format, width=40, height=30, sha256=sha * 64)
        figure.image.save("x", ContentFile(data))
        return figure

    ours = [add_figure(article, "webp", "a"), add_figure(article, "png", "b")]
    theirs = add_figure(secret, "png", "c")
    article.body = "".join(
        f'<figure><img src="/figures/{figure.pk}/" alt="图"><figcaption>图注</figcaption></figure>'
        for figure in [*ours, theirs]
    )
    save(article)
    document = docx.Document(io.BytesIO(exported(client, "docx", {"key": str(article.pk)}).content))
    assert len(document.inline_shapes) == 2, "not the one of a draft"
    for suffix in ("md", "html"):
        assert f'src="http://testserver/figures/{ours[0].pk}/"' in read(
            exported(client, suffix, {"key": str(article.pk)})
        )


def test_the_number_of_queries_does_not_grow_with_the_basket(
    make_issue: WeekMaker, django_assert_num_queries: Any
) -> None:
    made = make_issue({f"第{number}篇": "文" for number in range(1, 21)}).articles.all()
    wanted = [Item(article.pk) for article in made]
    with django_assert_num_queries(1):
        found = read_clippings(wanted, absolute=str)
        assert "第20篇" in files.as_markdown(found, dt.date(2025, 3, 21), str)


@pytest.mark.parametrize("module", [items, markdown])
def test_examples_in_docstrings_are_true(module: Any) -> None:
    result = doctest.testmod(module)
    assert (result.attempted > 0, result.failed) == (True, 0)


@pytest.mark.parametrize("suffix", files.WRITERS)
def test_selected_words_are_quoted_as_the_archive_has_them(
    client: Client, article: Article, suffix: str
) -> None:
    length = len("".join(article.blocks[0].text.split()))
    text = read(exported(client, suffix, {"key": f"{article.pk}-p1.0-3.{length}", "note": ""}))
    assert "台积电" in text
    assert "扩产" not in text
    assert f"/articles/{article.pk}/#p1" in text


def test_selected_words_of_a_changed_paragraph_are_gone(client: Client, article: Article) -> None:
    key = f"{article.pk}-p1.0-3.99"
    assert client.get(f"/basket/clippings/?keys={key}").json() == {"clippings": []}
    for wrong in (f"{article.pk}-p1.3-0.15", f"{article.pk}-p9.0-3.15"):
        assert client.get(f"/basket/clippings/?keys={wrong}").json() == {"clippings": []}
    for malformed in (f"{article.pk}-p1.0-3", f"{article.pk}.0-3.5", f"{article.pk}-p1.a-3.5"):
        assert client.get(f"/basket/clippings/?keys={malformed}").status_code == 400


def test_words_without_a_note_stand_in_a_line_of_their_own_key(client: Client, article: Article) -> None:
    length = len("".join(article.blocks[2].text.split()))
    keys = [f"{article.pk}-p3.0-2.{length}", f"{article.pk}-p3.2-4.{length}"]
    found = client.get(f"/basket/clippings/?keys={','.join(keys)}").json()["clippings"]
    assert [(one["key"], one["text"]) for one in found] == [(keys[0], "一厂"), (keys[1], "二厂")]
