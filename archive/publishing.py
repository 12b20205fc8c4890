"""Drafts go live, at once or at their time, and are taken back. All three keep a version of what they did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from archive import audit, versions
from archive.changes import changing
from archive.missing_figures import known, missing_in
from archive.models import Issue, new_preview_key
from archive.moments import local_time
from archive.publication_checks import holding
from archive.reviewing import settle
from archive.tasks import publish_at


class PublishRefused(Exception):
    """An issue that can not be published or scheduled. Editors read it: what is wrong and what to do."""


def publish(issue: Issue, by: AbstractBaseUser | None = None, knowing: Collection[str] = ()) -> None:
    """Makes the issue visible at once, whatever it was scheduled for; one that is public stays as it is.

    `knowing` has the keys of the missing figures (archive.publication_checks) that the person knows of. Raises
    PublishRefused when something holds the issue: no articles, a broken figure, a missing one that nobody knows of.
    """
    if issue.is_published:
        return
    with changing(issue, "发布", by):
        _refuse_held(issue, "发布", knowing)
        issue.status, issue.publish_at = (
            Issue.Status.PUBLISHED,
            issue.published_at,
        )  # without one, save() says now
        issue.save_status()
        settle(issue, by)
        audit.note("published", issue, by)


def schedule(
    issue: Issue, when: dt.datetime, by: AbstractBaseUser | None = None, knowing: Collection[str] = ()
) -> None:
    """Has the issue go live at `when` (aware). Raises PublishRefused for a time past, a public issue, a held one."""
    if issue.is_published:
        raise PublishRefused("这一期已经发布。要改成别的时间，请先点“撤回”，再点“定时发布”。")
    if when <= timezone.now():
        raise PublishRefused(
            f"定时发布的时间 {local_time(when)} 已经过去。请选一个以后的时间，或者点“立即发布”。"
        )
    with changing(issue, f"定时于 {local_time(when)} 发布", by):
        _refuse_held(issue, "定时发布", knowing)
        issue.status, issue.publish_at = Issue.Status.SCHEDULED, when
        issue.save_status()
        settle(issue, by)
        publish_at(when)
        audit.note("scheduled", issue, by, local_time(when))


def withdraw(issue: Issue, by: AbstractBaseUser | None = None) -> None:
    """Makes the issue a draft again: off pages, feeds and search at once. Preview links given before end.

    An issue that was public keeps its address for the day it is published again.
    """
    if not issue.is_visible_or_due:
        return
    what = "撤回" if issue.is_published else "取消定时"
    with changing(issue, what, by):
        issue.status, issue.publish_at = Issue.Status.DRAFT, issue.published_at
        issue.preview_key = new_preview_key()
        issue.save_status()
        audit.note("withdrawn", issue, by, what)


def undo_withdrawal(issue: Issue, by: AbstractBaseUser | None = None) -> None:
    """Gives a draft the state back that it had before it was withdrawn: public, or scheduled for its time.

    Raises PublishRefused when something holds the issue now, or its time has passed.
    """
    if issue.is_published or issue.is_scheduled:  # by a second click
        return
    live = (Issue.Status.PUBLISHED, Issue.Status.SCHEDULED)
    kept = (row.field_dict for row in versions.kept_issues(issue.pk))
    before = next((values for values in kept if values["status"] in live), None)
    if issue.is_in_review or before is None:  # what waits is looked at before it goes live
        return
    if before["status"] == Issue.Status.PUBLISHED:
        publish(issue, by)
    else:
        schedule(issue, before["publish_at"], by)


def end_preview_links(issue: Issue) -> None:
    """Ends every preview link of the issue that was given away."""
    Issue.objects.filter(pk=issue.pk).update(preview_key=new_preview_key())


def _refuse_held(issue: Issue, what: str, knowing: Collection[str]) -> None:
    held = holding(issue, knowing)
    if held:
        remedy = "请补上图，或者确认您知道缺图。" if any(finding.key for finding in held) else ""
        raise PublishRefused(f"“{issue.title}”没有{what}：{''.join(map(str, held))}{remedy}")
    for article in issue.articles.lacking_figures():
        if any(not one.is_known for one in missing_in(article)):
            article.missing_figures = known(article)
            article.save(update_fields=["missing_figures"])
