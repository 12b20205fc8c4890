"""The editors' room refuses in plain words, and says whom to ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

pytestmark = pytest.mark.django_db

Maker = Callable[..., User]


@pytest.fixture
def make_user() -> Maker:
    def make(name: str, group: str = "") -> User:
        user = User.objects.create_user(name, is_staff=True)
        if group:
            user.groups.add(Group.objects.get(name=group))
        return user

    return make


def test_an_account_without_a_role_is_told_what_it_lacks(make_user: Maker) -> None:
    client = Client()
    client.force_login(make_user("neu"))
    assert "您的账号还没有角色，请主编选“编辑”或“主编”。" in client.get("/admin/").content.decode()


# --- Refusals -------------------------------------------------------------------------------------------


def test_what_is_refused_says_whom_to_ask(make_user: Maker) -> None:
    client = Client()
    client.force_login(make_user("bianji", "编辑"))
    answer = client.get("/admin/people/")
    assert answer.status_code == 403
    assert "人员、账号和角色，请找主编" in answer.content.decode()


def test_a_form_of_an_old_window_is_refused_in_chinese(make_user: Maker) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("bianji", "编辑"))
    answer = client.post("/admin/archive/issue/add/", {"title": "一"})
    assert answer.status_code == 403
    assert "刚才的内容没有保存" in answer.content.decode()
    assert "CSRF" not in answer.content.decode()


def test_a_page_of_the_editors_room_that_is_not_there_points_to_the_bin(make_user: Maker) -> None:
    client = Client()
    client.force_login(make_user("bianji", "编辑"))
    assert "/admin/archive/issue/bin/" in client.get("/admin/archive/issue/99/history/").content.decode()
    assert "/admin/archive/issue/bin/" not in client.get("/articles/99/").content.decode()
