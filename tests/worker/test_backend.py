"""Tasks are rows: written with the caller's transaction, at most one waiting where that is asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus

from tests.worker import tasks
from tests.worker.running import run_due_tasks
from worker.backend import enqueue_once
from worker.models import Task
from worker.running import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def test_a_task_comes_and_goes_with_the_transaction_that_enqueues_it(tmp_path: Path) -> None:
    with transaction.atomic():
        tasks.quick.enqueue(str(tmp_path / "out"))
        enqueue_once(tasks.quick, str(tmp_path / "out"))
        transaction.set_rollback(True)
    assert (Task.objects.count(), run_due_tasks()) == (0, 0)
    with transaction.atomic():
        result = tasks.quick.enqueue(str(tmp_path / "out"), word="x")
    assert result.status == TaskResultStatus.READY
    assert run_due_tasks() == 1
    row = Task.objects.get(pk=result.id)
    assert (row.state, row.attempts, row.error) == (TaskResultStatus.SUCCESSFUL, 1, "")
    assert lines(tmp_path / "out") == ["x"]


def test_a_result_that_is_asked_for_by_its_id_is_refused_not_made_up() -> None:
    assert not tasks.quick.get_backend().supports_get_result
    with pytest.raises(NotImplementedError):
        tasks.quick.get_result("1")


def test_at_most_one_with_a_key_waits_and_the_last_call_sets_its_time(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    later = timezone.now() + dt.timedelta(hours=1)
    for word, run_after in (("a", None), ("b", later), ("c", None)):
        enqueue_once(tasks.quick.using(run_after=run_after), out, word, key="words")
    enqueue_once(tasks.quick, out, "other")
    enqueue_once(tasks.quick, out, "other")
    enqueue_once(tasks.quick, out, "here", key="words", only_here=True)
    assert Task.objects.count() == 3
    run_due_tasks()
    assert sorted(lines(tmp_path / "out")) == ["c", "here", "other"]
    enqueue_once(tasks.quick.using(run_after=later), out, "d", key="words")
    assert run_due_tasks() == 0
    enqueue_once(tasks.quick, out, "e", key="words")
    assert run_due_tasks() == 1
    assert lines(tmp_path / "out")[-1] == "e"


def test_a_task_of_another_machine_is_left_to_it(tmp_path: Path) -> None:
    enqueue_once(tasks.quick, str(tmp_path / "out"), only_here=True)
    Task.objects.update(machine="another")
    assert run_due_tasks() == 0


def test_a_failing_task_is_tried_again_later_each_time_then_failed_with_its_error(tmp_path: Path) -> None:
    result = tasks.fails.enqueue(str(tmp_path / "out"))
    pauses = []
    for _ in range(MAX_ATTEMPTS):
        assert run_due_tasks() == 1
        row = Task.objects.get()
        assert row.finished_at is not None
        pauses.append((row.run_at - row.finished_at).total_seconds())
        Task.objects.update(run_at=timezone.now())
    assert [round(pause / 2**number, 2) for number, pause in enumerate(pauses)] == pytest.approx(
        [1] * MAX_ATTEMPTS, abs=0.11
    )
    assert run_due_tasks() == 0
    row = Task.objects.get(pk=result.id)
    assert row.state == TaskResultStatus.FAILED
    assert "这个任务总是失败" in row.error
    assert lines(tmp_path / "out") == ["tried"] * MAX_ATTEMPTS
