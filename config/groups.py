"""The two groups of editors, and exactly what each may do.

Permissions are made after the migrations of their app, so no migration can hand them out: `grant_permissions`
does, after every `migrate`. It adds what is missing and takes nothing away that an administrator gave.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

_WRITES = ("add", "change", "view")
_EDITOR = {
    "archive": [
        *(f"{may}_{model}" for model in ("issue", "article", "figure") for may in _WRITES),
        # Of drafts only: the admin refuses it for what is public or about to be.
        "delete_article",
        "delete_figure",
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
    "archive": ["publish_issue", "delete_issue"],
    "glossary": ["delete_term"],
    "insight": ["delete_goldenquery"],
    "worker": ["view_task", "change_task"],  # to see why one failed, and have it run again
}
GROUPS: dict[str, list[dict[str, list[str]]]] = {"编辑": [_EDITOR], "主编": [_EDITOR, _CHIEF]}
"""Group → what it may do: app → codenames of permissions. Neither may touch users."""


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
