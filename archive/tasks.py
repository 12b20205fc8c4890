"""Scheduled publishing: what is due goes live, by the worker or a command; and reports that are done with go."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks import task

from archive import audit, reporting
from archive.changes import changing
from archive.models import Issue
from archive.publication_checks import Finding, holding
from worker.backend import enqueue_once

logger = logging.getLogger(__name__)

NET_SECONDS = 300
"""How often `publish_due` runs by itself (settings.WORKER_TASKS)."""


class StillDue(Exception):
    """Issues whose time has come and that could not be published; the log has the reasons."""


def publish_due_issues(now: dt.datetime | None = None) -> list[Issue]:
    """Publishes the scheduled issues whose time has come, and returns those that this call published.

    Safe to run at any time, as often as one likes, in several processes at once: each issue is looked at again
    under its lock, so that one of them publishes it. What was overdue because everything was down goes live at
    the first call. An issue that can not be saved is logged and left for the next call; the others go on. What
    something holds (`held_issues`) is logged, and waits until that is mended or known.
    """
    now = now or timezone.now()
    published = []
    for pk in list(Issue.objects.due(now).order_by("publish_at", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                issue = Issue.objects.select_for_update().due(now).filter(pk=pk).first()
                if issue is None:  # another process was first, or an editor changed their mind
                    continue
                if held := holding(issue):
                    logger.warning("issue %s is due and held: %s", pk, "".join(map(str, held)))
                    continue
                with changing(issue, "到时自动发布"):
                    issue.status = Issue.Status.PUBLISHED
                    issue.save_status()
                    audit.note("published", issue, detail="到时自动发布")
        except DatabaseError:
            logger.exception("issue %s is due and could not be published; the next run tries again", pk)
            continue
        published.append(issue)
    return published


def held_issues(now: dt.datetime | None = None) -> list[tuple[Issue, list[Finding]]]:
    """Returns the scheduled issues whose time has come and that wait for an editor, each with what holds it."""
    late = Issue.objects.filter(status=Issue.Status.SCHEDULED, publish_at__lte=now or timezone.now())
    return held_of(late.order_by("publish_at", "pk"))


def held_of(late: Iterable[Issue]) -> list[tuple[Issue, list[Finding]]]:
    """Returns those of these issues that something holds, each with what holds it."""
    found = [(issue, holding(issue)) for issue in late]
    return [(issue, held) for issue, held in found if held]


@task()
def publish_due() -> None:
    """Publishes what is due, and has itself run again at the times that come before its next turn."""
    publish_due_issues()
    now = timezone.now()
    held = [issue.pk for issue, _ in held_issues(now)]
    if late := Issue.objects.due(now).exclude(pk__in=held).count():
        raise StillDue(f"{late} issues are due and could not be published")
    soon = Issue.objects.filter(
        status=Issue.Status.SCHEDULED, publish_at__range=(now, now + dt.timedelta(seconds=NET_SECONDS))
    )
    for when in {issue.publish_at for issue in soon}:
        if when is not None:
            publish_at(when)


@task()
def delete_old_reports() -> None:
    """Deletes reports of errors that were closed long ago."""
    reporting.prune()


def publish_at(when: dt.datetime) -> None:
    """Has the issues that are due at that time published at that time."""
    enqueue_once(publish_due.using(run_after=when), key=when.isoformat())
