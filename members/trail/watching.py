"""Notes what Django does with accounts: log-ins, and changes of users by whatever makes them.

Users are Django's: its commands, its admin, django-allauth and a shell write them, past any use case of ours. So this
is one of the few places that listens to signals. `QuerySet.update` on users sends none: whoever uses it records.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.http import HttpRequest

from members.signin.backends import account_named
from members.trail.models import What
from members.trail.recording import record

_WATCHED = ("username", "email", "password", "is_active", "is_staff", "is_superuser")
_BEFORE = "_before_this_save"


def watch() -> None:
    """Begins to listen."""
    user_logged_in.connect(_logged_in, dispatch_uid="members.trail")
    user_logged_out.connect(_logged_out, dispatch_uid="members.trail")
    user_login_failed.connect(_login_failed, dispatch_uid="members.trail")
    pre_save.connect(_about_to_be_saved, sender=User, dispatch_uid="members.trail")
    post_save.connect(_saved, sender=User, dispatch_uid="members.trail")
    pre_delete.connect(_deleted, sender=User, dispatch_uid="members.trail")
    authenticator_added.connect(_second_factor_set, dispatch_uid="members.trail")
    authenticator_removed.connect(_second_factor_removed, dispatch_uid="members.trail")
    m2m_changed.connect(_groups_changed, sender=User.groups.through, dispatch_uid="members.trail")


# --- Log-ins -------------------------------------------------------------------------------------------


def _logged_in(user: User, request: HttpRequest | None = None, **more: Any) -> None:
    record(What.LOGGED_IN, by=user, request=request)


def _logged_out(user: User | None, request: HttpRequest | None = None, **more: Any) -> None:
    if user is not None:
        record(What.LOGGED_OUT, by=user, request=request)


def _login_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    """Keeps the name that was tried only when there is such an account: people type passwords into that field."""
    tried = str(credentials.get("username") or credentials.get("email") or "")[:254]
    # No line break and no NUL, which PostgreSQL refuses, is in the name of an account.
    user = account_named(tried) if tried and tried.isprintable() else None
    record(What.LOGIN_FAILED, request=request, target=user or "", detail="" if user else "没有这个账号")


def _second_factor_set(user: User, authenticator: Authenticator, **more: Any) -> None:
    record(What.SECOND_FACTOR_SET, target=user, detail=authenticator.get_type_display())


def _second_factor_removed(user: User, authenticator: Authenticator, **more: Any) -> None:
    record(What.SECOND_FACTOR_REMOVED, target=user, detail=authenticator.get_type_display())


# --- Accounts ------------------------------------------------------------------------------------------


def _about_to_be_saved(instance: User, raw: bool, update_fields: Any = None, **more: Any) -> None:
    watched = [name for name in _WATCHED if update_fields is None or name in update_fields]
    if raw or not watched:
        return
    before = User.objects.filter(pk=instance.pk).values(*watched).first() if instance.pk else {}
    setattr(instance, _BEFORE, before or {})


def _saved(instance: User, created: bool, raw: bool, **more: Any) -> None:
    before: dict[str, Any] | None = instance.__dict__.pop(_BEFORE, None)
    if raw or before is None:
        return
    if created:
        record(What.ACCOUNT_MADE, target=instance, detail=_flags(instance))
        return
    changed = {name for name, value in before.items() if getattr(instance, name) != value}
    # Django hashes a password anew, with a stronger method, when somebody logs in: that is no new password.
    if "password" in changed and getattr(instance, "_password", None) is not None:
        record(What.PASSWORD_CHANGED, target=instance)
    if "is_active" in changed:
        record(What.ACTIVATED if instance.is_active else What.DEACTIVATED, target=instance)
    if changed & {"is_staff", "is_superuser"}:
        record(What.ROLE_CHANGED, target=instance, detail=_flags(instance) or "不能再进编辑室")
    if "username" in changed:
        record(What.ACCOUNT_CHANGED, target=instance, detail=f"原来的用户名：{before['username']}")
    if "email" in changed:
        record(What.ACCOUNT_CHANGED, target=instance, detail="改了邮箱")


def _flags(user: User) -> str:
    return "管理员" if user.is_superuser else "能进编辑室" if user.is_staff else ""


def _deleted(instance: User, **more: Any) -> None:
    record(What.ACCOUNT_DELETED, target=instance.get_username())


def _groups_changed(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, model: Any, **more: Any
) -> None:
    """Notes each group that somebody comes into, or leaves.

    Before a removal: Django does not say which of the groups the user was in.
    """
    if action not in ("post_add", "pre_remove", "pre_clear"):
        return
    through = User.groups.through.objects.select_related("user", "group")
    rows = through.filter(group=instance) if reverse else through.filter(user=instance)
    if pk_set is not None:
        rows = rows.filter(user__in=pk_set) if reverse else rows.filter(group__in=pk_set)
    for row in rows.order_by("pk"):
        group: Group = row.group
        detail = f"成为{group.name}" if action == "post_add" else f"不再是{group.name}"
        record(What.ROLE_CHANGED, target=row.user, detail=detail)
