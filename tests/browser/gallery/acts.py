"""Brings a page into the state that is pictured, as a reader or an editor does."""

from __future__ import annotations

from itertools import count

from playwright.sync_api import Page, expect

from tests.browser.editors_week import TEXT, paste
from tests.server.site import Site

READER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
"""The search log leaves out browsers that say that a program drives them."""
SEARCHES = [
    "CoWoS",
    "HBM4",
    "HBM4",
    "昇腾910C",
    "光刻胶",
    "绝无此词",
    "taijidian",
    "先进封装 产能",
    "CoWoS",
    "玻璃基板 良率",
]
DRAFTS = count(2)
"""Every save of another editor must say something new, or it is none."""
MAKE_GOLDEN = """
from archive.models import Article
from insight.models import GoldenQuery
for query, title in (("昇腾910C 带宽", "昇腾910C"), ("HBM4 样品", "HBM4样品"), ("绝无此词", "CPO")):
    GoldenQuery.objects.create(query=query, article=Article.objects.filter(title__contains=title).first())
"""
KNOWN = """
from archive.models import Article, Issue
from archive.previews import link_for
from glossary.models import Term
draft = Issue.objects.exclude(pk__in=Issue.objects.published()).get()
print(draft.pk, draft.articles.first().pk, link_for(draft), Term.objects.get(name="台积电").pk)
"""


def known(site: Site) -> dict[str, str]:
    """Returns what the paths of `pages` leave open, in the archive with the one draft of the editors' week."""
    draft, draft_article, link, term = site.run_python(KNOWN).split()
    article = site.search("昇腾910C 带宽")["results"][0]["id"]
    threaded = next(
        hit["id"]
        for hit in site.search("HBM")["results"]
        if 'class="thread"' in site.get(f"/articles/{hit['id']}/").text
    )
    return {
        "article": article,
        "threaded": threaded,
        "draft": link,
        "draft_pk": draft,
        "draft_article": draft_article,
        "term": term,
    }


def search_around(member: Page) -> None:
    """Leaves the editors' report something to tell: searches, and articles opened from them."""
    for query in SEARCHES:
        member.goto(f"/search/?q={query}")
        first = member.locator(".hits h2 a").first
        if first.count():
            first.click()
            member.wait_for_load_state("networkidle")


# --- Members -------------------------------------------------------------------------------------------


def to_the_thread(page: Page) -> None:
    page.locator(".thread").evaluate(
        "thread => thread.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )


def to_the_explanation(page: Page) -> None:
    page.locator(".explanation").evaluate(
        "part => part.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )


def open_the_first_article(page: Page) -> None:
    page.locator(".contents a").first.click()
    expect(page.locator(".prose")).to_be_visible()


def fill_the_basket(page: Page) -> None:
    """An article, a paragraph of it with a note, and another article."""
    page.evaluate("localStorage.clear()")  # what the picture before put in
    page.reload()
    page.get_by_role("button", name="放进剪报篮", exact=True).click()
    page.locator(".block .clip").nth(1).dispatch_event("click")
    page.locator("a[rel=next], a[rel=prev]").first.click()
    page.get_by_role("button", name="放进剪报篮", exact=True).click()
    page.goto("/basket/")
    expect(page.locator("#basket-items li")).to_have_count(3)
    note = page.get_by_label("批注").nth(1)
    note.fill("写进第三节：互连带宽与单卡算力要分开说。")
    note.blur()
    page.evaluate("scrollTo(0, 0)")


# --- Editors -------------------------------------------------------------------------------------------


def paste_a_week(page: Page) -> None:
    """The week of the handbook, on a desk that may still hold it from the picture before."""
    if page.locator(".desk-card").count() == 0:
        paste(page, TEXT)
    expect(page.locator(".desk-card input[name=title]")).to_have_count(4)
    page.locator(".desk-said p").wait_for(state="detached")


def wait_for_the_sheet(page: Page) -> None:
    page.locator(".field-body .ProseMirror[contenteditable=true] > p").first.wait_for()


def save_after_another(page: Page) -> None:
    """Another window saves its own title first: what is sent after it is a conflict."""
    wait_for_the_sheet(page)
    other = page.context.new_page()
    other.goto(page.url)
    _rename(other, f"（第{next(DRAFTS)}稿）")
    expect(other.locator(".messagelist")).to_be_visible()
    other.close()
    _rename(page, "（终稿）")
    expect(page.get_by_role("heading", name="有人在您之前保存了改动")).to_be_visible()


def compare_versions(page: Page) -> None:
    page.get_by_role("link", name="与前一个版本比较").first.click()
    expect(page.locator(".compared").first).to_be_visible()


def _rename(page: Page, addition: str) -> None:
    title = page.locator("#id_title")
    title.fill(title.input_value().partition("（")[0] + addition)
    page.get_by_role("button", name="保存", exact=True).click()
