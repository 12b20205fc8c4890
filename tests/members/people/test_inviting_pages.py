"""编辑室 › 人员: inviting."""

from __future__ import annotations

import re

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.test import Client

from members.invitations.models import Invitation
from tests.members.people.conftest import SITE, run_tasks
from tests.members.people.pages import PEOPLE, said

pytestmark = pytest.mark.django_db


def test_a_list_is_invited_and_what_was_not_is_said(as_chief: Client, member: User) -> None:
    text = "安娜 anna@fab.example\nbert@fab.example；anna@fab.example\ncheng@fab.example\n王五"
    answer = as_chief.post(f"{PEOPLE}invite/", {"addresses": text, "role": "编辑"}, follow=True)
    page = answer.content.decode()
    assert said(page) == (
        "邀请了 2 位编辑。请复制下面的话，发给对方。已经有账号：cheng@fab.example。"
        "写了不止一次，只邀请一次：anna@fab.example。不是邮箱，没有邀请：王五。"
    )
    copied = lxml.html.document_fromstring(page).xpath("//textarea/text()")
    assert len(copied) == 2
    assert copied[1].startswith("安娜，您好！请您来芯闻库当编辑。")
    link = re.search(rf"{SITE}(\S+)", copied[1])
    assert link
    assert "邀请您来" in Client().get(link[1]).content.decode()


@pytest.mark.parametrize(
    ("address", "fields", "words"),
    [
        ("", {"addresses": "", "role": "成员"}, "还没有填邮箱"),
        ("", {"addresses": "王五", "role": "成员"}, "没有找到邮箱，没有邀请。看到的是：王五"),
        ("", {"addresses": "a@b.cn"}, "还没有选角色"),
        ("", {"addresses": "a@b.cn", "role": "管理员"}, "没有这个角色"),
        ("", {"addresses": "a" * 20_001, "role": "成员"}, "太长了"),
        (
            "",
            {"addresses": " ".join(f"a{n}@b.cn" for n in range(201)), "role": "成员"},
            "一次最多邀请 200 位",
        ),
        ("link/", {"role": "x"}, "没有这个角色"),
        ("domain/", {"domain": "qq.com"}, "谁都能申请"),
        ("domain/", {"domain": ""}, "还没有填邮箱域名"),
    ],
)
def test_what_can_not_be_invited_is_said_and_what_was_typed_stays(
    address: str, fields: dict[str, str], words: str, as_chief: Client, sends_mail: None
) -> None:
    answer = as_chief.post(f"{PEOPLE}invite/{address}", fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    typed = fields.get("addresses", fields.get("domain", ""))
    assert typed[:50] in page.partition('id="content-main"')[2]
    assert "还没有邀请过谁" in as_chief.get(f"{PEOPLE}invitations/").content.decode()


def test_a_form_that_is_sent_twice_makes_one_link(as_chief: Client) -> None:
    page = as_chief.get(f"{PEOPLE}invite/").content.decode()
    form = next(form for form in lxml.html.document_fromstring(page).forms if "link/" in (form.action or ""))
    data = dict(form.form_values())
    for _ in range(2):
        answer = as_chief.post(f"{PEOPLE}invite/link/", data, follow=True)
        assert "链接做好了" in said(answer.content.decode())
    assert answer.content.decode().count("<textarea") == 1


def test_an_invitation_is_sent_again_and_taken_back(as_chief: Client, chief: User) -> None:
    as_chief.post(f"{PEOPLE}invite/", {"addresses": "anna@fab.example", "role": "成员"})
    invitation = Invitation.objects.get()
    first = invitation.get_absolute_url()
    renewed = as_chief.post(f"{PEOPLE}invitations/{invitation.pk}/renew/", follow=True).content.decode()
    assert "给anna@fab.example的链接换了新的，14 天内有效；原来的不能用了。" in said(renewed)
    invitation.refresh_from_db()
    assert first not in renewed
    assert invitation.get_absolute_url() in renewed
    revoked = as_chief.post(f"{PEOPLE}invitations/{invitation.pk}/revoke/", follow=True).content.decode()
    assert "收回了给anna@fab.example的邀请" in said(revoked)
    assert "已收回" in revoked
    assert "<textarea" not in revoked
    assert Client().get(invitation.get_absolute_url()).status_code == 410


def test_the_list_says_whether_mails_went_out(as_chief: Client, sends_mail: None) -> None:
    as_chief.post(f"{PEOPLE}invite/", {"addresses": "anna@fab.example", "role": "成员"})
    assert "邮件正在发" in as_chief.get(f"{PEOPLE}invitations/").content.decode()
    run_tasks()
    assert "邮件已发出" in as_chief.get(f"{PEOPLE}invitations/").content.decode()
