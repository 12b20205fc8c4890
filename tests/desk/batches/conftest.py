"""Batches of back issues: sent as the page's script does, read as the worker does."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from desk.batches.assessing import Assessed, assessed_weeks
from desk.batches.models import Batch, BatchWeek
from desk.tasks import work_on_batch
from tests.desk.back_issues import FOLDER
from tests.desk.conftest import Editor
from worker.models import Task

URL = "/admin/desk/batches/"
State = BatchWeek.State


def send(
    editor: Editor, files: Mapping[str, bytes], *, key: str = "", field: str = "folder", **more: str
) -> Batch:
    """Sends files as the page's script does, with their paths."""
    key = key or str(uuid.uuid4())
    uploads = [SimpleUploadedFile(path.rpartition("/")[2], data) for path, data in files.items()]
    answer = editor.client.post(URL, {"key": key, field: uploads, "paths": list(files), **more})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.get(key=key)


def work(batch: Batch) -> None:
    """Does what the worker does when the task's turn comes; the row of the task is done then."""
    work_on_batch.call(batch.pk)
    Task.objects.filter(name=work_on_batch.module_path).update(state=Task.State.DONE, key=None)


def rows(batch: Batch) -> dict[str, Assessed]:
    return {one.week.file.path: one for one in assessed_weeks(batch)}


def codes(one: Assessed) -> list[str]:
    return [doubt.code for doubt in one.doubts]


def post(editor: Editor, address: str, **data: str) -> HttpResponse:
    return editor.client.post(f"{URL}{address}", data, follow=True)


@pytest.fixture
def batch(editor: Editor) -> Batch:
    """Thirty files, five of them bad, sent and read."""
    batch = send(editor, FOLDER)
    work(batch)
    return batch
