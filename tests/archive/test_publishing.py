"""Drafts go live, at once or at their time, and are taken back."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from reversion.models import Revision

from archive import publishing, tasks, versions
from archive.models import Article, Issue
from archive.publishing import PublishRefused
from archive.tasks import NET_SECONDS, publish_due_issues
from search.indexing import sync
from tests.conftest import WeekMaker
from tests.worker.running import run_due_tasks
from tests.writing import create, save
from worker.models import Task

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def draft(make_issue: WeekMaker) -> Issue:
    return make_issue({"玻璃基板试产": "样片送测。"}, status=Issue.Status.DRAFT)


def scheduled(issue: Issue, when: dt.datetime) -> Issue:
    """Scheduled as it was a while ago: no time in the past is taken today."""
    Issue.objects.filter(pk=issue.pk).update(status="scheduled", publish_at=when)
    return Issue.objects.get(pk=issue.pk)


def test_a_scheduled_issue_goes_live_at_its_time_and_not_before(draft: Issue, client: Client) -> None:
    when = timezone.now() + HOUR
    publishing.schedule(draft, when)
    assert publish_due_issues(when - dt.timedelta(seconds=1)) == []
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert publish_due_issues(when) == [draft]
    assert "玻璃基板试产" in client.get(draft.get_absolute_url()).content.decode()
    issue = Issue.objects.published().get()
    assert issue.publish_at == issue.published_at == when


def planned() -> list[dt.datetime]:
    """When the worker will look for issues that are due."""
    tasks_ = Task.objects.filter(name=tasks.publish_due.module_path, state=Task.State.READY)
    return list(tasks_.order_by("run_at").values_list("run_at", flat=True))


def test_the_worker_has_it_live_at_its_time(draft: Issue) -> None:
    when = timezone.now() + HOUR
    publishing.schedule(draft, when)
    publishing.schedule(draft, when + HOUR)  # they changed their mind: the first time finds nothing due
    assert planned() == [when, when + HOUR]
    for moment, is_live in ((when, False), (when + HOUR, True)):
        assert not Issue.objects.published().exists()
        with time_machine.travel(moment, tick=False):
            run_due_tasks()
        assert Issue.objects.published().exists() == is_live
    assert planned() == []


def test_what_was_scheduled_by_other_means_is_found_by_the_net_and_live_at_its_time(draft: Issue) -> None:
    soon = timezone.now() + dt.timedelta(seconds=NET_SECONDS - 60)
    scheduled(draft, soon)
    tasks.publish_due.call()
    tasks.publish_due.call()
    assert planned() == [soon]
    Task.objects.all().delete()
    scheduled(draft, timezone.now() + 2 * HOUR)
    tasks.publish_due.call()
    assert planned() == []


def test_what_is_overdue_goes_live_at_the_first_run_and_only_then(draft: Issue) -> None:
    scheduled(draft, timezone.now() - 72 * HOUR)
    assert publish_due_issues() == [draft]
    assert publish_due_issues() == []
    assert [revision.comment for revision in versions.revisions_of(draft.pk)] == [
        "到时自动发布",
        versions.UNRECORDED,
        "新建",
    ]


def test_an_empty_issue_waits_and_does_not_keep_the_others_waiting(
    draft: Issue, make_issue: WeekMaker
) -> None:
    empty = make_issue({}, title="空的", status=Issue.Status.DRAFT)
    for issue in (draft, empty):
        scheduled(issue, timezone.now() - HOUR)
    assert publish_due_issues() == [draft]
    create(Article, issue=empty, position=1, title="来了")
    assert publish_due_issues() == [empty]


@pytest.mark.django_db(transaction=True)
def test_two_processes_publish_an_issue_once(make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)
    scheduled(issue, timezone.now() - HOUR)
    start, published = threading.Barrier(2), []

    def run() -> None:
        start.wait()
        due = True
        while due:
            # The tests' database, in memory, waits for no lock of a table: both runs can lose.
            with suppress(OperationalError):
                published.extend(publish_due_issues())
                due = Issue.objects.exclude(status=Issue.Status.PUBLISHED).exists()
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert published == [issue]
    assert Revision.objects.filter(comment="到时自动发布").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_issue_that_goes_live_on_time_is_found_by_search(make_issue: WeekMaker, client: Client) -> None:
    issue = make_issue({"玻璃基板试产": "样片送测。"}, status=Issue.Status.DRAFT)
    scheduled(issue, timezone.now() - HOUR)
    assert client.get("/api/v1/search", {"q": '"样片送测"'}).json()["total"] == 0
    publish_due_issues()
    assert not sync.waiting()
    assert client.get("/api/v1/search", {"q": '"样片送测"'}).json()["total"] == 1


def test_a_time_past_an_empty_issue_and_a_public_one_are_not_scheduled(
    draft: Issue, make_issue: WeekMaker
) -> None:
    empty = make_issue({}, title="空的", status=Issue.Status.DRAFT)
    public = make_issue({"甲": ""}, title="公开的")
    with pytest.raises(PublishRefused, match="已经过去"):
        publishing.schedule(draft, timezone.now() - HOUR)
    with pytest.raises(PublishRefused, match="没有定时发布：还没有文章"):
        publishing.schedule(empty, timezone.now() + HOUR)
    with pytest.raises(PublishRefused, match="请先点“撤回”"):
        publishing.schedule(public, timezone.now() + HOUR)
    assert not Issue.objects.filter(status="scheduled").exists()


def test_a_withdrawn_issue_is_gone_and_comes_back_to_its_address(draft: Issue, client: Client) -> None:
    publishing.publish(draft)
    first, address = draft.published_at, draft.get_absolute_url()
    publishing.withdraw(draft)
    assert client.get(address).status_code == 404
    draft.end_date = draft.start_date = dt.date(2025, 4, 4)
    save(draft)
    publishing.publish(draft)
    assert client.get(address).status_code == 200
    assert draft.published_at == draft.publish_at == first


def test_the_address_of_an_issue_that_was_only_scheduled_still_follows_its_dates(draft: Issue) -> None:
    publishing.schedule(draft, timezone.now() + HOUR)
    draft.end_date = draft.start_date = dt.date(2025, 4, 4)
    save(draft)
    publishing.withdraw(draft)
    assert (draft.slug, draft.publish_at) == ("2025-04-04", None)


def test_publishing_overwrites_nothing_that_was_saved_meanwhile(draft: Issue) -> None:
    Issue.objects.filter(pk=draft.pk).update(introduction="刚存的导语")
    for act in (publishing.publish, publishing.withdraw):
        act(draft)
        assert Issue.objects.get().introduction == "刚存的导语"
    publishing.schedule(draft, timezone.now() + HOUR)
    assert Issue.objects.get().introduction == "刚存的导语"


def test_the_command_says_what_it_published(draft: Issue) -> None:
    scheduled(draft, timezone.now() - HOUR)
    out = StringIO()
    call_command("publish_due", stdout=out)
    assert out.getvalue().splitlines() == [f"已发布 {draft}，地址 /issues/2025-03-21/", "到时间的 1 期。"]
