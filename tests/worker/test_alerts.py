"""A worker that is killed between sending a mail and noting it: the mail comes again, with the same Message-ID."""

from __future__ import annotations

import datetime as dt
import os
import signal

import pytest
from django.utils import timezone

from members.alerts.models import Alert
from tests.mailbox import Mailbox, header
from tests.waiting import until
from tests.worker.conftest import Home
from worker.models import Task

MAKE = """
from django.contrib.auth.models import User
from archive.editing import save_issue
from archive.models import Article, Issue
from members.alerts.settings import tell_by_mail
from members.following.changes import follow
from members.following.subjects import read_subject
from search.indexing import sync
sync.rebuild()
user = User.objects.create_user("member", email="member@example.org")
tell_by_mail(follow(user, read_subject("q=HBM4")), "https://archive.example.org")
issue = Issue(title="测试周报", start_date="2025-03-21", end_date="2025-03-21", status="published")
save_issue(issue, [Article(position=1, title="样品", body="<p>HBM4。</p>")])
"""


def sent_alerts(home: Home) -> list[tuple[str, bool]]:
    return list(Alert.objects.using("home").values_list("state", "was_interrupted"))


def test_a_worker_killed_while_a_mail_goes_out_loses_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mailbox() as mailbox:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{mailbox.port}")
        home.manage("shell", "-v", "0", "-c", MAKE)
        worker = home.start()
        mailbox.on_mail = lambda: os.killpg(worker.pid, signal.SIGKILL)
        until(lambda: worker.poll() is not None, "the worker is killed as the mail arrives")
        mailbox.on_mail = lambda: None
        assert len(mailbox.mails) == 1
        assert sent_alerts(home) == [("sending", False)]
        Alert.objects.using("home").update(next_at=timezone.now() - dt.timedelta(days=1))
        home.start()
        until(lambda: sent_alerts(home) == [("sent", True)], "the mail is sent again")
    assert len({header(mail, "Message-ID") for mail in mailbox.mails}) == 1
    assert len(mailbox.mails) == 2
    assert not home.tasks.failed().exists()
    assert home.tasks.filter(name="members.alerts.tasks.prepare_alerts", state=Task.State.DONE).exists()
