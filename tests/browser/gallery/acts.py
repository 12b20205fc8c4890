"""Brings a page into the state that is pictured, as a reader or an editor does."""

from __future__ import annotations

import datetime as dt
from itertools import count, cycle

from playwright.sync_api import Page, expect

from tests.browser.editors_week import TEXT, paste
from tests.desk.back_issues import back_issue
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
LATE_2024 = dt.date(2024, 10, 4)
DRAFTS = count(2)
"""Every save of another editor must say something new, or it is none."""
TOKENS = cycle(["家里的阅读器", "统计脚本", "手机上的阅读器"])
MAKE_GOLDEN = """
from archive.models import Article
from insight.models import GoldenQuery
for query, title in (("昇腾910C 带宽", "昇腾910C"), ("HBM4 样品", "HBM4样品"), ("绝无此词", "CPO")):
    GoldenQuery.objects.create(query=query, article=Article.objects.filter(title__contains=title).first())
"""
MAKE_REPORTS = """
from archive import reporting
from archive.models import Article
for title, anchor, message, contact in (
    ("CPO", "", "标题里的公司名写错了。", ""),
    ("HBM4样品", "p2", "出货量与上一段的数字对不上，一个说 120 万，一个说 210 万。", "wang@example.com"),
    ("昇腾910C", "p2", "单位应为 TB/s。", ""),
):
    article = Article.objects.filter(title__contains=title).first()
    reporting.report(article, reporting.passage_of(article, anchor) or reporting.Passage(), message, contact)
"""
MAKE_PROPOSAL = """
from django.contrib.auth.models import Group, User
from archive import editing, reviewing
from archive.models import Article
editor = User.objects.create_user("bianji", first_name="小林", is_staff=True)
editor.groups.add(Group.objects.get(name="编辑"))
article = Article.objects.select_related("issue").filter(title__contains="昇腾910C").first()
def correct():
    article.title = article.title.replace("怎么看", "怎样看")
    article.source = "本刊整理"
    editing.save_article(article)
reviewing.propose(article.issue, correct, editor, note="标题里的口语改了，补上了来源。")
"""
KNOWN = """
from archive.models import Article, Issue
from archive.proposal import Proposal
from archive.previews import link_for
from glossary.models import Term
draft = Issue.objects.exclude(pk__in=Issue.objects.published()).get()
term = Term.objects.get(name="台积电")
print(draft.pk, draft.articles.first().pk, link_for(draft), term.pk, Proposal.objects.pending().get().pk)
"""


MAKE_PEOPLE = """
import datetime as dt
from django.contrib.auth.models import User
from django.utils import timezone
from members.invitations import inviting
from members.invitations.addresses import Address
from members.people.models import LastSeen
from members.roles import give_role
for name, email, role, days in (
    ("陈编辑", "chen@alliance.example", "编辑", 1),
    ("周工", "zhou@fab.example", "成员", 3),
    ("吴工", "wu@fab.example", "成员", 40),
):
    somebody = User.objects.create_user(email, email, first_name=name)
    give_role(somebody, role)
    LastSeen.objects.create(user=somebody, day=timezone.localdate() - dt.timedelta(days=days))
User.objects.filter(first_name="吴工").update(is_active=False)
chief = User.objects.get(username="zhubian")
inviting.invite([Address("anna@fab.example", "安工")], "编辑", by=chief, site="https://digest.example")
inviting.invite_by_link("成员", by=chief, name="客座研究员")
"""
KNOWN_PEOPLE = """
from django.contrib.auth.models import User
from members.invitations.models import Invitation
somebody = User.objects.get(first_name="陈编辑")
print(Invitation.objects.get(name="安工").get_absolute_url(), somebody.pk)
"""


def known(site: Site) -> dict[str, str]:
    """Returns what the paths of `pages` leave open, in the archive with the one draft of the editors' week."""
    draft, draft_article, link, term, proposal = site.run_python(KNOWN).split()
    invitation, person = site.run_python(KNOWN_PEOPLE).split()
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
        "proposal": proposal,
        "invitation": invitation,
        "person": person,
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


def follow_two(page: Page) -> None:
    """A topic and this search, both with something new; the search with a name of its own."""
    page.evaluate("localStorage.clear()")  # what the picture before put in
    page.reload()
    page.get_by_role("button", name="关注", exact=True).click()
    page.goto("/topics/taijidian/")
    page.get_by_role("button", name="关注", exact=True).click()
    # As if they had been followed some weeks ago.
    page.evaluate(
        """() => {
            const kept = JSON.parse(localStorage["xinwenku.follows"]).map(one => ({...one, seen: 90}));
            kept[0].name = "高带宽内存";
            localStorage["xinwenku.follows"] = JSON.stringify(kept);
        }"""
    )
    page.goto("/following/")
    expect(page.locator("#follows > li")).to_have_count(2)


def add_a_robot(page: Page) -> None:
    """A robot of a group chat, and the form for another."""
    if not page.get_by_text("光刻胶小组").count():
        page.get_by_text("添加群机器人或程序").click()
        page.get_by_label("名称").fill("光刻胶小组")
        page.get_by_label("网址").fill(
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-picture"
        )
        page.get_by_role("button", name="添加", exact=True).click()
        page.goto("/following/alerts/")
    page.get_by_text("添加群机器人或程序").click()


def open_a_report(page: Page) -> None:
    page.locator("#p2 > .report").dispatch_event("click")
    field = page.get_by_role("dialog").get_by_label("错在哪里？")
    field.fill("单位应为 TB/s。")
    expect(field).to_be_focused()


# --- Editors -------------------------------------------------------------------------------------------


def paste_a_week(page: Page) -> None:
    """The week of the handbook, on a desk that may still hold it from the picture before."""
    if page.locator(".desk-card").count() == 0:
        paste(page, TEXT)
    expect(page.locator(".desk-card input[name=title]")).to_have_count(4)
    page.locator(".desk-said p").wait_for(state="detached")


def bring_back_issues(page: Page) -> None:
    """The last weeks of 2024, a few of them not as they should be; there already after the picture before."""
    kept = page.locator(".desk-recent a")
    if kept.count():
        kept.first.click()
    else:
        weeks = {
            f"旧刊-{number + 1:02}.txt": back_issue(number, first=LATE_2024).encode()
            for number in range(14)
            if number != 5
        }
        weeks["旧刊-04（改）.txt"] = back_issue(3, first=LATE_2024, articles=2).encode()
        weeks["旧刊-15.txt"] = back_issue(14, heading=False).encode()
        weeks["旧刊-16.doc"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        chosen = [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in weeks.items()]
        page.get_by_label("或者选一些文件、压缩包").set_input_files(chosen)
        page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("button", name="收下没有疑问的 12 期")).to_be_enabled()


def wait_for_the_sheet(page: Page) -> None:
    page.locator(".field-body .ProseMirror[contenteditable=true] > p").first.wait_for()


def open_a_reported_article(page: Page) -> None:
    page.locator("#result_list tbody tr").first.get_by_role("link", name="修改").click()
    wait_for_the_sheet(page)
    page.wait_for_function("CSS.highlights.has('reported')")
    page.evaluate("scrollTo(0, 0)")


def make_a_token(page: Page) -> None:
    """Another one for each picture: what was made before stands below."""
    page.get_by_label("名称").fill(next(TOKENS))
    page.get_by_label("有效期").select_option("一年")
    page.get_by_role("button", name="生成令牌").click()
    expect(page.get_by_role("button", name="复制令牌")).to_be_visible()


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
