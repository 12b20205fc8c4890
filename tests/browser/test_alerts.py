"""A search is followed, a week that matches is published: one mail arrives, and one click ends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, served_copy
from tests.browser.visiting import axe_complaints, log_in
from tests.mailbox import Mailbox, header, text_of
from tests.server.site import Site
from tests.waiting import until

WEEK = """芯闻周报

1、玻璃基板中试线投产
某厂的玻璃基板中试线投产，良率过七成。

2、光刻胶国产验证
光刻胶通过验证。
"""
GIVE_ADDRESS = """
from django.contrib.auth.models import User
User.objects.filter(username="editor").update(email="editor@example.org")
"""

LOOKED = """
SELECT count(*) >= 2 FROM worker_task WHERE name = 'members.alerts.tasks.prepare_alerts' AND state = 'SUCCESSFUL'
"""
"""Whether the worker has looked at both weeks."""


def publish(site: Site, folder: Path, end: str) -> None:
    path = folder / "week.txt"
    path.write_text(WEEK, encoding="utf-8")
    site.manage("import_issues", path, "--publish", "--start-date", end, "--end-date", end)


def test_followed_published_told_once_by_mail_and_ended_by_one_click(
    prepared_site: tuple[Site, str],
    tmp_path_factory: pytest.TempPathFactory,
    new_visitor: Visit,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with Mailbox() as mailbox:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{mailbox.port}")
        with served_copy(prepared_site, tmp_path_factory, "alerts", GIVE_ADDRESS) as site:
            page = new_visitor(site)
            page.goto("/account/login/")
            log_in(page, "editor", prepared_site[1])
            page.goto("/search/?q=玻璃基板中试线")
            page.get_by_role("button", name="关注", exact=True).click()
            page.goto("/following/")
            page.get_by_role("button", name="邮件提醒").click()
            expect(page.get_by_text("会发邮件到 editor@example.org")).to_be_visible()

            publish(site, tmp_path, "2025-04-11")
            until(lambda: mailbox.mails, "a mail arrives")
            page.goto("/")
            expect(page.get_by_role("link", name="关注里有新的：1 篇")).to_be_visible()
            page.goto("/following/alerts/")
            expect(page.get_by_text("已发送")).to_be_visible()
            assert axe_complaints(page) == []
            (mail,) = mailbox.mails
            assert "玻璃基板中试线投产" in text_of(mail)
            article = re.search(re.escape(site.url) + r"(/articles/\S+)", text_of(mail))
            assert article
            page.goto(article[1])
            expect(page.get_by_role("heading", name="玻璃基板中试线投产")).to_be_visible()

            stranger = new_visitor(site)
            stranger.goto(header(mail, "List-Unsubscribe").strip("<>").removeprefix(site.url))
            assert axe_complaints(stranger) == []
            stranger.get_by_role("button", name="停止", exact=True).click()
            expect(stranger.get_by_role("heading", name="已停止")).to_be_visible()
            page.goto("/following/")
            expect(page.get_by_role("button", name="邮件提醒", exact=True)).to_be_visible()
            publish(site, tmp_path, "2025-04-18")
            page.goto("/")
            expect(page.get_by_role("link", name="关注里有新的：2 篇")).to_be_visible()
            until(lambda: site.rows(LOOKED) == [(1,)], "the worker has looked")
            assert len(mailbox.mails) == 1
