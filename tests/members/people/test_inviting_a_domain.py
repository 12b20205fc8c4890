"""A link for whoever has an address of the alliance's."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from members.invitations import inviting
from members.invitations.accepting import InvitationOver, accept
from members.invitations.models import Invitation
from members.people.refusals import PeopleRefused
from members.roles import role_of
from tests.members.people.conftest import SITE, run_tasks
from tests.members.people.invited import PASSWORD, sent, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def domain(chief: User, sends_mail: None) -> Invitation:
    return inviting.invite_domain(" @Alliance.example ", by=chief)


def test_who_has_an_address_there_becomes_a_member_by_a_mail(domain: Invitation, client: Client) -> None:
    address = domain.get_absolute_url()
    assert "@alliance.example" in words(client.get(address))
    for name in ("eins", "Zwei"):
        answer = client.post(address, {"email": f"{name}@alliance.example"})
        assert "请看邮箱" in words(answer)
    run_tasks()
    assert [message.to for message in mail.outbox] == [["eins@alliance.example"], ["zwei@alliance.example"]]
    link = re.search(r"http://testserver(\S+)", mail.outbox[1].body)
    assert link
    client.post(link[1], sent())
    assert role_of(User.objects.get(email="zwei@alliance.example")) == "成员"
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "a@else.example",
        "a@sub.alliance.example",
        "a@alliance.example.else.cn",
        "alliance.example",
        "a@alliance.example\0",
        "",
    ],
)
def test_who_has_another_address_gets_no_mail(email: str, domain: Invitation, client: Client) -> None:
    answer = client.post(domain.get_absolute_url(), {"email": email})
    assert answer.status_code == 422
    run_tasks()
    assert mail.outbox == []


def test_a_stranger_does_not_learn_who_has_an_account(
    domain: Invitation, member: User, client: Client
) -> None:
    User.objects.filter(pk=member.pk).update(email="da@alliance.example")
    told = [
        words(client.post(domain.get_absolute_url(), {"email": f"{name}@alliance.example"})).replace(
            name, "…"
        )
        for name in ("da", "fort")
    ]
    assert told[0] == told[1]
    run_tasks()
    known, new = (message.body for message in mail.outbox)
    assert "您已经有账号了" in known
    assert "/account/invitation/" not in known
    assert "/account/invitation/" in new


def test_nobodys_mailbox_is_filled(domain: Invitation, client: Client) -> None:
    for _ in range(3):
        assert client.post(domain.get_absolute_url(), {"email": "a@alliance.example"}).status_code == 200
    run_tasks()
    assert len(mail.outbox) == 1
    Invitation.objects.update(created_at=timezone.now() - inviting.AGAIN_AFTER)
    inviting.ask(domain, "a@alliance.example", site=SITE)
    run_tasks()
    assert len(mail.outbox) == 2


def test_one_link_does_not_send_mail_without_end(domain: Invitation, client: Client) -> None:
    Invitation.objects.bulk_create(
        Invitation(email=f"a{number}@alliance.example") for number in range(inviting.MOST_A_DAY)
    )
    answer = client.post(domain.get_absolute_url(), {"email": "neu@alliance.example"})
    assert "今天用这个链接的人太多了" in words(answer)
    run_tasks()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "name", ["qq.com", "@163.com", "Gmail.com", "nur-ein-wort", "a b.cn", "", "a@b.cn", "x" * 300]
)
def test_a_domain_of_everybody_or_none_is_refused(name: str, chief: User, sends_mail: None) -> None:
    with pytest.raises(PeopleRefused, match="没有做链接"):
        inviting.invite_domain(name, by=chief)
    assert not Invitation.objects.exists()


def test_without_a_mail_server_nobody_is_invited_by_domain(chief: User) -> None:
    with pytest.raises(PeopleRefused, match="还不能发邮件"):
        inviting.invite_domain("alliance.example", by=chief)


def test_a_link_by_domain_never_makes_an_account_itself(domain: Invitation) -> None:
    with pytest.raises(InvitationOver):
        accept(domain, name="甲", email="a@alliance.example", password=PASSWORD)
    with pytest.raises(IntegrityError):
        Invitation.objects.filter(pk=domain.pk).update(role="主编")
