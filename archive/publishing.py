"""Drafts go live, at once or at their time, and are taken back. All three keep a version of what they did."""

from __future__ import annotations

import datetime as dt
import logging

from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from archive.changes import articles_changed, changing
from archive.models import Issue, new_preview_key
from archive.tasks import publish_at

logger = logging.getLogger(__name__)

_STATUS_FIELDS = ["status", "publish_at", "published_at", "slug", "preview_key", "updated_at"]
"""All that is written here: the issue in hand may have been read before another editor saved its text."""


class PublishRefused(Exception):
    """An issue that can not be published or scheduled. Editors read it: what is wrong and what to do."""


def publish(issue: Issue, by: AbstractBaseUser | None = None) -> None:
    """Makes the issue visible at once, whatever it was scheduled for. Raises PublishRefused for an empty one."""
    _refuse_empty(issue, "发布")
    if issue.is_published:
        return
    if issue.published_at is None:
        issue.publish_at = None  # save() says now
    else:
        issue.publish_at = issue.published_at
    with changing(issue, "发布", by):
        issue.status = Issue.Status.PUBLISHED
        issue.save(update_fields=_STATUS_FIELDS)


def schedule(issue: Issue, when: dt.datetime, by: AbstractBaseUser | None = None) -> None:
    """Has the issue go live at `when` (aware). Raises PublishRefused for a time past, an empty or a public issue."""
    if issue.is_published:
        raise PublishRefused(f"“{issue.title}”已经发布。要改在别的时间上线，请先撤回，再定时发布。")
    _refuse_empty(issue, "定时发布")
    if when <= timezone.now():
        raise PublishRefused(
            f"定时发布的时间 {local_time(when)} 已经过去。请选一个以后的时间，或者点“立即发布”。"
        )
    with changing(issue, f"定时于 {local_time(when)} 发布", by):
        issue.status, issue.publish_at = Issue.Status.SCHEDULED, when
        issue.save(update_fields=_STATUS_FIELDS)
        publish_at(when)


def withdraw(issue: Issue, by: AbstractBaseUser | None = None) -> None:
    """Makes the issue a draft again: off pages, feeds and search at once. Preview links given before end.

    An issue that was public keeps its address for the day it is published again.
    """
    if issue.status == Issue.Status.DRAFT:
        return
    what = "撤回" if issue.is_published else "取消定时"
    with changing(issue, what, by):
        issue.status, issue.publish_at = Issue.Status.DRAFT, issue.published_at
        issue.preview_key = new_preview_key()
        issue.save(update_fields=_STATUS_FIELDS)


def publish_due(now: dt.datetime | None = None) -> list[Issue]:
    """Publishes the scheduled issues whose time has come, and returns those that this call published.

    Safe to run at any time, as often as one likes, in several processes at once: each issue is looked at again
    under its lock, so that one of them publishes it. What was overdue because everything was down goes live at
    the first call. An issue that can not be saved is logged and left for the next call; the others go on.
    """
    now = now or timezone.now()
    published = []
    for pk in list(Issue.objects.due(now).order_by("publish_at", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                issue = Issue.objects.select_for_update().due(now).filter(pk=pk).first()
                if issue is None:  # another process was first, or an editor changed their mind
                    continue
                with changing(issue, "到点自动发布"):
                    issue.status = Issue.Status.PUBLISHED
                    issue.save(update_fields=_STATUS_FIELDS)
        except DatabaseError:
            logger.exception("issue %s is due and could not be published; the next run tries again", pk)
            continue
        published.append(issue)
    return published


def end_preview_links(issue: Issue) -> None:
    """Ends every preview link of the issue that was given away."""
    with transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(preview_key=new_preview_key())
        articles_changed(())


def local_time(when: dt.datetime) -> str:
    """The moment as editors read it, in the site's time zone: `2025年3月21日 18:00`."""
    return date_format(timezone.localtime(when), "Y年n月j日 H:i")


def _refuse_empty(issue: Issue, what: str) -> None:
    if not issue.articles.exists():
        raise PublishRefused(f"“{issue.title}”还没有文章，没有{what}。请先添加文章。")
