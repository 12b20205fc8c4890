"""编辑室 › 人员: the list, who may open it, a person."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.models import Desk
from desk.opening import open_paste
from desk.storing import open_desk
from members.people.models import LastSeen
from members.roles import role_of
from tests.archive.makers import TEXT
from tests.archive.people import browser, person, proved
from tests.members.people.pages import PEOPLE, do, names, rows, said

pytestmark = pytest.mark.django_db


# --- The list ------------------------------------------------------------------------------------------------


def test_the_list_shows_who_is_there_in_plain_words(
    as_chief: Client, chief: User, editor: User, member: User
) -> None:
    gone = person("weg", "编辑", is_active=False)
    LastSeen.objects.create(user=editor, day=dt.date(2025, 3, 21))
    LastSeen.objects.create(user=member, day=timezone.localdate() - dt.timedelta(days=1))
    page = as_chief.get(PEOPLE).content.decode()
    shown = {row[0]: row[1:] for row in rows(page)}
    assert shown["小林 lin@alliance.example"] == ["编辑", "2025年3月21日", "否", "正常"]
    assert shown["陈成员 cheng@fab.example"] == ["成员", "昨天", "否", "正常"]
    assert shown["weg"] == ["编辑", "还没有来过", "否", "停用"]
    assert names(page) == ["小林", "李主编", "陈成员", gone.username]
    assert f'href="{PEOPLE}{gone.pk}/"' in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("role=编辑", ["小林"]),
        ("role=主编", ["李主编"]),
        ("role=成员", ["陈成员"]),
        ("role=管理员", ["yunwei"]),
        ("role=停用", ["weg"]),
        ("q=LIN@", ["小林"]),
        ("q=陈", ["陈成员"]),
        ("q=zhubian", ["李主编"]),
        ("q=alliance+小", ["小林"]),
        ("q=alliance&role=主编", ["李主编"]),
        ("q=绝无此人", []),
        ("role=绝无此角色&q=陈", ["yunwei", "小林", "李主编", "陈成员", "weg"]),
    ],
)
def test_the_list_is_searched_and_narrowed(
    asked: str, found: list[str], as_chief: Client, editor: User, member: User
) -> None:
    person("weg", "编辑", is_active=False)
    User.objects.create_superuser("yunwei")
    page = as_chief.get(f"{PEOPLE}?{asked}").content.decode()
    assert names(page) == found
    assert ("没有这样的人" in page) == (not found)


@pytest.mark.parametrize(
    "asked", ["page=99999999999999999999", "page=-1", "page=x", "q=\0", "role=\0", "q=" + "长" * 500]
)
def test_whatever_stands_in_the_address_is_no_error(asked: str, as_chief: Client) -> None:
    assert as_chief.get(f"{PEOPLE}?{asked}").status_code == 200


def test_a_long_list_has_pages_and_as_many_queries_as_a_short_one(as_chief: Client, editor: User) -> None:
    as_chief.get(PEOPLE)

    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = as_chief.get(address).content.decode()
        assert rows(page)
        return len(captured)

    short = queries(PEOPLE)
    for number in range(60):
        person(f"e{number:02}", "编辑")
    assert queries(PEOPLE) == short
    assert len(rows(as_chief.get(f"{PEOPLE}?page=2&role=编辑").content.decode())) == 11
    links = lxml.html.document_fromstring(as_chief.get(f"{PEOPLE}?page=2&role=编辑").content.decode())
    assert parse_qs(links.xpath("//a[@rel='prev']/@href")[0][1:]) == {"page": ["1"], "role": ["编辑"]}


def test_names_are_text(as_chief: Client, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(first_name="<script>alert(1)</script>")
    for address in (PEOPLE, f"{PEOPLE}{editor.pk}/"):
        page = as_chief.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


# --- Who may open them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "what", ["role", "describe", "deactivate", "activate", "unlock", "hand-over", "password"]
)
def test_who_may_not_manage_people_changes_nothing(
    what: str, editor: User, member: User, chief: User
) -> None:
    before = list(User.objects.order_by("pk").values())
    fields = {"role": "主编", "name": "改", "email": "x@else.example", "to": editor.pk}
    for client, status in ((browser(editor), 403), (browser(member), 302), (Client(), 302)):
        for target in (editor, member, chief):
            answer = client.post(f"{PEOPLE}{target.pk}/{what}/", fields)
            assert answer.status_code == status
    after = list(User.objects.order_by("pk").values())
    for row in (*before, *after):
        row.pop("last_login")
    assert after == before


@pytest.mark.parametrize("what", ["role", "deactivate", "renew", "password"])
def test_what_changes_something_is_posted(what: str, as_chief: Client, editor: User) -> None:
    address = f"{PEOPLE}invitations/1/renew/" if what == "renew" else f"{PEOPLE}{editor.pk}/{what}/"
    assert as_chief.get(address).status_code == 405


def test_a_form_of_another_site_changes_nothing(chief: User, editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    proved(client)
    assert client.post(f"{PEOPLE}{editor.pk}/deactivate/").status_code == 403
    assert User.objects.get(pk=editor.pk).is_active


@pytest.mark.parametrize("number", ["0", "99999", "99999999999999999999999"])
def test_who_is_not_there_is_not_found(number: str, as_chief: Client) -> None:
    assert as_chief.get(f"{PEOPLE}{number}/").status_code == 404
    assert as_chief.post(f"{PEOPLE}{number}/deactivate/").status_code == 404
    assert as_chief.post(f"{PEOPLE}invitations/{number}/revoke/").status_code == 404


def test_the_front_page_leads_here_who_may(as_chief: Client, editor: User) -> None:
    assert as_chief.get("/admin/").content.decode().count(f'href="{PEOPLE}"') == 2
    assert PEOPLE not in browser(editor).get("/admin/").content.decode()


# --- A person --------------------------------------------------------------------------------------------------


def test_a_role_is_changed_and_said(as_chief: Client, editor: User) -> None:
    page = as_chief.get(f"{PEOPLE}{editor.pk}/").content.decode()
    [chosen] = lxml.html.document_fromstring(page).xpath("//input[@name='role' and @checked]/@value")
    assert chosen == "编辑"
    assert 'value="管理员"' not in page
    assert said(do(as_chief, editor, "role", role="主编")) == "小林现在是主编。"
    assert role_of(User.objects.get(pk=editor.pk)) == "主编"


@pytest.mark.parametrize(
    ("role", "words"), [("", "还没有选角色"), ("老板", "没有这个角色"), ("管理员", "没有这个角色")]
)
def test_a_role_that_is_not_offered_is_refused(role: str, words: str, as_chief: Client, editor: User) -> None:
    assert words in said(do(as_chief, editor, "role", role=role))
    assert role_of(User.objects.get(pk=editor.pk)) == "编辑"


def test_an_administrator_makes_another(admin_client: Client, editor: User) -> None:
    assert said(do(proved(admin_client), editor, "role", role="管理员")) == "小林现在是管理员。"
    assert User.objects.get(pk=editor.pk).is_superuser


def test_somebody_is_kept_out_and_let_in_again(as_chief: Client, editor: User) -> None:
    theirs = browser(editor)
    page = do(as_chief, editor, "deactivate")
    assert "小林的账号停用了" in said(page)
    assert "启用账号" in page
    assert theirs.get("/admin/").status_code == 302
    assert "小林的账号启用了" in said(do(as_chief, editor, "activate"))
    assert User.objects.get(pk=editor.pk).is_active


def test_the_own_page_and_an_administrators_offer_nothing_that_would_be_refused(
    as_chief: Client, chief: User
) -> None:
    admin = User.objects.create_superuser("yunwei")
    for user, words in ((chief, "这是您自己的账号"), (admin, "只有管理员能改")):
        page = as_chief.get(f"{PEOPLE}{user.pk}/").content.decode()
        assert words in page
        content = page.partition('id="content-main"')[2]
        assert "<form" not in content.partition("</main>")[0]


def test_a_refusal_is_said_on_the_page(as_chief: Client, chief: User) -> None:
    assert "请另一位主编来改" in said(do(as_chief, chief, "deactivate"))
    assert User.objects.get(pk=chief.pk).is_active


def test_a_name_and_an_address_are_saved(as_chief: Client, editor: User) -> None:
    assert "已保存林编辑的姓名和邮箱" in said(
        do(as_chief, editor, "describe", name="林编辑", email="neu@b.example")
    )
    assert User.objects.get(pk=editor.pk).email == "neu@b.example"
    assert "不是完整的邮箱地址" in said(do(as_chief, editor, "describe", name="x", email="kein"))
    assert User.objects.get(pk=editor.pk).first_name == "林编辑"


def test_open_work_is_shown_and_handed_over(as_chief: Client, chief: User, editor: User) -> None:
    assert "移交工作" not in as_chief.get(f"{PEOPLE}{editor.pk}/").content.decode()
    open_desk(editor.pk, "粘贴", open_paste(TEXT, ""))
    assert "手上还有：导入台上没有保存的一期" in as_chief.get(f"{PEOPLE}{editor.pk}/").content.decode()
    assert "还没有选交给谁" in said(do(as_chief, editor, "hand-over", to=""))
    assert "不能接手" in said(do(as_chief, editor, "hand-over", to="99999999999999999999"))
    page = do(as_chief, editor, "hand-over", to=chief.pk)
    assert said(page) == "已移交给李主编：导入台上没有保存的一期。"
    assert Desk.objects.get().user == chief
