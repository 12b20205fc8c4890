"""Deletes an account at its owner's wish. What the archive needs stays, without the name.

sessions, tokens, what is half done …     gone: all that refers to the account and would be deleted with it
versions, proposals, closed reports …     stay; the account that they refer to is emptied, its name becomes
                                          “已删除的账号 17”, and nobody can log in with it
nothing of that kind                      the account is gone as a whole
the trail                                 keeps the name until its days are over
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel

from archive.kept_forms import OpenForm
from members.personal_data import STAYS
from members.roles import CHIEF
from members.signin.sessions import end_sessions
from members.trail import What, record
from members.trail.models import Event

GONE = "已删除的账号"


class DeletionRefused(Exception):
    """An account that can not be deleted. Its owner reads it: why, and what to do."""


def delete_account(user: User) -> None:
    """Deletes an account, as the head of this module says. Raises DeletionRefused for the last one of a role."""
    with transaction.atomic():
        # Of two who are the last ones together, the second waits here for the first.
        list(User.objects.select_for_update().filter(is_staff=True).order_by("pk"))
        user = User.objects.select_for_update().get(pk=user.pk)
        if reason := refusal(user):
            raise DeletionRefused(reason)
        end_sessions(user)
        OpenForm.objects.filter(user_id=user.pk).delete()
        if _is_needed(user):
            record(What.ACCOUNT_DELETED, target=user.get_username(), detail="写过的内容都还在")
            for relation in _references(user):
                if relation.on_delete is models.CASCADE and _column(relation) not in STAYS:
                    _rows(relation, user).delete()
            _empty(user)
        else:
            user.delete()  # which the trail notes by itself


def refusal(user: User) -> str:
    """Returns why this account can not be deleted; empty when it can."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.filter(is_superuser=True).exists():
        return "您是唯一的管理员，删除以后没有人能管理账号。请先让另一位成为管理员，再删除自己的账号。"
    is_chief = user.groups.filter(name=CHIEF).exists()
    if is_chief and not others.filter(groups__name=CHIEF).exists():
        return "您是唯一的主编，删除以后没有人能发布和撤回。请先让另一位成为主编，再删除自己的账号。"
    return ""


def _is_needed(user: User) -> bool:
    """Whether anything that stays names this account."""
    return any(
        _rows(relation, user).exists()
        for relation in _references(user)
        if relation.related_model is not Event
        and (relation.on_delete is not models.CASCADE or _column(relation) in STAYS)
    )


def _references(user: User) -> Iterator[ForeignObjectRel]:
    """Yields what refers to accounts by a column of its own."""
    for relation in user._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, models.ManyToOneRel)
            and relation.related_model is not User.groups.through
            and relation.related_model is not User.user_permissions.through
        ):
            yield relation


def _column(relation: ForeignObjectRel) -> str:
    return f"{relation.related_model._meta.label}.{relation.field.name}"


def _rows(relation: ForeignObjectRel, user: User) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = relation.related_model._base_manager.filter(
        **{relation.field.name: user}
    )
    return rows


def _empty(user: User) -> None:
    """Leaves of an account only that there was one. One event tells of it: an `update` sends no signals for more."""
    User.groups.through.objects.filter(user=user).delete()
    User.user_permissions.through.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(
        **{"username": f"{GONE} {user.pk}", "first_name": "", "last_name": "", "email": ""},
        **{"is_active": False, "is_staff": False, "is_superuser": False, "last_login": None},
        password=make_password(None),
    )
