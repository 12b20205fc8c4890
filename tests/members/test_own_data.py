"""/account/data/: everyone's own data as a file, and the end of an account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from archive import publishing, reporting, reviewing, versions
from archive.editing import save_article
from archive.models import Issue
from archive.presence import note_open
from archive.proposal import Proposal
from desk.models import Batch, Desk
from desk.opening import open_paste
from desk.storing import open_desk
from members.own_data.deletion import DeletionRefused, delete_account
from members.own_data.export import own_data
from members.trail.models import Event
from tests.archive.makers import TEXT
from tests.archive.people import browser, person
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db

PASSWORD = "一二三四五六七八九十"
PAGE, FILE = "/account/data/", "/account/data/download"


def somebody(name: str, group: str = "", **more: Any) -> User:
    user = person(name, group) if group else User.objects.create_user(name, **more)
    user.set_password(PASSWORD)
    user.email = f"{name}@example.org"
    user.save()
    return user


@pytest.fixture
def editor(make_issue: WeekMaker) -> User:
    """An editor who has something everywhere: a version, a proposal, a closed report, a desk, a batch, an open form."""
    user = somebody("li", "编辑", first_name="李")
    issue = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)
    article = issue.articles.get()
    article.title = "改过"
    save_article(article, user)
    reviewing.hand_over(issue, user, "请看")
    publishing.publish(Issue.objects.get(pk=issue.pk))
    reporting.close([reporting.report(article, reporting.Passage(), "写错了。")], user)
    open_desk(user.pk, "粘贴", open_paste(TEXT, ""))
    Batch.objects.create(user=user, name="旧刊")
    LogEntry.objects.create(user=user, object_repr="台积电", action_flag=2)
    note_open(article, user)
    return user


# --- The file ------------------------------------------------------------------------------------------


def test_strangers_are_asked_to_log_in(client: Client) -> None:
    for address in (PAGE, FILE):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    assert client.post(PAGE, {"password": "x"}).status_code == 302


def test_the_file_holds_what_is_kept_of_oneself_and_of_nobody_else(editor: User) -> None:
    other = somebody("other", "主编")
    browser(other).get(FILE)
    client = browser(editor)
    answer = client.get(FILE)
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    data = json.loads(text)
    assert data["账号"]["用户名"] == "li"
    assert data["账号"]["邮箱"] == "li@example.org"
    assert data["账号"]["角色"] == ["编辑"]
    assert len(data["登录状态"]) == 1
    assert [row["改动"] for row in data["改过的期"]] == ["修改《改过》", "交给主编：请看"]
    assert "测试周报" in data["改过的期"][0]["期"]
    assert [row["附言"] for row in data["送审（谁交的）"]] == ["请看"]
    assert [row["结果"] for row in data["送审（谁交的）"]] == ["已采用"]
    assert [row["来自"] for row in data["导入台（编辑）"]] == ["粘贴"]
    assert [row["名称"] for row in data["整批导入（编辑）"]] == ["旧刊"]
    assert "登录" in [row["做了什么"] for row in data["记录（账号）"]]
    assert "other" not in text
    assert editor.password not in text
    assert Session.objects.all()[0].session_key not in text
    assert Event.objects.filter(what="exported", user=editor, target="自己的数据").count() == 1


def test_the_file_of_a_member_who_only_reads_is_small_and_whole() -> None:
    member = somebody("member")
    data = own_data(member)
    assert data["账号"]["角色"] == []
    assert [key for key, value in data.items() if value] == ["导出时间", "账号"]


# --- The end of an account -----------------------------------------------------------------------------


def test_the_page_says_what_goes_and_what_stays(editor: User) -> None:
    page = browser(editor).get(PAGE).content.decode()
    for said in ("不能恢复", "已删除的账号", "400 天", "导入台", "密码"):
        assert said in page


def test_a_wrong_password_deletes_nothing_and_is_noted(editor: User) -> None:
    client = browser(editor)
    for sent in ({}, {"password": ""}, {"password": "falsch"}, {"username": "li"}):
        answer = client.post(PAGE, sent)
        assert answer.status_code == 400
        assert "没有删除" in answer.content.decode()
    editor.refresh_from_db()
    assert editor.is_active
    assert editor.username == "li"
    failed = Event.objects.get(what="login_failed")
    assert (failed.name, failed.target, failed.detail) == ("li", "li", "")


def test_an_editors_account_is_emptied_and_what_was_written_stays(
    editor: User, make_issue: WeekMaker
) -> None:
    client, elsewhere = browser(editor), browser(editor)
    answer = client.post(PAGE, {"password": PASSWORD})
    assert "账号已删除" in answer.content.decode()
    for each in (client, elsewhere):
        assert each.get(PAGE).status_code == 302
    assert not Session.objects.exists()
    gone = User.objects.get(pk=editor.pk)
    name = f"已删除的账号 {editor.pk}"
    assert (gone.username, gone.first_name, gone.email, gone.last_login) == (name, "", "", None)
    assert (gone.is_active, gone.is_staff, gone.has_usable_password()) == (False, False, False)
    assert not gone.groups.exists()
    assert not Client().login(username=name, password=PASSWORD)
    issue = Issue.objects.get()
    assert issue.is_published
    revision = versions.revisions_of(issue.pk).last()
    assert {str(each.user) for each in versions.revisions_of(issue.pk)} == {"None", name}
    assert revision is not None
    assert Proposal.objects.get().author_name == name
    assert LogEntry.objects.get().user == gone
    assert not Desk.objects.exists()
    assert not Batch.objects.exists()
    page = browser(somebody("wang", "主编")).get(f"/admin/archive/issue/{issue.pk}/history/").content.decode()
    assert name in page
    assert "李" not in page


def test_the_trail_tells_of_it_in_one_event_with_the_name(editor: User) -> None:
    client = browser(editor)
    last = Event.objects.order_by("-pk")[0]
    client.post(PAGE, {"password": PASSWORD})
    [event] = Event.objects.filter(pk__gt=last.pk)
    assert (event.what, event.name, event.target) == ("account_deleted", "li", "li")


def test_the_name_is_nowhere_else(editor: User) -> None:
    editor.first_name = "李独一"
    editor.email = "einzig@example.org"
    editor.save()
    browser(editor).post(PAGE, {"password": PASSWORD})
    for model in apps.get_models():
        if model is not Event and model._meta.managed:
            for row in model._base_manager.values_list():
                assert "李独一" not in str(row), model
                assert "einzig" not in str(row), model


def test_the_account_of_a_member_who_only_read_is_gone_as_a_whole() -> None:
    member = somebody("member")
    answer = browser(member).post(PAGE, {"password": PASSWORD})
    assert answer.status_code == 200
    assert not User.objects.filter(pk=member.pk).exists()
    event = Event.objects.get(what="account_deleted")
    assert (event.user, event.name, event.target) == (None, "member", "member")


def test_who_has_no_password_writes_the_own_name() -> None:
    member = somebody("member")
    member.set_unusable_password()
    member.save()
    client = browser(member)
    assert "您的用户名“member”" in client.post(PAGE, {"username": "another"}).content.decode()
    assert User.objects.filter(pk=member.pk).exists()
    client.post(PAGE, {"username": "member"})
    assert not User.objects.filter(pk=member.pk).exists()


@pytest.mark.parametrize(("role", "said"), [("主编", "唯一的主编"), ("管理员", "唯一的管理员")])
def test_the_last_of_a_role_is_refused_in_words_and_the_last_but_one_is_not(role: str, said: str) -> None:
    def one(name: str) -> User:
        user = somebody(name, "主编") if role == "主编" else somebody(name)
        User.objects.filter(pk=user.pk).update(is_superuser=role == "管理员", is_staff=True)
        return User.objects.get(pk=user.pk)

    first = one("first")
    deactivated = one("deactivated")
    deactivated.is_active = False
    deactivated.save()
    client = browser(first)
    page = client.get(PAGE).content.decode()
    assert said in page
    assert "请先让另一位成为" in page
    assert 'type="password"' not in page
    answer = client.post(PAGE, {"password": PASSWORD})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    with pytest.raises(DeletionRefused, match=said):
        delete_account(first)
    one("second")
    assert client.post(PAGE, {"password": PASSWORD}).status_code == 200
    assert not User.objects.filter(username="first").exists()
