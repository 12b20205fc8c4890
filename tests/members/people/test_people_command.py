"""`manage.py people`: what an operator does whom the site lets in no more."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from members.roles import role_of
from members.signin import lockout
from tests.archive.people import browser
from tests.members.signin.people import give_totp, kinds_of

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-Wort-7"


def people(*arguments: str) -> str:
    said = io.StringIO()
    call_command("people", *arguments, stdout=said)
    return said.getvalue()


def test_every_account_is_listed(chief: User, editor: User, member: User) -> None:
    User.objects.create_user("nackt", is_staff=True, is_active=False)
    lines = [line.split("\t") for line in people("list").splitlines()]
    assert [line[:5] for line in lines] == [
        ["bianji", "lin@alliance.example", "小林", "编辑", "正常"],
        ["zhubian", "li@alliance.example", "李主编", "主编", "正常"],
        ["chengyuan", "cheng@fab.example", "陈成员", "成员", "正常"],
        ["nackt", "-", "nackt", "-", "停用"],
    ]
    assert {line[6] for line in lines} == {"password only"}


@pytest.mark.parametrize("name", ["bianji", "BIANJI", "lin@alliance.example"])
def test_a_role_is_given_by_name_or_address(name: str, editor: User) -> None:
    assert people("role", name, "管理员") == "bianji is now 管理员.\n"
    assert role_of(User.objects.get(pk=editor.pk)) == "管理员"


def test_the_last_chief_editor_stays(chief: User) -> None:
    for arguments in (("role", "zhubian", "成员"), ("deactivate", "zhubian")):
        with pytest.raises(CommandError, match="最后一位主编"):
            people(*arguments)
    assert role_of(User.objects.get(pk=chief.pk)) == "主编"


@pytest.mark.parametrize("with_mail", [False, True])
def test_a_link_for_a_new_password_is_printed_and_works_once(
    with_mail: bool, chief: User, client: Client, settings: Any
) -> None:
    """Printed even where mail could be sent: the operator asked for it, perhaps because no mail arrives."""
    settings.EMAIL_URL = "smtp://mail.example" if with_mail else ""
    printed = people("password-link", "zhubian", "--site", "https://digest.example/")
    found = re.fullmatch(r"https://digest\.example(/account/password/\S+)\n", printed)
    assert found
    shown = client.get(found[1], follow=True)
    sent = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(shown.redirect_chain[-1][0], sent)
    assert User.objects.get(pk=chief.pk).check_password(PASSWORD)
    other = Client()
    again = other.get(found[1], follow=True)
    address = again.redirect_chain[-1][0] if again.redirect_chain else found[1]
    other.post(address, {"password1": "noch-ein-Wort-8", "password2": "noch-ein-Wort-8"})
    assert User.objects.get(pk=chief.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("https", "hosts", "site"),
    [
        (True, ["digest.example"], "https://digest.example/"),
        (False, ["127.0.0.1"], "http://127.0.0.1:8000/"),
        (True, [".example", "*"], "https://127.0.0.1/"),
    ],
)
def test_the_link_begins_where_the_site_likely_is(
    https: bool, hosts: list[str], site: str, chief: User, settings: Any
) -> None:
    settings.HTTPS, settings.ALLOWED_HOSTS = https, hosts
    assert people("password-link", "zhubian").startswith(site)


def test_somebody_is_kept_out_and_let_in_again(chief: User, editor: User) -> None:
    client = browser(editor)
    assert people("deactivate", "bianji") == "bianji can not log in any more.\n"
    assert client.get("/admin/").status_code == 302
    assert people("activate", "bianji") == "bianji can log in.\n"
    assert User.objects.get(pk=editor.pk).is_active


def test_who_lost_the_second_factor_comes_in_by_the_password(editor: User) -> None:
    give_totp(editor)
    assert "second factor" in people("list")
    assert people("reset-second-factor", "bianji") == "bianji had 1 second factors, and has none now.\n"
    assert kinds_of(editor) == set()


def test_who_typed_too_many_wrong_passwords_is_let_in_again(editor: User) -> None:
    for _ in range(lockout.SOURCE.free):
        lockout.begin(editor.email, "192.0.2.7")
    assert "锁定" in people("list")
    assert people("unlock", "bianji") == "bianji can log in again at once.\n"
    assert "锁定" not in people("list")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("role", "niemand", "编辑"), "people list"),
        (("role", "bianji", "老板"), "invalid choice"),
        (("activate", "doppelt@b.cn"), "Several accounts"),
        ((), "required"),
    ],
)
def test_what_is_wrong_is_said(arguments: tuple[str, ...], said: str, editor: User) -> None:
    for name in ("eins", "zwei"):
        User.objects.create_user(name, "doppelt@b.cn")
    with pytest.raises(CommandError, match=said):
        people(*arguments)
