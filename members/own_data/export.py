"""A person's own data as plain values, by the table of `members.personal_data`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from reversion.models import Version

from archive.models import Issue
from members.personal_data import HOLDINGS
from members.signin.sessions import sessions_of


def own_data(user: User) -> dict[str, Any]:
    """Returns what is kept of a person, with the names that the site's pages have for it. No password, no key.

    >>> own_data(user)["账号"]["用户名"]                          # doctest: +SKIP
    'wang'
    """
    kept: dict[str, Any] = {"导出时间": _written(timezone.now()), "账号": _account(user)}
    kept["登录状态"] = [{"到期": _written(session.expire_date)} for session in sessions_of(user)]
    for holding in HOLDINGS:
        for column, fields in holding.columns.items():
            if fields:
                rows = _rows(user, column, fields)
                kept[name_of(column)] = [*kept.get(name_of(column), []), *rows]
    kept["改过的期"] = [
        {"时间": _written(at), "期": issue, "改动": comment} for at, issue, comment in _issues_of(user)
    ]
    return kept


def name_of(column: str) -> str:
    """Returns what people call the rows that a column belongs to.

    >>> name_of("desk.Desk.user")                                # doctest: +SKIP
    '导入台'
    """
    label, _, field = column.rpartition(".")
    model = apps.get_model(label)
    return f"{model._meta.verbose_name}（{model._meta.get_field(field).verbose_name}）"


def _account(user: User) -> dict[str, Any]:
    return {
        "用户名": user.get_username(),
        "姓名": user.get_full_name(),
        "邮箱": user.email,
        "角色": [*(["管理员"] if user.is_superuser else []), *(group.name for group in user.groups.all())],
        "开通时间": _written(user.date_joined),
        "最近登录": _written(user.last_login),
    }


def _rows(user: User, column: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    label, _, reference = column.rpartition(".")
    model = apps.get_model(label)
    columns = [model._meta.get_field(name) for name in fields]
    rows = model._base_manager.filter(**{reference: user}).order_by("pk").values_list(*fields)
    names = [str(each.verbose_name) for each in columns]
    choices = [dict(getattr(each, "flatchoices", ())) for each in columns]
    return [
        {
            name: _written(known.get(value, value))
            for name, known, value in zip(names, choices, row, strict=True)
        }
        for row in rows
    ]


def _issues_of(user: User) -> Iterator[tuple[dt.datetime, str, str]]:
    """Yields when a person changed which issue, and what."""
    kept = Version.objects.filter(
        revision__user=user, content_type=ContentType.objects.get_for_model(Issue)
    ).order_by("pk")
    yield from kept.values_list("revision__date_created", "object_repr", "revision__comment")


def _written(value: object) -> object:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
