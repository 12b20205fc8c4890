"""What somebody sends to a page, and what several of these steps send."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from archive.models import Issue
from desk.models import Batch, BatchWeek
from desk.tasks import work_on_batch
from tests.border.world import SECRET, World

SOON = (timezone.localtime() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
TEXT = {"title": f"{SECRET}标题", "body": f"<p>{SECRET}正文。</p>", "source": "", "source_url": ""}


class Step(NamedTuple):
    """Something that is sent, to the page of the URL name."""

    name: str
    send: Callable[[World], object]

    def __repr__(self) -> str:
        return self.name


def change_issue(world: World, issue: Issue, *more: tuple[int | str, int, str], **values: object) -> object:
    return world.post(
        "archive_issue_change", issue.pk, **world.issue_form(issue, *more, _continue="1", **values)
    )


def bring_batch(world: World) -> Batch | None:
    """Back issues that this user brought, read by the worker; None when they may bring none."""
    end = dt.date(2025, 4, 11) - dt.timedelta(weeks=Batch.objects.count() + 1)
    text = f"{SECRET}旧刊\n{end - dt.timedelta(days=4):%Y.%m.%d}-{end:%Y.%m.%d}\n1. {SECRET}一\n正文。\n2. {SECRET}二\n正文。"
    file = SimpleUploadedFile("a.txt", text.encode())
    world.post("desk:batches", key=str(uuid.uuid4()), chosen=[file], paths=["a.txt"])
    batch = Batch.objects.filter(user_id=world.user.pk or 0).order_by("-pk").first()
    if batch:
        work_on_batch.call(batch.pk)
    return batch


def of_batch(name: str, **data: str) -> Step:
    """Something that is sent to a new batch, or to its week, and what the worker makes of it."""

    def send(world: World) -> None:
        batch = bring_batch(world)
        week = BatchWeek.objects.filter(file__batch=batch).first()
        of = week if name.startswith("week") else batch
        world.post(f"desk:{name}", of.pk if of else 1, **data)
        if batch and name != "batch-delete":
            work_on_batch.call(batch.pk)

    return Step(f"desk:{name}", send)


def term_form(name: str) -> dict[str, object]:
    return {
        "name": name,
        "kind": "company",
        "note": "",
        "aliases-TOTAL_FORMS": "0",
        "aliases-INITIAL_FORMS": "0",
    }
