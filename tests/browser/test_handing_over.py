"""An editor hands over, the chief editor decides on a phone: a week before it is public, and a change to one that is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, served_copy
from tests.browser.desk import titles
from tests.browser.editing import MAKE_ARTICLE, prose, save, to_the_end, write
from tests.browser.editors_week import log_in, paste, schedule
from tests.browser.visiting import PHONE, check_look
from tests.server.site import Site
from tests.waiting import until

PASSWORD = "handing-over-a-week"
MAKE_PEOPLE = f"""
from django.contrib.auth.models import Group, User
for name, group in (("bianji", "编辑"), ("zhubian", "主编")):
    person = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
"""
TITLES = ("钌互连进入试验线", "玻璃基板送出首批样片")
WEEK = f"""交接周报
2025.5.19-2025.5.23
1. {TITLES[0]}
一条试验线用钌代替铜，电阻下降。
2. {TITLES[1]}
样片已经送到两家客户手里。"""
ISSUE = "/issues/2025-05-23/"
NOTE = "第 2 篇的客户名还没有公开，请多看一眼。"
COMMENT = "第 2 篇请补上送样的时间。"
ADDED = "送样在五月中旬。"

PUBLIC_TITLE = "探针卡涨价"
TYPO, RIGHT = "涨价会持续到明年三季。", "涨价会持续到明年三季度。"


@pytest.fixture(scope="module")
def review_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks, with somebody who may not publish and somebody who may."""
    with served_copy(prepared_site, tmp_path_factory, "review", MAKE_PEOPLE) as site:
        yield site


@pytest.fixture
def writer(review_site: Site, new_visitor: Visit) -> Page:
    """The editor, who may not publish, at a desk."""
    page = new_visitor(review_site, height=1000)
    log_in(page, "bianji", PASSWORD)
    return page


@pytest.fixture
def chief(review_site: Site, new_visitor: Visit) -> Page:
    """The chief editor, with a phone."""
    page = new_visitor(review_site, **PHONE)
    log_in(page, "zhubian", PASSWORD)
    return page


def waiting(chief: Page) -> Locator:
    """What waits for the chief editor, on the front page."""
    chief.goto("/admin/")
    return chief.get_by_role("region", name="等您审")


def hand_over(writer: Page, note: str) -> None:
    """From the desk or the form of a draft, over the last look, to the page of what was handed over."""
    writer.get_by_role("button", name="交给主编").click()
    writer.get_by_label("给主编的话").fill(note)
    check_look(writer)
    writer.get_by_role("button", name="交给主编", exact=True).click()
    expect(writer.locator(".proposal")).to_contain_text(note)
    check_look(writer)


@pytest.mark.nightly
def test_a_week_is_handed_over_sent_back_handed_over_again_and_scheduled(
    review_site: Site, writer: Page, chief: Page, new_visitor: Visit
) -> None:
    writer.get_by_role("link", name="导入一期").first.click()
    paste(writer, WEEK)
    expect(titles(writer)).to_have_count(2)
    hand_over(writer, NOTE)

    week = waiting(chief)
    expect(week).to_contain_text(NOTE)
    week.locator("summary", has_text="退回").tap()
    check_look(chief)
    week.get_by_role("textbox").fill(COMMENT)
    week.get_by_role("button", name="退回").tap()
    expect(chief.locator(".messagelist")).to_contain_text("已退回")
    expect(week).to_have_count(0)

    writer.goto("/admin/")
    returned = writer.get_by_role("region", name="交给主编")
    expect(returned).to_contain_text(COMMENT)
    check_look(writer)
    returned.get_by_role("link", name="交接周报").click()
    expect(writer.locator(".proposal")).to_contain_text(COMMENT)
    writer.get_by_role("link", name=TITLES[1]).click()
    write(writer, ADDED)
    save(writer)
    expect(writer.get_by_label("刊名")).to_have_value("交接周报")
    hand_over(writer, "补上了。")

    assert review_site.get(ISSUE).status == 404
    waiting(chief).get_by_role("link", name="交接周报").tap()
    expect(chief.locator(".proposal")).to_contain_text("补上了。")
    check_look(chief)
    chief.get_by_role("link", name="去发布").tap()
    expect(chief.get_by_role("button", name="定时发布")).to_be_visible()
    check_look(chief)
    schedule(chief)
    until(lambda: review_site.get(ISSUE).status == 200, "the week goes live")
    member = new_visitor(review_site)
    member.goto(ISSUE)
    member.get_by_role("link", name=TITLES[1]).first.click()
    expect(member.locator(".prose")).to_contain_text(ADDED)


def test_a_slip_in_a_public_week_is_corrected_by_an_editor_and_accepted_with_one_touch(
    review_site: Site, writer: Page, chief: Page, new_visitor: Visit
) -> None:
    make = MAKE_ARTICLE.format(title=PUBLIC_TITLE, date="2025-05-30", body=f"<p>{TYPO}</p>")
    pk = review_site.run_python(make).strip()
    member = new_visitor(review_site)

    writer.goto(f"/admin/archive/article/{pk}/change/")
    to_the_end(prose(writer))
    writer.keyboard.press("Backspace")
    writer.keyboard.insert_text("度。")
    expect(prose(writer)).to_have_text(RIGHT)
    writer.get_by_label("给主编的话").fill("漏了一个字")
    writer.get_by_role("button", name="交给主编", exact=True).click()
    expect(writer.locator(".proposal ins")).to_have_text("度")
    member.goto(f"/articles/{pk}/")
    expect(member.locator("#p1")).to_have_text(TYPO)

    change = waiting(chief)
    expect(change).to_contain_text("漏了一个字")
    change.get_by_role("link", name=PUBLIC_TITLE).tap()
    expect(chief.locator(".proposal ins")).to_have_text("度")
    check_look(chief)
    waiting(chief).get_by_role("button", name="采用").tap()
    expect(chief.locator(".messagelist")).to_contain_text("已采用")
    member.goto(f"/articles/{pk}/")
    expect(member.locator("#p1")).to_have_text(RIGHT)
