"""Says that no worker runs, or that tasks of it have failed.

worker.lock, worker.json, failed tasks ─► admin · /readyz
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from archive.moments import local_time
from archive.statements import Statement
from insight.dashboard import Notice
from worker.machine import Presence, presence
from worker.models import Task

_FAILED = Statement(lambda _: Task.objects.failed())


def worker_missing(seen: Presence) -> str:
    """Says since when no worker runs for this data directory, and what helps; empty while one does."""
    if seen.is_running:
        return ""
    since = f"was last seen at {local(seen.seen_at)}" if seen.seen_at else "has never run here"
    return (
        f"the worker {since}: start `manage.py run_worker`. Until then nothing is published on time, backed up or "
        "checked, and a damaged index is not built anew"
    )


def notices() -> list[Notice]:
    """The same for the first page of the admin, in words for editors."""
    found = []
    seen = presence()
    if not seen.is_running:
        since = f"从 {local_time(seen.seen_at)} 起没有运行" if seen.seen_at else "还没有运行过"
        found.append(
            Notice(
                f"后台进程{since}：待发布的期不会按时发布，也没有每晚的备份。",
                "请把这段话发给管理员：manage.py run_worker。保存和搜索不受影响。",
            )
        )
    if failed := _FAILED.all():
        names = "、".join(sorted({f"“{task}”" for task in failed}))
        found.append(
            Notice(f"{len(failed)} 项后台任务出了错：{names}。", "在“后台任务”里看原因，可以点“再运行一次”。")
        )
    return found


def local(moment: dt.datetime | None) -> str | None:
    """Returns a moment as `/readyz` prints it, in the site's time zone."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
