"""Mail: a link for a new password, and the proof of an address. Nobody learns by it who has an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.signin.tasks import send_reset_mail
from tests.members.signin.people import PASSWORD, give_totp, is_in
from worker.models import Task

pytestmark = pytest.mark.django_db
ASK = "/account/password/reset/"
NEW = {"password1": "ein-neues-Wort-8", "password2": "ein-neues-Wort-8"}


def ask_and_send(client: Client, email: str) -> str:
    """Fills in the form, does what the worker does, and returns the page that comes next."""
    page = client.post(ASK, {"email": email}, follow=True).content.decode()
    task = Task.objects.latest("pk")
    send_reset_mail.call(**task.kwargs)
    return page


def link() -> str:
    """The path of the link in the last mail."""
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]


def test_a_forgotten_password_is_set_anew_by_mail(make_user: Any, log_in: Any) -> None:
    make_user("wang", email="wang@example.org")
    client = Client()
    assert "如果这个邮箱有账号" in ask_and_send(client, "WANG@example.org")
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("芯闻库：重设密码", ["wang@example.org"])
    assert "您的用户名是：wang" in sent.body
    form = client.get(link(), follow=True)
    assert "set-password" in form.request["PATH_INFO"]  # the key stands in no address that is passed on
    assert (
        "两"
        in client.post(form.request["PATH_INFO"], {**NEW, "password2": "anders-anders-9"}).content.decode()
    )
    assert client.post(form.request["PATH_INFO"], NEW)["Location"] == "/"
    assert is_in(client)
    assert "链接无效" in Client().get(link(), follow=True).content.decode()
    again = Client()
    log_in(again, "wang", NEW["password1"])
    assert is_in(again)


def test_the_mail_does_not_open_an_account_that_has_a_second_factor(make_user: Any) -> None:
    give_totp(make_user("chef", "主编", email="chef@example.org"))
    client = Client()
    ask_and_send(client, "chef@example.org")
    form = client.get(link(), follow=True)
    assert client.post(form.request["PATH_INFO"], NEW)["Location"] == "/account/2fa/authenticate/"
    assert not is_in(client)


def test_asking_takes_the_same_steps_and_says_the_same_whoever_is_asked_for(make_user: Any) -> None:
    make_user("wang", email="wang@example.org")
    make_user("weg", email="weg@example.org", is_active=False)
    steps, pages = [], set()
    for email in ("wang@example.org", "weg@example.org", "niemand@example.org"):
        cache.clear()
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            client.post(ASK, {"email": email})
        steps.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries])
        pages.add(client.get("/account/password/reset/done/").content)
    assert steps[0] == steps[1] == steps[2]
    assert len(pages) == 1


@pytest.mark.parametrize("email", ["weg@example.org", "niemand@example.org"])
def test_no_mail_goes_to_who_can_not_log_in(make_user: Any, email: str) -> None:
    make_user("weg", email="weg@example.org", is_active=False)
    ask_and_send(Client(), email)
    assert mail.outbox == []


def test_nobodys_mailbox_is_filled(make_user: Any) -> None:
    make_user("wang", email="wang@example.org")
    for _ in range(3):
        ask_and_send(Client(), "wang@example.org")
    assert len(mail.outbox) == 1


def test_no_link_is_kept_where_others_could_read_it(make_user: Any) -> None:
    make_user("wang", email="wang@example.org")
    ask_and_send(Client(), "wang@example.org")
    assert link() not in str(list(Task.objects.values()))
    assert Task.objects.latest("pk").kwargs == {
        "email": "wang@example.org",
        "origin": "http://testserver",
    }


def test_the_link_leads_to_this_site_whatever_the_request_says(make_user: Any) -> None:
    make_user("wang", email="wang@example.org")
    assert (
        Client().post(ASK, {"email": "wang@example.org"}, headers={"host": "evil.example"}).status_code == 400
    )
    ask_and_send(Client(headers={"x-forwarded-host": "evil.example"}), "wang@example.org")
    assert "evil" not in mail.outbox[-1].body


def test_without_mail_the_pages_say_whom_to_ask(make_user: Any, log_in: Any, settings: Any) -> None:
    settings.EMAIL_URL = ""
    make_user("wang")
    client = Client()
    assert "请找主编或管理员要一个设新密码的链接" in client.get(ASK).content.decode()
    log_in(client, "wang")
    assert "本站没有设置发邮件，邮箱不能自己换。" in client.get("/account/email/").content.decode()


def test_an_address_counts_once_it_is_proved(make_user: Any, log_in: Any) -> None:
    user = make_user("wang", email="alt@example.org")
    client = Client()
    log_in(client, "wang")
    client.post("/account/email/", {"email": "neu@example.org", "action_add": ""})
    assert "neu@example.org 还没有验证" in client.get("/account/email/").content.decode()
    user.refresh_from_db()
    assert user.email == "alt@example.org"
    assert mail.outbox[-1].subject == "芯闻库：验证邮箱"
    confirm = link()
    assert "neu@example.org 是您的邮箱吗？" in client.get(confirm).content.decode()
    client.post(confirm)
    user.refresh_from_db()
    assert user.email == "neu@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("neu@example.org", True)]


def test_who_left_the_session_open_can_not_have_the_address_changed(make_user: Any) -> None:
    client = Client()
    client.force_login(make_user("wang", email="alt@example.org"))
    answer = client.post("/account/email/", {"email": "boese@example.org", "action_add": ""})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not EmailAddress.objects.filter(email="boese@example.org").exists()


class Broken(BaseEmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no server of mail")


def test_a_mail_that_is_not_sent_is_said_on_the_page(make_user: Any, log_in: Any, settings: Any) -> None:
    make_user("wang", email="alt@example.org")
    client = Client()
    log_in(client, "wang")
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    sent = {"email": "neu@example.org", "action_add": ""}
    assert "邮件没有发出去。" in client.post("/account/email/", sent, follow=True).content.decode()


def test_passwords_are_in_no_log(make_user: Any, log_in: Any, caplog: Any) -> None:
    make_user("wang", email="wang@example.org")
    log_in(Client(), "wang")
    log_in(Client(), "wang", "geraten-und-falsch")
    ask_and_send(Client(), "wang@example.org")
    assert PASSWORD not in caplog.text
    assert "geraten-und-falsch" not in caplog.text
    assert "/password/reset/key/" not in caplog.text
