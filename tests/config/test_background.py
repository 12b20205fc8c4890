"""Whether a worker runs, in words for monitors and editors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from worker.machine import note_presence, worker_lock

pytestmark = pytest.mark.django_db
SEEN = dt.datetime(2026, 3, 21, 10, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def said(client: Client) -> tuple[str, str]:
    """What `/readyz` and the admin's first page say."""
    return client.get("/readyz").json()["worker"]["warning"], client.get("/admin/").content.decode()


def test_a_worker_that_never_ran_is_missed(admin_client: Client) -> None:
    warning, front = said(admin_client)
    assert warning.startswith("the worker has never run here: start `manage.py run_worker`.")
    assert "后台进程还没有运行过：" in front


def test_a_worker_that_ended_is_missed_since_it_was_last_seen(admin_client: Client) -> None:
    note_presence(SEEN - dt.timedelta(hours=1), SEEN)
    warning, front = said(admin_client)
    assert warning.startswith("the worker was last seen at 2026-03-21T18:05:00+08:00: start")
    assert "后台进程从 2026年3月21日 18:05 起没有运行：" in front


def test_nothing_is_said_while_one_runs(admin_client: Client) -> None:
    note_presence(SEEN, timezone.now())
    with worker_lock():
        warning, front = said(admin_client)
    assert warning == ""
    assert "后台进程" not in front


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"seen_at": 1}', '{"started_at": "x", "seen_at": "y"}'])
def test_a_torn_note_is_none(admin_client: Client, data_dir: Path, content: str) -> None:
    (data_dir / "worker.json").write_text(content)
    assert "has never run here" in said(admin_client)[0]
