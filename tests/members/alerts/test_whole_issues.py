"""The weekly issue by mail: without an account, after a confirmation, each once, ended by one click."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive import publishing
from archive.models import Issue
from members.alerts import whole_issues
from members.alerts.models import Alert, Channel
from members.alerts.tasks import delete_old_alerts, mail_confirmation, prepare_alerts, send_alerts
from tests.conftest import WeekMaker
from tests.mailbox import Mailbox, header, text_of
from worker.models import Task

pytestmark = pytest.mark.django_db

PAGE = "/following/alerts/issues/"
ADDRESS = "reader@example.org"


@pytest.fixture
def subscribe(client: Client, mailbox: Mailbox) -> Callable[[str], None]:
    """Subscribes and confirms, as a reader does it."""

    def subscribe(address: str) -> None:
        client.post(PAGE, {"email": address})
        run_confirmations()
        link = re.search(r"http://testserver(\S+)", text_of(mailbox.mails[-1]))
        assert link
        client.post(link[1])
        mailbox.mails.clear()

    return subscribe


def run_confirmations() -> None:
    for task in Task.objects.filter(name="members.alerts.tasks.mail_confirmation"):
        mail_confirmation.call(*task.args)
        task.delete()


def work() -> None:
    prepare_alerts.call()
    send_alerts.call()


def test_an_address_gets_nothing_but_a_question_until_its_owner_confirms(
    make_issue: WeekMaker, client: Client, mailbox: Mailbox
) -> None:
    answer = client.post(PAGE, {"email": "Reader@example.org"})
    assert "请看邮箱" in answer.content.decode()
    client.post(PAGE, {"email": ADDRESS})
    run_confirmations()
    (question,) = mailbox.mails
    assert question["To"] == ADDRESS
    make_issue({"甲": "一。"})
    work()
    assert len(mailbox.mails) == 1
    link = re.search(r"http://testserver(\S+)", text_of(question))
    assert link
    assert "确认订阅" in client.get(link[1]).content.decode()
    assert Channel.objects.get().confirmed_at is None, "a look confirms nothing"
    assert "订好了" in client.post(link[1]).content.decode()
    work()
    assert len(mailbox.mails) == 1, "what was published before is no news"
    make_issue({"玻璃基板": "二。", "光刻胶": "三。"}, end_date="2025-03-28")
    work()
    work()
    mail = mailbox.mails[-1]
    assert len(mailbox.mails) == 2
    assert header(mail, "Subject") == "测试周报，2025年3月28日 · 芯闻库"
    for said in ("1. 玻璃基板", "2. 光刻胶", "http://testserver/issues/2025-03-28/"):
        assert said in text_of(mail)
    assert 'href="http://testserver/articles/' in text_of(mail, "html")


def test_one_click_ends_it_and_forgets_the_address(
    make_issue: WeekMaker, subscribe: Callable[[str], None], mailbox: Mailbox
) -> None:
    subscribe(ADDRESS)
    subscribe("other@example.org")
    make_issue({"甲": "一。"})
    work()
    mail = next(mail for mail in mailbox.mails if mail["To"] == ADDRESS)
    assert header(mail, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    way_out = header(mail, "List-Unsubscribe").strip("<>").removeprefix("http://testserver")
    Client(enforce_csrf_checks=True).post(way_out, {"List-Unsubscribe": "One-Click"})
    assert [one.email for one in Channel.objects.all()] == ["other@example.org"]
    make_issue({"乙": "二。"}, end_date="2025-03-28")
    work()
    assert [mail["To"] for mail in mailbox.mails].count(ADDRESS) == 1


def test_back_issues_drafts_and_second_publications_are_not_sent(
    make_issue: WeekMaker, subscribe: Callable[[str], None], mailbox: Mailbox
) -> None:
    subscribe(ADDRESS)
    issue = make_issue({"甲": "一。"})
    work()
    make_issue({"旧": "一。"}, end_date="2021-03-19")
    make_issue({"草稿": "一。"}, end_date="2025-04-04", status=Issue.Status.DRAFT)
    work()
    publishing.withdraw(Issue.objects.get(pk=issue.pk))
    publishing.publish(Issue.objects.get(pk=issue.pk))
    work()
    assert len(mailbox.mails) == 1


def test_what_is_withdrawn_before_it_is_sent_never_goes_out_nor_does_anything_of_a_closed_archive(
    make_issue: WeekMaker, client: Client, subscribe: Callable[[str], None], mailbox: Mailbox, settings: Any
) -> None:
    subscribe(ADDRESS)
    issue = make_issue({"甲": "一。"})
    prepare_alerts.call()
    publishing.withdraw(Issue.objects.get(pk=issue.pk))
    send_alerts.call()
    make_issue({"乙": "一。"}, end_date="2025-03-28")
    prepare_alerts.call()
    settings.READERS = "members"
    send_alerts.call()
    make_issue({"丙": "一。"}, end_date="2025-04-04")
    work()
    assert mailbox.mails == []
    assert {alert.state for alert in Alert.objects.all()} == {"dropped"}
    assert client.get(PAGE).status_code == 302


def test_a_mail_that_was_being_sent_is_repeated_with_its_id(
    make_issue: WeekMaker, subscribe: Callable[[str], None], mailbox: Mailbox
) -> None:
    subscribe(ADDRESS)
    make_issue({"甲": "一。"})
    work()
    Alert.objects.update(state="sending", next_at=timezone.now())
    send_alerts.call()
    assert len(mailbox.mails) == 2
    assert len({header(mail, "Message-ID") for mail in mailbox.mails}) == 1


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@example.org\nBcc: b@example.org", "a@example.org\r\nx", f"{'a' * 200}@b.cn"]
)
def test_a_bad_address_is_refused_in_words_and_nothing_is_stored(
    client: Client, mailbox: Mailbox, email: str
) -> None:
    answer = client.post(PAGE, {"email": email})
    assert answer.status_code == 400
    assert re.search("还没有填邮箱|这不是完整的邮箱地址", answer.content.decode())
    assert not Channel.objects.exists()
    assert not Task.objects.filter(name="members.alerts.tasks.mail_confirmation").exists()


def test_nobody_learns_who_has_subscribed_and_nobody_is_flooded(
    client: Client, subscribe: Callable[[str], None], mailbox: Mailbox
) -> None:
    subscribe(ADDRESS)
    known = client.post(PAGE, {"email": ADDRESS}).content.decode()
    new = client.post(PAGE, {"email": "other@example.org"}).content.decode()
    assert known.replace(ADDRESS, "") == new.replace("other@example.org", "")
    for _ in range(5):
        client.post(PAGE, {"email": "other@example.org"})
        run_confirmations()
    assert [mail["To"] for mail in mailbox.mails] == ["other@example.org"]
    Channel.objects.update(asked_at=timezone.now() - dt.timedelta(hours=2))
    client.post(PAGE, {"email": "other@example.org"})
    run_confirmations()
    assert len(mailbox.mails) == 2


def test_who_never_confirms_is_forgotten(client: Client, subscribe: Callable[[str], None]) -> None:
    subscribe(ADDRESS)
    client.post(PAGE, {"email": "other@example.org"})
    delete_old_alerts.call()
    assert Channel.objects.count() == 2
    Channel.objects.update(asked_at=timezone.now() - whole_issues.FORGOTTEN_AFTER * 2)
    key = Channel.objects.get(email="other@example.org").key
    delete_old_alerts.call()
    assert [one.email for one in Channel.objects.all()] == [ADDRESS]
    assert "链接过期了" in client.post(f"{PAGE}{key}/").content.decode()


def test_without_mail_it_is_not_offered(client: Client, settings: Any) -> None:
    assert "邮件订阅" in client.get("/issues/").content.decode()
    settings.EMAIL_URL = ""
    assert "邮件订阅" not in client.get("/issues/").content.decode()
    assert client.get(PAGE).status_code == 404
