"""A batch of back issues whose worker is killed again and again: every file is read, every week stored, once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from archive.models import Article, Issue
from desk.models import BatchFile, BatchWeek
from tests.desk.back_issues import GOOD
from tests.waiting import until
from tests.worker.conftest import Home
from worker.models import Task

SEND = """
import uuid
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from desk.batches.receiving import Sent, batch_of, receive
from desk.tasks import work_on_batch
from tests.desk.back_issues import folder_of
user = User.objects.create_superuser("bianji")
batch = batch_of(uuid.uuid4(), user.pk)
receive(batch, [Sent(path, SimpleUploadedFile("a", data), False) for path, data in folder_of(%d).items()], is_last=True)
work_on_batch.enqueue(batch.pk)
"""
ACCEPT = """
from django.contrib.auth.models import User
from desk.batches.accepting import accept_clean
from desk.batches.models import Batch
from desk.tasks import work_on_batch
print(accept_clean(Batch.objects.get(), User.objects.get(), publish=True))
work_on_batch.enqueue(Batch.objects.get().pk)
"""


def run(home: Home, code: str) -> str:
    return home.manage("shell", "--no-imports", "-v", "0", "-c", code)


def work_with_kills(home: Home, at: tuple[int, ...]) -> None:
    """Has workers run until nothing is left to do; one is killed each time so many rows are done."""

    def done() -> int:
        weeks = BatchWeek.objects.using("home")
        return weeks.count() + weeks.filter(state=BatchWeek.State.STORED).count()

    for count in at:
        worker = home.start()
        until(lambda count=count: done() >= count, f"that {count} rows are done")
        worker.kill()
        worker.wait()
        home.tasks.filter(state=Task.State.RUNNING).update(run_at=timezone.now())  # its lease ends
    home.start()
    until(
        lambda: not home.tasks.filter(name="desk.tasks.work_on_batch").exclude(state=Task.State.DONE).exists()
    )


@pytest.mark.nightly  # tests/browser/test_batches.py has a worker that lives, and test_processes.py ones that are killed
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("good", "reading", "storing"), [(5, (4,), (12,)), (len(GOOD), (3, 12), (34, 45))], ids=["once", "twice"]
)
def test_a_killed_worker_loses_no_file_and_stores_no_week_twice(
    home: Home, good: int, reading: tuple[int, ...], storing: tuple[int, ...]
) -> None:
    run(home, SEND % good)
    work_with_kills(home, reading)
    weeks = BatchWeek.objects.using("home")
    assert weeks.count() == good + 5
    assert weeks.filter(state=BatchWeek.State.REFUSED).count() == 4
    assert not BatchFile.objects.using("home").filter(read_at=None).exists()
    home.end()
    assert run(home, ACCEPT).strip() == f"{good}"
    work_with_kills(home, storing)
    assert Issue.objects.using("home").filter(status="published").count() == good
    assert Article.objects.using("home").count() == good * 6
    stored = weeks.filter(state=BatchWeek.State.STORED)
    assert stored.values("issue").distinct().count() == stored.count() == good
