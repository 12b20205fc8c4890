"""编辑室 › 人员: a new password, a lost second factor, too many wrong tries, a session that was left open."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from members.people import changes
from members.roles import role_of
from members.signin import lockout
from tests.archive.people import browser
from tests.members.people.conftest import SITE, run_tasks
from tests.members.people.pages import PASSWORD, PEOPLE, do, rows, said
from tests.members.signin.people import give_totp, kinds_of

pytestmark = pytest.mark.django_db


# --- A new password --------------------------------------------------------------------------------------------


def link_in(page: str) -> str:
    found = re.search(rf"{SITE}(/account/password/[^\s\"<]+)", page)
    assert found
    return found[1]


def choose(client: Client, link: str, password: str = PASSWORD) -> None:
    """Opens the link and sends the form that it leads to."""
    shown = client.get(link, follow=True)
    address = shown.redirect_chain[-1][0] if shown.redirect_chain else link
    client.post(address, {"password1": password, "password2": password})


def has_password(user: User, password: str = PASSWORD) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


def test_a_new_password_is_chosen_by_a_mailed_link_once(
    as_chief: Client, editor: User, client: Client, sends_mail: None
) -> None:
    theirs = browser(editor)
    page = do(as_chief, editor, "password")
    assert "正在发到 lin@alliance.example" in said(page)
    assert "/account/password/" not in page
    run_tasks()
    [message] = mail.outbox
    assert message.to == ["lin@alliance.example"]
    link = link_in(message.body)
    choose(client, link)
    assert has_password(editor)
    assert theirs.get("/admin/").status_code == 302
    choose(Client(), link, "noch-ein-langes-Wort-8")
    assert has_password(editor)


def test_where_no_mail_can_be_sent_the_link_is_shown_once(
    as_chief: Client, editor: User, client: Client
) -> None:
    link = link_in(do(as_chief, editor, "password"))
    assert "/account/password/" not in as_chief.get(f"{PEOPLE}{editor.pk}/").content.decode()
    choose(client, link, "kurz")
    assert not has_password(editor, "kurz")
    choose(client, link)
    assert has_password(editor)


def test_who_was_deactivated_meanwhile_does_not_come_in_by_a_link(
    as_chief: Client, editor: User, client: Client
) -> None:
    link = link_in(do(as_chief, editor, "password"))
    do(as_chief, editor, "deactivate")
    choose(client, link)
    assert client.get("/admin/").status_code == 302
    assert "停用了，没有发链接" in said(do(as_chief, editor, "password"))


# --- The second factor, and too many wrong passwords --------------------------------------------------------


def test_a_second_factor_is_shown_and_taken_away_from_who_lost_it(
    as_chief: Client, chief: User, editor: User
) -> None:
    give_totp(editor)
    shown = {row[0].split()[0]: row[3] for row in rows(as_chief.get(PEOPLE).content.decode())}
    assert shown == {"小林": "是", "李主编": "否"}
    assert changes.reset_second_factor(editor, by=chief) == 1
    assert kinds_of(editor) == set()


def test_who_typed_too_many_wrong_passwords_is_shown_and_unlocked(as_chief: Client, editor: User) -> None:
    for _ in range(lockout.SOURCE.free):
        lockout.begin(editor.username, "192.0.2.7")
    assert [row[4] for row in rows(as_chief.get(f"{PEOPLE}?role=编辑").content.decode())] == ["锁定"]
    assert "解锁" in as_chief.get(f"{PEOPLE}{editor.pk}/").content.decode()
    assert "小林的账号解锁了" in said(do(as_chief, editor, "unlock"))
    assert lockout.locked(editor) is None
    assert (
        "解锁" not in as_chief.get(f"{PEOPLE}{editor.pk}/").content.decode().partition('id="content-main"')[2]
    )


@pytest.mark.parametrize("what", ["role", "deactivate", "password"])
def test_a_session_that_was_left_open_changes_nobody(what: str, chief: User, editor: User) -> None:
    chief.set_password(PASSWORD)
    chief.save()
    answer = browser(chief).post(f"{PEOPLE}{editor.pk}/{what}/", {"role": "主编"})
    assert answer["Location"].startswith("/account/reauthenticate/")
    now = User.objects.get(pk=editor.pk)
    assert (role_of(now), now.is_active) == ("编辑", True)
