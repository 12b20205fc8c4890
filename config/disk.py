"""Warns that the disk of the data directory will soon be full, while everything still works.

statvfs ─ nearly_full ─► admin · /readyz · system check
"""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core import checks

from insight.dashboard import Notice

MEGABYTE = 1024**2


def free_megabytes() -> int:
    """Returns what is free on the disk of the data directory, in MB. Raises OSError when it can not be asked."""
    return shutil.disk_usage(settings.DATA_DIR).free // MEGABYTE


def nearly_full() -> str:
    """Says how little room is left, and what helps; empty while there is enough."""
    free, wanted = free_megabytes(), settings.DISK_WARN_MB
    if free >= wanted:
        return ""
    return (
        f"{free} MB are free on the disk of {settings.DATA_DIR}, less than {wanted}: make room. Saves will be refused "
        "when it is full, and a rebuild needs room for a second index"
    )


def notices() -> list[Notice]:
    """Returns the same as notices for the first page of the admin, in words for editors."""
    if not nearly_full():
        return []
    return [
        Notice(
            f"服务器的磁盘快满了，只剩 {free_megabytes()} MB。满了以后，新写的内容就存不进去了。",
            "请管理员腾出空间：旧的备份、日志，或者换一块大一点的磁盘。",
        )
    ]


def check(app_configs: Any, databases: Any = None, **options: Any) -> list[checks.CheckMessage]:
    """Reports the same as a system check. Only with `manage.py check --database default`."""
    said = nearly_full() if databases else ""
    return [checks.Warning("The disk is nearly full.", hint=said, id="config.W002")] if said else []
