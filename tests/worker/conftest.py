"""A data directory with a database of its own, and workers on it that are real processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks.base import Task as DjangoTask
from pytest_django import DjangoDbBlocker

from tests.cluster.databases import on_server, own, url
from tests.conftest import ROOT
from worker.models import Task

TEMPLATE = own("xinwenku_worker_template")
PREPARE = """
from django.core.management import call_command
from search.indexing import sync
from worker.models import Task
call_command("migrate", verbosity=0)
sync.bring_up_to_date()
Task.objects.all().delete()
"""
"""Tables and an index of nothing, which every worker would build first."""


@dataclass
class Home:
    """A data directory; its tasks; its workers."""

    data: Path
    database_url: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def tasks(self) -> QuerySet[Task]:
        return Task.objects.using("home")

    @property
    def out(self) -> Path:
        """Where the tasks of tests/worker/tasks leave their lines."""
        return self.data / "out"

    def lines(self) -> list[str]:
        return self.out.read_text(encoding="utf-8").splitlines() if self.out.exists() else []

    def enqueue(self, task: DjangoTask[..., Any], *args: str, **fields: Any) -> Task:
        """What `task.enqueue(out, *args)` writes, in the database of the workers."""
        row = Task(name=task.module_path, args=[str(self.out), *args], lane=task.queue_name, **fields)
        row.save(using="home")
        return row

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, data: Path | None = None, loop: str = "") -> subprocess.Popen[bytes]:
        """Starts a worker; of another data directory on the same database, with one more loop, when they are given."""
        environment = self.environment(data)
        if loop:
            environment |= {"DJANGO_SETTINGS_MODULE": "tests.worker.settings", "XWK_TEST_LOOP": loop}
        with self.data.joinpath("worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "run_worker"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a terminal's Ctrl-C reaches all of it
            )
        self.workers.append(worker)
        return worker

    def log(self) -> str:
        return self.data.joinpath("worker.log").read_text(encoding="utf-8")

    def environment(self, data: Path | None = None) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "XWK_DATA_DIR": str(data or self.data),
            "DATABASE_URL": self.database_url,
        }

    def is_due_now(self, task: Task) -> None:
        """Ends the pause before the next attempt, or the lease of a worker that was killed."""
        self.tasks.filter(pk=task.pk).update(run_at=timezone.now())

    def end(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.kill()
            worker.wait()


def _is_sqlite() -> bool:
    return bool(connections["default"].vendor == "sqlite")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A folder with an empty archive and its index; on PostgreSQL, its database is one to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    address = f"sqlite:///{folder / 'db.sqlite3'}"
    if not _is_sqlite():
        with django_db_blocker.unblock():
            on_server(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
        address = url(TEMPLATE)
    Home(folder, address).manage("shell", "--no-imports", "-v", "0", "-c", PREPARE)
    return folder


@pytest.fixture
def home(migrated: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Home]:
    """An empty archive without a worker."""
    data = tmp_path / "data"
    shutil.copytree(migrated, data)
    name = str(data / "db.sqlite3")
    with django_db_blocker.unblock():
        if not _is_sqlite():
            name = own("xinwenku_worker_home")
            on_server(
                f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"
            )
        home = Home(data, f"sqlite:///{name}" if _is_sqlite() else url(name))
        connections.databases["home"] = {**connections.databases["default"], "NAME": name}
        try:
            yield home
        finally:
            home.end()
            connections["home"].close()
            del connections["home"], connections.databases["home"]


@pytest.fixture(autouse=True)
def no_tasks_of_others(db: None) -> None:
    """A new index of another test's, made outside of a transaction, leaves tasks behind."""
    Task.objects.all().delete()
