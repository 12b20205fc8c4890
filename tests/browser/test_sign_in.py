"""Logging in, as people do it: with an authenticator app, with a recovery code, and when a password is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Watch
from tests.browser.conftest import Visit, served_copy
from tests.browser.visiting import log_in
from tests.members.signin.people import PASSWORD, code_now
from tests.server.site import Site
from tests.waiting import until

MAKE_MEMBER = f"""
from django.contrib.auth.models import User
User.objects.create_user("wang", "wang@example.org", {PASSWORD!r}, first_name="小王")
"""
NEW = "ein-neues-Wort-8"


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site's mails go."""
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def guarded_site(
    prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory, mails: Path
) -> Iterator[Site]:
    """The demo weeks, a member, mail, and second factors asked for."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SECOND_FACTOR_REQUIRED", "true")
        environment.setenv("EMAIL_URL", f"file:///{mails}")
        with served_copy(prepared_site, tmp_path_factory, "guarded", MAKE_MEMBER) as site:
            yield site


def log_out(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="退出登录", exact=True).click()
    page.goto("/admin/")


def test_a_chief_editor_sets_up_an_app_and_logs_in_with_it_and_with_a_recovery_code(
    guarded_site: Site, prepared_site: tuple[Site, str], new_visitor: Visit
) -> None:
    page = new_visitor(guarded_site, width=390, height=844)
    front = page.get_by_role("heading", name="今天要做的事", level=1)
    page.goto("/admin/")
    log_in(page, "editor", prepared_site[1])
    expect(page.get_by_role("heading", name="设置验证器")).to_be_visible()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    page.get_by_text("扫不了？手工输入密钥").click()
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("App 里显示的六位数字").fill(code_now(secret))
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".codes code")).to_have_count(10)
    code = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="抄好了").click()
    expect(front).to_be_visible()

    for answer in (code_now(secret, ahead=1), code):
        log_out(page)
        log_in(page, "editor", prepared_site[1])
        expect(page.get_by_role("heading", name="第二步验证")).to_be_visible()
        page.get_by_label("验证码").fill(answer)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(front).to_be_visible()
    page.goto("/account/")
    expect(page.get_by_text("还有 9 个")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def links_in(mail: Path) -> list[str]:
    """Finds nothing in one that is just being written."""
    text: str = message_from_bytes(mail.read_bytes(), policy=policy.default).get_content()
    return re.findall(r"http\S+", text)


def test_a_member_who_tried_too_often_gets_in_by_a_mail(
    guarded_site: Site, mails: Path, new_visitor: Visit, watch: Watch
) -> None:
    page = new_visitor(guarded_site)
    page.goto("/account/login/")
    for _ in range(5):
        log_in(page, "wang", "falsch-geraten")
        expect(page.locator("[role=alert]:visible")).to_contain_text("账号或密码不对")
    log_in(page, "wang", PASSWORD)
    expect(page.locator("[role=alert]:visible")).to_contain_text("请 1 分钟后再试，或者用“忘记密码”重设")

    page.get_by_role("link", name="忘记密码").click()
    page.get_by_label("邮箱").fill("wang@example.org")
    page.get_by_role("button", name="寄链接").click()
    expect(page.get_by_role("heading", name="请查收邮件")).to_be_visible()
    links = until(lambda: [link for mail in mails.iterdir() for link in links_in(mail)], "the mail")
    page.goto(links[0])
    page.get_by_label("新密码", exact=True).fill(NEW)
    page.get_by_label("再输入一次新密码").fill(NEW)
    page.get_by_role("button", name="保存新密码").click()
    page.goto("/account/")
    expect(page.get_by_label("姓名")).to_have_value("小王")
    expect(page.get_by_text("就是这里")).to_be_visible()

    again = new_visitor(guarded_site)
    again.goto("/account/login/")
    log_in(again, "wang", NEW)
    again.goto("/account/")
    again.get_by_role("button", name="退出", exact=True).click()
    expect(again.get_by_text("已在1处退出登录。")).to_be_visible()
    page.goto("/account/")
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()
