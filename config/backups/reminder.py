"""Says when backups have stopped, or never began.

    backup, restore ─ note ─► last_backup.json in the data directory ─ overdue ─► admin · /readyz · system check

The note is not in the database: a restored archive would have the one of the backup before. `restore` notes the time
of the backup that it restored, for that is the newest there is.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from archive.atomic import replace_text
from archive.moments import local_time
from archive.statements import Statement
from insight.dashboard import Notice

_FIRST_MIGRATION = Statement(
    lambda _: MigrationRecorder.Migration.objects.order_by("applied").values_list("applied")[:1]
)


class Overdue(NamedTuple):
    """Too long without a backup."""

    newest: dt.datetime | None
    """When the newest backup was made; None when there never was one."""
    days: int
    """Since then; without one, since the database was made."""

    def __str__(self) -> str:
        if self.newest is None:
            said = f"no backup was ever made of this site, which is {self.days} days old"
        else:
            said = f"the newest backup is {self.days} days old"
        return f"{said}: run `manage.py backup` every night (docs/operations.md, Backups)"


def note(made_at: dt.datetime) -> None:
    """Notes when the newest backup was made. Raises OSError when the data directory can not be written."""
    replace_text(_path(), json.dumps({"made_at": made_at.isoformat(timespec="seconds")}))


def newest() -> dt.datetime | None:
    """When the newest backup was made that is known here; None when none is, or the note can not be read."""
    try:
        made_at = dt.datetime.fromisoformat(json.loads(_path().read_text(encoding="utf-8"))["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made_at if made_at.tzinfo else made_at.replace(tzinfo=dt.UTC)


def overdue(now: dt.datetime | None = None) -> Overdue | None:
    """Returns what is wrong with the backups; None when they are new enough, or the site is.

    Raises django.db.DatabaseError when the database does not answer.
    """
    limit: int = settings.BACKUP_REMINDER_DAYS
    if not limit:
        return None
    made_at = newest()
    since = made_at or _began()
    days = ((now or timezone.now()) - since).days if since else 0
    return Overdue(made_at, days) if days >= limit else None


def notices() -> list[Notice]:
    """The same for the first page of the admin, in words for editors."""
    found = overdue()
    if found is None:
        return []
    if found.newest is None:
        text = f"这个文库建了 {found.days} 天，还从来没有备份过。"
    else:
        text = f"已经 {found.days} 天没有备份了，最近一次是 {local_time(found.newest)}。"
    return [
        Notice(
            f"{text}磁盘一坏，没有备份的内容就找不回来了。",
            "请管理员检查每晚的备份任务：每晚运行一次 manage.py backup。",
        )
    ]


def check(app_configs: Any, databases: Any = None, **options: Any) -> list[checks.CheckMessage]:
    """The same as a system check. Only with `manage.py check --database default`: it reads the database."""
    if not databases:
        return []
    try:
        found = overdue()
    except DatabaseError:
        return []
    return [checks.Warning("Backups have stopped.", hint=str(found), id="config.W001")] if found else []


def _path() -> Path:
    return Path(settings.DATA_DIR) / "last_backup.json"


def _began() -> dt.datetime | None:
    """When the database was made: its first migration. None before that."""
    found = _FIRST_MIGRATION.all() if MigrationRecorder(connection).has_table() else []
    return found[0][0] if found else None
