"""A 主编 invites, somebody accepts on a phone and enters as 编辑, gets another role, and is kept out again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import visiting
from tests.browser.chromium import Watch
from tests.browser.conftest import Visit, served_copy
from tests.browser.editing import message
from tests.browser.editors_week import MAKE_CHIEF, log_in
from tests.browser.visiting import PHONE, check_look
from tests.server.site import Site

EMAIL, PASSWORD = "anna@fab.example", "eine-lange-Einladung-4"


@pytest.fixture(scope="module")
def people_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks, and a 主编."""
    with served_copy(prepared_site, tmp_path_factory, "people", MAKE_CHIEF) as site:
        yield site


@pytest.fixture
def chief(people_site: Site, new_visitor: Visit) -> Page:
    """The 主编, at a desk."""
    page = new_visitor(people_site, height=1000)
    log_in(page)
    return page


@pytest.fixture
def guest(people_site: Site, new_visitor: Visit) -> Page:
    """Somebody with a phone whom nobody knows yet."""
    return new_visitor(people_site, **PHONE)


def people(page: Page) -> None:
    page.goto("/admin/")
    page.locator("#content").get_by_role("link", name="人员名单", exact=True).click()
    expect(page.get_by_role("heading", name="人员", level=1)).to_be_visible()


def invite(chief: Page, text: str, role: str) -> str:
    """Invites; returns the first link that is there to be copied."""
    people(chief)
    chief.get_by_role("link", name="邀请", exact=True).click()
    check_look(chief)
    form = chief.get_by_role("region", name="知道邮箱", exact=True)
    form.get_by_label("邮箱").fill(text)
    form.get_by_role("radio", name=re.compile(f"^{role}：")).check()
    form.get_by_role("button", name="邀请", exact=True).click()
    expect(message(chief)).to_contain_text("邀请了")
    found = re.search(r"http\S+", chief.locator("textarea").first.input_value())
    assert found
    return found[0]


def fill_in(guest: Page, **other: str) -> None:
    fields = {"姓名": "安娜", "密码": PASSWORD, "再输入一次密码": PASSWORD} | other
    for label, value in fields.items():
        guest.get_by_label(re.compile(rf"^{label}：?$")).fill(value)
    guest.get_by_role("button", name="开通账号").click()


def open_person(chief: Page, name: str) -> None:
    people(chief)
    chief.get_by_label("姓名或邮箱").fill(EMAIL)
    chief.get_by_role("button", name="搜索").click()
    chief.get_by_role("link", name=name).click()
    expect(chief.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_somebody_is_invited_comes_rises_and_is_kept_out(
    people_site: Site, chief: Page, guest: Page, new_visitor: Visit, watch: Watch
) -> None:
    link = invite(chief, f"安娜 <{EMAIL}>; nicht-ganz@", "编辑")
    expect(message(chief)).to_contain_text("不是邮箱，没有邀请：nicht-ganz@")
    check_look(chief)

    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_have_text("邀请您来芯闻库")
    expect(guest.get_by_label("邮箱")).to_have_value(EMAIL)
    check_look(guest)
    watch.expected.add(link)  # what is refused is no 200
    fill_in(guest, 密码="kurz", 再输入一次密码="kurz")
    expect(guest.get_by_role("alert")).to_be_visible()
    check_look(guest)
    fill_in(guest)
    expect(guest.get_by_role("heading", level=1)).to_have_text("账号开通了")
    check_look(guest)
    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_have_text("这个邀请已经用过了")
    assert EMAIL not in guest.content()
    check_look(guest)

    log_in(guest, EMAIL, PASSWORD)
    expect(guest.get_by_role("link", name=re.compile("^人员"))).to_have_count(0)

    open_person(chief, "安娜")
    check_look(chief)
    chief.get_by_role("radio", name=re.compile("^主编：")).check()
    chief.get_by_role("button", name="改角色").click()
    expect(message(chief)).to_have_text("安娜现在是主编。")
    people(guest)
    check_look(guest)
    guest.get_by_role("link", name=re.compile("zhubian")).click()
    expect(guest.get_by_role("heading", name="zhubian", level=1)).to_be_visible()
    check_look(guest)

    chief.get_by_role("button", name="停用安娜的账号").click()
    expect(message(chief)).to_contain_text("安娜的账号停用了")
    guest.goto("/admin/people/")
    expect(guest.get_by_role("button", name="登录", exact=True)).to_be_visible()
    again = new_visitor(people_site)
    again.goto("/account/login/")
    visiting.log_in(again, EMAIL, PASSWORD)
    expect(again.get_by_role("heading", level=1)).to_contain_text("停用")


def test_all_of_it_works_without_a_script(people_site: Site, new_visitor: Visit) -> None:
    chief = new_visitor(people_site, java_script_enabled=False, **PHONE)
    log_in(chief)
    chief.goto("/admin/people/invite/")
    form = chief.get_by_role("region", name="不知道邮箱，给一个人")
    form.get_by_label("姓名").fill("客人")
    form.get_by_role("button", name="做链接").click()
    expect(message(chief)).to_contain_text("给客人的链接做好了")
    expect(chief.get_by_role("button", name="复制")).to_have_count(0)
    first = chief.locator("textarea").first.input_value()
    chief.get_by_role("button", name="换新链接").first.click()
    assert chief.locator("textarea").first.input_value() != first
    chief.get_by_role("button", name="收回").first.click()
    expect(message(chief)).to_have_text("收回了给客人的邀请，链接不能用了。")


def test_a_link_is_copied(chief: Page) -> None:
    chief.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = invite(chief, "kopie@fab.example", "成员")
    chief.get_by_role("button", name="复制").first.click()
    expect(chief.get_by_role("button", name="已复制")).to_be_visible()
    assert link in chief.evaluate("navigator.clipboard.readText()")
