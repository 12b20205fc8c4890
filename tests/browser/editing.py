"""What editors do on the admin's pages of issues and articles."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MAKE_ARTICLE = """
import io
from PIL import Image
from django.core.files.base import ContentFile
from archive.body import clean
from archive.editing import save_article, save_issue
from archive.models import Article, Figure, Issue
issue = Issue(title={title!r}, start_date={date!r}, end_date={date!r}, status="published")
article = Article(position=1, title={title!r})
save_issue(issue, [article])
picture = io.BytesIO()
Image.new("RGB", (32, 20), "navy").save(picture, "PNG")
figure = Figure(article=article, image_format="png", width=32, height=20, alt="图样", sha256="0" * 64)
figure.image.save("figure.png", ContentFile(picture.getvalue()))
article.body = clean({body!r}.replace("FIGURE", figure.get_absolute_url()))
save_article(article)
print(article.pk)
"""
CARET_STANDS_AT_THE_END = """async sheet => {
    const caret = getSelection(), rest = document.createRange();
    if (!caret.isCollapsed || !sheet.contains(caret.focusNode)) return false;
    rest.selectNodeContents(sheet);
    rest.setStart(caret.focusNode, caret.focusOffset);
    if (rest.toString() !== "") return false;
    await new Promise(requestAnimationFrame);  // by the next frame the editor has heard of it, too
    return true;
}"""


def add_issue(page: Page, title: str, date: str, articles: list[tuple[str, str]]) -> None:
    """Fills in the issue form and, one by one, the texts of its articles. The issue stays a draft."""
    page.goto("/admin/archive/issue/add/")
    page.get_by_label("刊名").fill(title)
    page.get_by_label("开始日期").fill(date)
    page.get_by_label("结束日期").fill(date)
    for number, (heading, _) in enumerate(articles):
        page.get_by_role("button", name="再加一篇文章").click()
        expect(page.locator(f"#id_articles-{number}-position")).to_have_value(str(number + 1))
        page.locator(f"#id_articles-{number}-title").fill(heading)
    save(page, "保存草稿")
    for heading, text in articles:
        open_article(page, heading)
        write(page, text)
        save(page)


def open_article(page: Page, title: str) -> None:
    page.goto(f"/admin/archive/article/?q={title}")
    page.locator("#result_list").get_by_role("link", name=title, exact=True).click()
    expect(prose(page)).to_be_visible()


def open_issue(page: Page, title: str) -> None:
    page.goto(f"/admin/archive/issue/?q={title}")
    page.locator("#result_list").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_label("刊名")).to_have_value(title)


def prose(page: Page) -> Locator:
    """The sheet that an article's text is written on."""
    return page.locator(".field-body .ProseMirror[contenteditable=true]:not(.prose-menubar)").first


def to_the_end(sheet: Locator) -> None:
    """Puts the caret behind the last character. What is typed before it stands there goes elsewhere."""
    sheet.locator("p").last.click()
    sheet.page.keyboard.press("Control+End")
    sheet.page.wait_for_function(CARET_STANDS_AT_THE_END, arg=sheet.element_handle())


def write(page: Page, text: str) -> None:
    """Types at the end of the article's text."""
    to_the_end(prose(page))
    page.keyboard.insert_text(text)
    expect(prose(page)).to_contain_text(text)


def save(page: Page, button: str = "保存") -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(message(page)).to_contain_text("已保存")


def message(page: Page) -> Locator:
    return page.locator(".messagelist li").first
