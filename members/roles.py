"""Roles: 成员, 编辑, 主编, 管理员. Everyone has one, and this is exactly what each may do.

A member is an account without staff rights. 编辑 and 主编 are groups. 管理员 is a superuser, the operator's account.

Permissions are made after the migrations of their app, so no migration can hand them out: `grant_permissions`
does, after every `migrate`. It adds what is missing and takes nothing away that an administrator gave.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, User
from django.db.models import Q, QuerySet

MEMBER, EDITOR, CHIEF, ADMINISTRATOR = "成员", "编辑", "主编", "管理员"
ROLES = (MEMBER, EDITOR, CHIEF, ADMINISTRATOR)
MEANINGS = {
    MEMBER: "看和搜。不能进编辑室。",
    EDITOR: "写和改。写好以后交给主编。",
    CHIEF: "还能发布、撤回和删除，管理人员。",
    ADMINISTRATOR: "还能做维护。一般只有运行网站的人有。",
}
"""What each role may do, in words for 主编."""
MANAGE_PEOPLE = "members.manage_people"

_WRITES = ("add", "change", "view")
_EDITOR = {
    "archive": [
        *(f"{may}_{model}" for model in ("issue", "article", "figure") for may in _WRITES),
        # Of drafts only: the admin refuses it for what is public or about to be.
        "delete_article",
        "delete_figure",
        *(f"{may}_errorreport" for may in ("view", "change", "delete")),
    ],
    "glossary": [*(f"{may}_{model}" for model in ("term", "alias") for may in _WRITES), "delete_alias"],
    "insight": [
        *(f"{may}_goldenquery" for may in _WRITES),
        *(f"{may}_ignoredword" for may in ("add", "view", "delete")),
        "view_searchrecord",
    ],
    # To see why an article is not indexed, and have that tried again.
    "search": ["view_setaside", "change_setaside"],
}
_CHIEF = {
    "archive": ["publish_issue", "delete_issue", *(f"{may}_poststyle" for may in _WRITES)],
    "glossary": ["delete_term"],
    "insight": ["delete_goldenquery"],
    "worker": ["view_task", "change_task"],  # to see why one failed, and have it run again
    "members": ["manage_people", "view_event", "view_alert"],
}
GROUPS: dict[str, list[dict[str, list[str]]]] = {EDITOR: [_EDITOR], CHIEF: [_EDITOR, _CHIEF]}
"""Group → what it may do: app → codenames of permissions."""


def role_of(user: User) -> str:
    """Returns the role of an account; empty for one with rights of its own and none of the roles."""
    if user.is_superuser:
        return ADMINISTRATOR
    if not user.is_staff:
        return MEMBER
    names = {group.name for group in user.groups.all()}
    return next((name for name in (CHIEF, EDITOR) if name in names), "")


def give_role(user: User, role: str) -> None:
    """Saves an account with this role in place of the one it had. Groups of other names stay."""
    user.is_superuser = role == ADMINISTRATOR
    user.is_staff = role != MEMBER
    user.save(update_fields=["is_superuser", "is_staff"])
    others = user.groups.exclude(name__in=GROUPS)
    user.groups.set([*others, *Group.objects.filter(name=role)])


def having(role: str) -> QuerySet[User]:
    """Returns the accounts of one role, in no order."""
    if role == ADMINISTRATOR:
        return User.objects.filter(is_superuser=True)
    editors = User.objects.filter(is_superuser=False, is_staff=role != MEMBER)
    if role == MEMBER:
        return editors
    chiefs = editors.filter(groups__name=CHIEF)
    if role == CHIEF:
        return chiefs
    return editors.filter(groups__name=role).exclude(pk__in=chiefs)


def may_manage_people(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this is a 主编 or 管理员 who may invite others and change their roles."""
    return isinstance(user, User) and user.is_active and user.is_staff and user.has_perm(MANAGE_PEOPLE)


def chiefs() -> QuerySet[User]:
    """Returns the 主编 who can log in."""
    return having(CHIEF).filter(is_active=True)


def managers() -> QuerySet[User]:
    """Returns the accounts that can manage people now: active 主编 and 管理员."""
    in_charge = Q(is_superuser=True) | Q(groups__name=CHIEF)
    return User.objects.filter(in_charge, is_active=True, is_staff=True).distinct()


def grant_permissions(app_config: AppConfig, using: str, apps: Apps = installed, **kwargs: Any) -> None:
    """Makes the groups, and gives them the permissions of the app that was just migrated."""
    create_permissions(app_config, using=using, apps=apps, verbosity=0)  # whichever of us is called first
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:  # `migrate <app>` on an empty database: the tables of users come later
        return
    for name, roles in GROUPS.items():
        codenames = [codename for role in roles for codename in role.get(app_config.label, [])]
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        if codenames:
            permissions = permission_model.objects.using(using)
            group.permissions.add(
                *permissions.filter(content_type__app_label=app_config.label, codename__in=codenames)
            )
