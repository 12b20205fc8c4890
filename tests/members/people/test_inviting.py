"""Who is invited, by mail or by a link; once more, and taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from members.invitations import inviting
from members.invitations.addresses import Address
from members.invitations.models import FORGOTTEN_AFTER, Invitation
from members.people.refusals import PeopleRefused
from members.roles import role_of
from members.tasks import delete_old_invitations
from tests.archive.people import person
from tests.members.people.conftest import SITE, run_tasks
from tests.members.people.invited import ANNA, invite, over, sent
from worker.models import Task

pytestmark = pytest.mark.django_db


# --- Inviting ------------------------------------------------------------------------------------------------


def test_each_address_is_invited_once_and_the_rest_is_told(chief: User, member: User) -> None:
    invite(chief)
    addresses = [ANNA, Address("cheng@fab.example"), Address("chengyuan"), Address("neu@fab.example", "新来")]
    invited = inviting.invite(addresses, "成员", by=chief, site=SITE)
    assert [(one.email, one.name, one.role) for one in invited.invitations] == [
        ("neu@fab.example", "新来", "成员")
    ]
    assert (invited.known, invited.waiting) == (["cheng@fab.example", "chengyuan"], ["anna@fab.example"])
    assert Invitation.objects.count() == 2


def test_too_many_at_once_are_refused_and_none_is_invited(chief: User) -> None:
    many = [Address(f"a{number}@fab.example") for number in range(inviting.MOST_AT_ONCE + 1)]
    with pytest.raises(PeopleRefused, match="一次最多邀请 200 位"):
        inviting.invite(many, "成员", by=chief, site=SITE)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["管理员", "", "老板"])
def test_nobody_is_invited_to_be_an_administrator(role: str, chief: User) -> None:
    with pytest.raises(PeopleRefused):
        invite(chief, role=role)
    with pytest.raises(PeopleRefused):
        inviting.invite_by_link(role, by=chief)
    assert not Invitation.objects.exists()


def test_an_editor_invites_nobody(editor: User, chief: User, sends_mail: None) -> None:
    theirs = invite(chief)
    for refused in (
        lambda: invite(editor),
        lambda: inviting.invite_by_link("成员", by=editor),
        lambda: inviting.invite_domain("alliance.example", by=editor),
        lambda: inviting.renew(theirs, by=editor, site=SITE),
        lambda: inviting.revoke(theirs, by=editor),
    ):
        with pytest.raises(PeopleRefused, match="现在不能管理人员"):
            refused()
    assert list(Invitation.objects.open()) == [theirs]


def test_the_database_does_not_hold_what_opens_an_account(
    chief: User, client: Client, sends_mail: None
) -> None:
    invitation = invite(chief)
    secret = urlsplit(invitation.get_absolute_url()).path.rstrip("/").rpartition(".")[2]
    assert len(secret) > 40
    rows = repr([*Invitation.objects.values(), *Task.objects.values()])
    assert invitation.key in rows
    assert secret not in rows


# --- By mail -------------------------------------------------------------------------------------------------


def test_an_invitation_is_mailed_by_the_worker_as_text_and_as_html(chief: User, sends_mail: None) -> None:
    invitation = invite(chief)
    assert (invitation.mail, mail.outbox) == ("waiting", [])
    run_tasks()
    [message] = mail.outbox
    link = SITE + invitation.get_absolute_url()
    [(page, kind)] = message.alternatives
    assert (message.to, message.subject) == (["anna@fab.example"], "李主编邀请您来芯闻库")
    assert kind == "text/html"
    for text in (message.body, page):
        assert link in text
        assert "安娜，您好！" in text
        assert "做编辑" in text
    assert Invitation.objects.get().mail == "sent"


def test_a_name_is_text_in_the_mail(chief: User, sends_mail: None) -> None:
    invite(chief, Address("x@fab.example", "<b>&安</b>"))
    run_tasks()
    [(page, _)] = mail.outbox[0].alternatives
    assert "&lt;b&gt;&amp;安&lt;/b&gt;，您好！" in page
    assert "<b>&安</b>，您好！" in mail.outbox[0].body


def test_a_mail_that_does_not_go_out_is_told_and_tried_again(
    chief: User, sends_mail: None, settings: Any
) -> None:
    invitation = invite(chief)
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    [task] = run_tasks()
    assert (task.state, task.attempts) == (Task.State.READY, 1)
    assert Invitation.objects.get().mail == "failed"
    settings.EMAIL_BACKEND = works
    [task] = run_tasks()
    assert (task.state, len(mail.outbox)) == (Task.State.DONE, 1)
    assert Invitation.objects.get().mail == "sent"
    assert invitation.get_absolute_url() in mail.outbox[0].body


def test_nothing_is_mailed_of_an_invitation_that_was_taken_back_meanwhile(
    chief: User, sends_mail: None
) -> None:
    inviting.revoke(invite(chief), by=chief)
    run_tasks()
    assert mail.outbox == []


def test_without_a_mail_server_there_is_the_link_and_no_task(chief: User, client: Client) -> None:
    invitation = invite(chief)
    assert (invitation.mail, run_tasks()) == ("", [])
    assert client.get(invitation.get_absolute_url()).status_code == 200


# --- Once more, and taken back -----------------------------------------------------------------------------


def test_an_expired_invitation_is_sent_once_more_with_a_new_link(
    chief: User, client: Client, sends_mail: None
) -> None:
    invitation = invite(chief)
    other = person("ander", "主编")
    address = over("expired", invitation, chief)
    again = inviting.renew(invitation, by=other, site=SITE)
    run_tasks()
    assert again.get_absolute_url() in mail.outbox[-1].body
    assert again.get_absolute_url() != address
    assert client.get(address).status_code == 404
    client.post(again.get_absolute_url(), sent())
    assert role_of(User.objects.get(email=ANNA.email)) == "编辑"


def test_what_was_accepted_is_neither_sent_again_nor_taken_back(chief: User) -> None:
    invitation = invite(chief)
    over("used", invitation, chief)
    with pytest.raises(PeopleRefused, match="已经接受"):
        inviting.renew(invitation, by=chief, site=SITE)
    with pytest.raises(PeopleRefused, match="请停用这个账号"):
        inviting.revoke(invitation, by=chief)


def test_invitations_that_were_over_long_ago_are_forgotten(chief: User) -> None:
    old, new = invite(chief), inviting.invite_by_link("成员", by=chief)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now() - FORGOTTEN_AFTER)
    delete_old_invitations.call()
    assert list(Invitation.objects.all()) == [new]
