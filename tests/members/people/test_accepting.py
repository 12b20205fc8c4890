"""An invitation becomes an account once; a link that is over says what to do, and of nobody."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client

from members.invitations import inviting
from members.invitations.accepting import HasAccount, InvitationOver, accept
from members.invitations.models import Invitation
from members.roles import role_of
from tests.members.people.invited import ANNA, PASSWORD, invite, over, sent, words

pytestmark = pytest.mark.django_db


# --- Accepting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Invitation.ROLES)
def test_an_invitation_becomes_an_account_with_its_role(role: str, chief: User, client: Client) -> None:
    invitation = invite(chief, role=role)
    address = invitation.get_absolute_url()
    page = client.get(address)
    assert "李主编邀请您" in words(page)
    assert 'value="anna@fab.example"' in page.content.decode()
    answer = client.post(address, sent(email="boese@else.example"))
    assert "账号开通了" in words(answer)
    user = User.objects.get(email="anna@fab.example")
    assert (user.username, user.first_name, role_of(user)) == ("anna@fab.example", "安娜", role)
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.values_list("email", "verified", "primary").get() == (ANNA.email, True, True)
    assert "_auth_user_id" not in client.session
    invitation.refresh_from_db()
    assert (invitation.used_by, invitation.state) == (user, "已接受")


def test_the_new_account_logs_in_with_its_address(chief: User, client: Client) -> None:
    client.post(invite(chief).get_absolute_url(), sent())
    client.post("/account/login/", {"login": "anna@fab.example", "password": PASSWORD})
    assert client.session["_auth_user_id"]


def test_two_clicks_make_one_account(chief: User, client: Client) -> None:
    address = invite(chief).get_absolute_url()
    client.post(address, sent())
    again = client.post(address, sent(first_name="另一个"))
    assert again.status_code == 410
    assert "已经用过了" in words(again)
    assert "请直接登录" in words(again)
    assert [user.first_name for user in User.objects.exclude(pk=chief.pk)] == ["安娜"]


def test_what_a_page_knew_does_not_make_a_second_account(chief: User) -> None:
    """Both clicks saw an open invitation."""
    link = inviting.invite_by_link("成员", by=chief)
    stale = Invitation.objects.get(pk=link.pk)
    accept(link, name="甲", email="a@fab.example", password=PASSWORD)
    with pytest.raises(InvitationOver):
        accept(stale, name="乙", email="b@fab.example", password=PASSWORD)
    assert not User.objects.filter(email="b@fab.example").exists()


def test_a_link_to_nobody_in_particular_asks_for_the_address(chief: User, client: Client) -> None:
    link = inviting.invite_by_link("成员", by=chief, name="客人")
    address = link.get_absolute_url()
    assert 'value="客人"' in client.get(address).content.decode()
    assert "还没有填邮箱" in words(client.post(address, sent(email="")))
    client.post(address, sent(email="Gast@Else.example"))
    assert role_of(User.objects.get(username="gast@else.example")) == "成员"
    link.refresh_from_db()
    assert link.email == "gast@else.example"


@pytest.mark.parametrize("email", ["cheng@fab.example", "CHENG@FAB.example"])
def test_an_address_that_has_an_account_gets_no_second_one(
    email: str, chief: User, member: User, client: Client
) -> None:
    address = inviting.invite_by_link("主编", by=chief).get_absolute_url()
    answer = client.post(address, sent(email=email))
    assert answer.status_code == 422
    assert "已经有账号，没有再建一个" in words(answer)
    assert role_of(User.objects.get(pk=member.pk)) == "成员"
    assert Client().get(address).status_code == 200


def test_who_got_an_account_meanwhile_is_led_to_the_log_in(chief: User, client: Client) -> None:
    invitation = invite(chief)
    User.objects.create_user("anna", ANNA.email)
    page = client.get(invitation.get_absolute_url())
    assert page.status_code == 410
    assert "您已经有账号了" in words(page)
    with pytest.raises(HasAccount):
        accept(invitation, name="安娜", email="", password=PASSWORD)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first_name": ""}, "还没有填姓名"),
        ({"password1": ""}, "还没有填密码"),
        ({"password2": "anders-und-lang-9"}, "密码"),
        ({"password1": "12345678", "password2": "12345678"}, "密码"),
        ({"password1": "anna@fab.example", "password2": "anna@fab.example"}, "密码"),
        ({"first_name": "名" * 151}, "150"),
        ({"first_name": "空\0字"}, "不"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_and_nothing_is_made(
    fields: dict[str, str], said: str, chief: User, client: Client
) -> None:
    address = invite(chief).get_absolute_url()
    answer = client.post(address, sent(**fields))
    assert answer.status_code == 422
    assert said in "".join(
        re.findall(r'class="(?:error|refusal)"[^>]*>(.*?)</(?:span|p)>', answer.content.decode(), re.DOTALL)
    )
    assert PASSWORD not in answer.content.decode()
    assert not User.objects.filter(email=ANNA.email).exists()
    client.post(address, sent())
    assert User.objects.filter(email=ANNA.email).exists()


# --- Links that let nobody in ------------------------------------------------------------------------------


STATUS = {
    "expired": 410,
    "revoked": 410,
    "used": 410,
    "renewed": 404,
    "forged": 404,
    "cut": 404,
    "number": 404,
}


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_over_says_what_to_do_and_of_nobody(
    kind: str, status: int, method: str, chief: User, client: Client
) -> None:
    address = over(kind, invite(chief), chief)
    before = User.objects.count()
    answer = getattr(client, method)(address, sent() if method == "post" else {})
    page = answer.content.decode()
    assert answer.status_code == status
    assert "请向邀请您的人要一个新的" in page
    assert not [name for name in ("anna", "安娜", "李主编", "编辑") if name in words(answer)]
    assert User.objects.count() == before
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")


@pytest.mark.parametrize("token", ["x", "\0", "a" * 3000, "..", "%00", "é.é", "Infinity"])
def test_an_invented_link_is_no_error(token: str, client: Client, db: None) -> None:
    assert client.get(f"/account/invitation/{token}/").status_code == 404
