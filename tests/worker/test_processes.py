"""Workers that are killed, stopped, frozen, too many, or without their database: every task is run all the same."""

from __future__ import annotations

import datetime as dt
import os
import signal
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from tests.cluster.databases import on_postgresql, on_sqlite
from tests.tiers import nightly
from tests.waiting import until
from tests.worker import tasks
from tests.worker.conftest import Home
from worker.machine import machine_id, presence
from worker.models import Task
from worker.running import MAX_ATTEMPTS

SCHEDULE = "worker.tasks.delete_old_tasks"


def state(home: Home, task: Task) -> tuple[str, int]:
    row = home.tasks.get(pk=task.pk)
    return row.state, row.attempts


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_quick_task_does_not_wait_for_a_long_one(home: Home, tmp_path: Path) -> None:
    long = home.enqueue(tasks.long_until, str(tmp_path / "go on"))
    home.start()
    until(home.lines)
    quick = home.enqueue(tasks.quick)
    until(lambda: state(home, quick) == ("SUCCESSFUL", 1))
    assert state(home, long) == ("RUNNING", 1)
    (tmp_path / "go on").touch()
    until(lambda: state(home, long) == ("SUCCESSFUL", 1))
    assert [line.split()[0] for line in home.lines()] == ["begun", "quick", "ended"]


@pytest.mark.parametrize(
    "task", [nightly(tasks.until, id="quick"), pytest.param(tasks.long_until, id="long")]
)
def test_what_a_killed_worker_ran_is_run_again(home: Home, tmp_path: Path, task: object) -> None:
    row = home.enqueue(task, str(tmp_path / "go on"))  # type: ignore[arg-type]
    worker = home.start()
    [begun] = until(home.lines)
    worker.kill()
    worker.wait()
    if task is tasks.long_until:
        until(lambda: not is_alive(int(begun.split()[1])), "the end of the process that ran the task")
    (tmp_path / "go on").touch()
    if connection.vendor != "sqlite":  # there a lock says at once that nobody runs it any more
        home.is_due_now(row)
    home.start()
    until(lambda: state(home, row) == ("SUCCESSFUL", 2))
    assert [line.split()[0] for line in home.lines()] == ["begun", "begun", "ended"]


@pytest.mark.nightly
def test_a_task_that_kills_its_worker_is_failed_in_the_end(home: Home) -> None:
    row = home.enqueue(tasks.kills_its_worker, attempts=MAX_ATTEMPTS - 2)
    for _ in range(2):
        worker = home.start()
        until(lambda: worker.poll() is not None)  # noqa: B023
        assert worker.returncode == -signal.SIGKILL
        home.is_due_now(row)
    worker = home.start()
    until(lambda: state(home, row)[0] == "FAILED")
    assert "died" in home.tasks.get(pk=row.pk).error
    assert (len(home.lines()), worker.poll()) == (2, None)


def test_a_worker_that_is_told_to_end_gives_back_a_long_task(home: Home, tmp_path: Path) -> None:
    row = home.enqueue(tasks.long_until, str(tmp_path / "go on"))
    worker = home.start()
    [begun] = until(home.lines)
    worker.terminate()
    until(lambda: worker.poll() is not None)
    assert (worker.returncode, state(home, row)) == (0, ("READY", 0))
    assert not is_alive(int(begun.split()[1]))
    assert "Traceback" not in home.log()


@pytest.mark.nightly
def test_a_worker_that_is_told_to_end_ends_its_quick_task(home: Home, tmp_path: Path) -> None:
    row = home.enqueue(tasks.until, str(tmp_path / "go on"))
    worker = home.start()
    until(home.lines)
    worker.terminate()
    (tmp_path / "go on").touch()
    until(lambda: worker.poll() is not None)
    assert (worker.returncode, state(home, row)) == (0, ("SUCCESSFUL", 1))


def test_an_error_in_a_process_of_its_own_is_kept(home: Home) -> None:
    rows = [home.enqueue(task) for task in (tasks.long_fails, tasks.long_dies)]
    home.start()
    until(lambda: all(home.tasks.get(pk=row.pk).error for row in rows))
    errors = [home.tasks.get(pk=row.pk).error for row in rows]
    assert "ValueError: 这个任务总是失败" in errors[0]
    assert errors[1] == "its process ended with 3"


def test_processes_of_long_tasks_are_forked_from_one_that_has_loaded_the_site(home: Home) -> None:
    rows = [home.enqueue(tasks.long) for _ in range(2)]
    worker = home.start()
    until(lambda: [state(home, row) for row in rows] == [("SUCCESSFUL", 1)] * 2)
    (_, first, parent), (_, second, its_parent) = (line.split() for line in home.lines())
    assert first != second
    assert parent == its_parent != str(worker.pid)
    assert "rjieba" in Path(f"/proc/{parent}/maps").read_text()
    threads = list(Path(f"/proc/{parent}/task").iterdir())
    assert len(threads) == 1  # another could hold a lock while it is forked
    worker.kill()
    until(lambda: not is_alive(int(parent)), "the end of the process that they were forked from")


@pytest.mark.nightly
def test_ctrl_c_gives_back_a_long_task_as_if_it_had_not_begun(home: Home, tmp_path: Path) -> None:
    row = home.enqueue(tasks.long_until, str(tmp_path / "go on"))
    worker = home.start()
    until(home.lines)
    os.killpg(worker.pid, signal.SIGINT)  # a terminal's goes to the task's own process too
    until(lambda: worker.poll() is not None)
    assert (worker.returncode, state(home, row)) == (0, ("READY", 0))
    assert "Traceback" not in home.log()


# --- What no `except Exception` sees --------------------------------------------------------------------


@pytest.mark.parametrize(
    "task", [pytest.param(tasks.panics, id="quick"), nightly(tasks.long_panics, id="long")]
)
def test_a_task_that_panics_has_failed_and_the_lane_goes_on(home: Home, task: object) -> None:
    row = home.enqueue(task, attempts=MAX_ATTEMPTS - 1)  # type: ignore[arg-type]
    worker = home.start()
    until(lambda: state(home, row) == ("FAILED", MAX_ATTEMPTS))
    assert "Panic: 这个任务惊慌失措" in home.tasks.get(pk=row.pk).error
    after = home.enqueue(tasks.quick), home.enqueue(tasks.long)
    until(lambda: [state(home, row) for row in after] == [("SUCCESSFUL", 1)] * 2)
    assert worker.poll() is None


@pytest.mark.nightly
def test_a_loop_that_panics_is_logged_and_tried_again(home: Home) -> None:
    worker = home.start(loop="tests.worker.loops.Panics")
    until(lambda: "the loop goes on" in home.log())
    assert home.log().count("tests.worker.loops.Panics: tried again until it works") == 1
    assert "Panic: the loop panicked" in home.log()
    assert worker.poll() is None


def test_a_worker_that_lost_a_thread_says_which_and_fails_so_that_it_is_started_again(home: Home) -> None:
    worker = home.start(loop="tests.worker.loops.Leaves")
    until(lambda: "the loop leaves" in home.log())
    row = home.enqueue(tasks.quick)  # whoever runs it
    until(lambda: worker.poll() is not None)
    assert worker.returncode == 1
    assert "tests.worker.loops.Leaves has died" in home.log()
    home.start()
    until(lambda: state(home, row)[0] == "SUCCESSFUL")


# --- Several workers -----------------------------------------------------------------------------------


@pytest.mark.nightly
def test_several_workers_run_each_task_once(home: Home) -> None:
    """On SQLite one of them works and the others wait for its end."""
    rows = [home.enqueue(tasks.quick, str(number)) for number in range(60)]
    for _ in range(3):
        home.start()
    until(lambda: home.tasks.filter(pk__in=[row.pk for row in rows], state="SUCCESSFUL").count() == 60)
    assert sorted(home.lines(), key=int) == [str(number) for number in range(60)]
    assert set(home.tasks.filter(state="SUCCESSFUL").values_list("attempts", flat=True)) == {1}


@pytest.mark.nightly
@on_sqlite
def test_a_second_worker_waits_and_takes_over_when_the_first_is_killed(home: Home, tmp_path: Path) -> None:
    first = home.start()
    until((home.data / "worker.json").exists)
    second = home.start()
    row = home.enqueue(tasks.until, str(tmp_path / "go on"))
    until(home.lines)
    assert home.tasks.get(pk=row.pk).worker.split(":")[1] == str(first.pid)
    first.kill()
    (tmp_path / "go on").touch()
    until(lambda: state(home, row) == ("SUCCESSFUL", 2))
    assert home.tasks.get(pk=row.pk).worker.split(":")[1] == str(second.pid)


@on_postgresql
def test_a_frozen_worker_does_not_overwrite_what_another_did_since(home: Home, tmp_path: Path) -> None:
    row = home.enqueue(tasks.until, str(tmp_path / "go on"))
    frozen = home.start()
    until(home.lines)
    frozen.send_signal(signal.SIGSTOP)
    home.is_due_now(row)  # its lease ends
    other = home.start()
    until(lambda: len(home.lines()) == 2)
    frozen.send_signal(signal.SIGCONT)
    (tmp_path / "go on").touch()
    until(lambda: state(home, row) == ("SUCCESSFUL", 2) and len(home.lines()) == 4)
    frozen.terminate()
    until(lambda: frozen.poll() is not None)
    assert home.tasks.get(pk=row.pk).worker.split(":")[1] == str(other.pid)


@on_postgresql
def test_a_lease_is_renewed_while_the_task_runs(home: Home, tmp_path: Path) -> None:
    row = home.enqueue(tasks.until, str(tmp_path / "go on"))
    home.start()
    until(home.lines)
    first = home.tasks.get(pk=row.pk).run_at
    until(lambda: home.tasks.get(pk=row.pk).run_at > first)
    (tmp_path / "go on").touch()
    until(lambda: state(home, row) == ("SUCCESSFUL", 1))


def test_a_task_of_one_data_directory_is_left_to_its_worker(home: Home, settings: Settings) -> None:
    settings.DATA_DIR = home.data
    theirs = home.enqueue(tasks.quick, "theirs", machine="another")
    ours = home.enqueue(tasks.quick, "ours", machine=machine_id())
    home.start()
    until(lambda: state(home, ours) == ("SUCCESSFUL", 1))
    last = home.enqueue(tasks.quick, "last")
    until(lambda: state(home, last) == ("SUCCESSFUL", 1))
    assert (home.lines(), state(home, theirs)) == (["ours", "last"], ("READY", 0))


# --- Schedules -----------------------------------------------------------------------------------------


def test_a_schedule_survives_restarts_and_what_was_missed_is_one_run(home: Home) -> None:
    worker = home.start()
    row = until(home.tasks.filter(name=SCHEDULE).first)
    assert row.run_at > timezone.now(), "nothing was missed yet"
    worker.kill()
    worker.wait()
    home.tasks.filter(pk=row.pk).update(run_at=timezone.now() - dt.timedelta(days=3))
    home.start()
    until(lambda: home.tasks.get(pk=row.pk).finished_at)
    after = until(home.tasks.filter(pk=row.pk, state="READY").first)
    assert (after.run_at, after.error) == (row.run_at, ""), "the same grid, and nothing to catch up"
    assert home.tasks.filter(name=SCHEDULE).count() == 1


@pytest.mark.nightly
def test_a_schedule_that_is_no_longer_wanted_goes_and_one_that_fails_keeps_its_turn(home: Home) -> None:
    every, lane = 86_400.0, "default"
    gone = Task(name="a.b.c", key="schedule a.b.c", every=every, lane=lane)
    gone.save(using="home")
    home.start()
    until(lambda: not home.tasks.filter(name="a.b.c").exists())
    failing = home.enqueue(tasks.fails, key="schedule fails", every=every, attempts=MAX_ATTEMPTS - 1)
    after = until(home.tasks.filter(pk=failing.pk).exclude(error="").first)
    assert (after.state, after.attempts, after.run_at > timezone.now()) == ("READY", 0, True)
    assert after.pk in home.tasks.all().failed().values_list("pk", flat=True)  # type: ignore[attr-defined]


# --- The database --------------------------------------------------------------------------------------


def test_a_worker_waits_for_its_tables(home: Home) -> None:
    with connections["home"].cursor() as cursor:
        cursor.execute("ALTER TABLE worker_task RENAME TO elsewhere")
    worker = home.start()
    until(lambda: "tried again until it works" in home.log())
    with connections["home"].cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO worker_task")
    row = home.enqueue(tasks.quick)
    until(lambda: state(home, row) == ("SUCCESSFUL", 1))
    assert worker.poll() is None


@on_postgresql
def test_a_worker_survives_a_database_that_goes_away(home: Home) -> None:
    worker = home.start()
    row = home.enqueue(tasks.quick)
    until(lambda: state(home, row) == ("SUCCESSFUL", 1))
    with connections["home"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    row = home.enqueue(tasks.quick)
    until(lambda: state(home, row) == ("SUCCESSFUL", 1))
    assert worker.poll() is None


@on_sqlite
def test_a_worker_with_nothing_to_do_writes_nothing(home: Home, settings: Settings) -> None:
    settings.DATA_DIR = home.data
    home.start()
    golden = home.tasks.filter(name="insight.tasks.check_golden_queries", state="SUCCESSFUL", every=None)
    until(golden.exists, "what follows the first index")
    home.tasks.filter(every__isnull=False).update(run_at=timezone.now() + dt.timedelta(days=1))
    unfinished = home.tasks.filter(state__in=["READY", "RUNNING"], every=None)
    until(lambda: not unfinished.exists() and not home.tasks.filter(state="RUNNING").exists())
    before = presence().seen_at
    with connections["home"].cursor() as cursor:
        [version] = cursor.execute("PRAGMA data_version").fetchone()
        until(lambda: presence().seen_at != before, "the next beat")
        assert cursor.execute("PRAGMA data_version").fetchone() == (version,)


# --- Whether one is there ------------------------------------------------------------------------------


def test_everybody_can_see_whether_a_worker_runs_and_since_when_not(home: Home, settings: Settings) -> None:
    settings.DATA_DIR = home.data
    assert (presence().is_running, presence().seen_at) == (False, None)
    started = timezone.now()
    worker = home.start()
    until(lambda: presence().seen_at)
    seen = presence()
    assert seen.is_running
    assert seen.started_at
    assert seen.seen_at
    assert started < seen.started_at <= seen.seen_at
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert not presence().is_running
    assert presence().seen_at
