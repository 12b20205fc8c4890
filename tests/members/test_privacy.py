"""The privacy page says the numbers that the settings have, and names everything that holds a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.test import Client

from archive import reporting
from archive.counting import rate_of
from archive.preferences import COOKIE
from config.backups.nightly import KEPT
from config.messages import MessageCookie
from desk.batches.models import KEPT_DAYS
from members.own_data.deletion import _references
from members.personal_data import HOLDINGS, NOT_PERSONAL, STAYS
from members.signin import devices

pytestmark = pytest.mark.django_db

PAGE = "/privacy/"
OF_A_PERSON = re.compile(
    r"(^|_)(ip|ip_address|remote_addr|address|agent|user_agent|email|mail|phone|mobile|contact|username|user_id|member_id"
    r"|first_name|last_name|full_name|openid|unionid|last_login|session_data)(_|$)"
)
"""Names of columns that may hold somebody."""
HOLDS_NAMES = {"members.Event.name", "archive.OpenForm.name", "auth.User.groups"}
"""What holds a person under a name that many others have."""


def personal_columns() -> Iterator[str]:
    """Every column of every model that refers to an account, or is named as what tells of a person."""
    for model in apps.get_models(include_auto_created=False):
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            to = field.related_model
            is_account = isinstance(to, type) and issubclass(to, AbstractBaseUser)
            is_address = isinstance(field, models.EmailField | models.GenericIPAddressField)
            if is_account or is_address or OF_A_PERSON.search(field.name):
                yield f"{model._meta.label}.{field.name}"


def test_every_column_that_holds_a_person_is_on_the_page() -> None:
    named = [column for holding in HOLDINGS for column in holding.columns]
    assert len(named) == len(set(named))
    assert not set(named) & set(NOT_PERSONAL)
    found = {*personal_columns(), *HOLDS_NAMES}
    assert found - set(named) - set(NOT_PERSONAL) == set(), (
        "say in members/personal_data.py what it is kept for"
    )
    assert set(named) | set(NOT_PERSONAL) <= found, "these are no more"
    assert {"auth.User.email", "members.Event.address", "reversion.Revision.user"} <= found


def test_every_reference_to_an_account_is_in_its_owners_export(admin_user: Any) -> None:
    exported = {column for holding in HOLDINGS for column, fields in holding.columns.items() if fields}
    references = {
        f"{each.related_model._meta.label}.{each.field.name}"  # type: ignore[union-attr]
        for each in _references(admin_user)
    }
    assert references == exported
    assert references >= STAYS


def shown(client: Client) -> str:
    """The page as one line of text."""
    page = client.get(PAGE).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_each_number_is_that_of_its_setting(client: Client, settings: Any) -> None:
    settings.TRAIL_DAYS = 411
    settings.SEARCH_LOG_DAYS = 177
    settings.SESSION_COOKIE_AGE = 13 * 3600
    settings.CSRF_COOKIE_AGE = 31 * 86_400
    text = shown(client)
    days, weeks, months = (count for count, _ in KEPT)
    reports = rate_of("reports")
    for said in (
        "411 天。账号删除以后",
        "搜索只记关键词、条件、结果的篇数和打开的文章，不记是谁、从哪里搜的，177 天后删除",
        "到退出登录，最多 13 小时；编辑最多",
        "31 天",
        f"整批导入的文件 {KEPT_DAYS} 天",
        f"报错处理完 {reporting.KEPT_FOR.days} 天后删除",
        f"{reports.period}内同一处最多提交 {reports.times} 条报错",
        f"备份留最近 {days} 天、{weeks} 周和 {months} 个月的",
    ):
        assert said in text
    settings.SEARCH_LOG_DAYS = 0
    assert "搜索也不记" in shown(client)


def test_every_row_of_the_table_is_on_the_page(client: Client) -> None:
    text = shown(client)
    for holding in HOLDINGS:
        assert holding.what in text
        assert holding.until() in text


def test_cookies_stand_there_by_the_names_that_the_settings_give_them(client: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_NAME = "our-session"
    settings.CSRF_COOKIE_NAME = "our-csrf"
    page = client.get(PAGE).content.decode()
    named = re.findall(r"<code>([\w-]+)</code>", page)
    assert named == ["our-session", devices.COOKIE, "our-csrf", MessageCookie.cookie_name, COOKIE]


def test_no_cookie_is_set_that_the_page_does_not_name(admin_user: Any, client: Client) -> None:
    page = client.get(PAGE).content.decode()
    client.get("/account/login/")
    client.force_login(admin_user)
    client.get("/admin/")
    client.post("/preferences/", {"size": "large", "back": "/"})
    client.post("/admin/insight/goldenquery/check/")  # which says something on the next page
    assert len(client.cookies) >= 3
    assert set(client.cookies) <= set(re.findall(r"<code>([\w-]+)</code>", page))


# --- The footer ----------------------------------------------------------------------------------------


def test_the_footer_leads_to_the_page_and_has_numbers_where_they_are_set(
    client: Client, settings: Any
) -> None:
    footer = client.get("/").content.decode().partition("<footer")[2]
    assert f'href="{PAGE}"' in footer
    assert "beian" not in footer
    settings.ICP_NUMBER = "京ICP备00000000号-1"
    settings.POLICE_NUMBER = "京公网安备 00000000000001号"
    footer = client.get("/").content.decode().partition("<footer")[2]
    assert '<a href="https://beian.miit.gov.cn/" rel="noreferrer">京ICP备00000000号-1</a>' in footer
    assert "https://beian.mps.gov.cn/#/query/webSearch?code=00000000000001" in footer
    assert "京公网安备 00000000000001号" in footer


def test_the_page_is_the_same_for_everyone_and_needs_no_log_in(client: Client, admin_client: Client) -> None:
    assert client.get(PAGE).status_code == 200
    assert shown(client) == shown(admin_client)
