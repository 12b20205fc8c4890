"""The site as `make run` starts it: `manage.py set_up`, then server and worker, in a data folder of its own."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from tests.waiting import patience, until

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = re.compile(r"Log in as: (\S+) +password: (\S+)")
IS_SETTLED = """
    SELECT sum(every IS NOT NULL) > 0 AND sum(every IS NULL AND state != 'SUCCESSFUL' OR state = 'RUNNING') = 0
    FROM worker_task
"""
"""Schedules are written, and no task waits or runs."""
SETTINGS_IN_ENVIRONMENT = (
    "DATABASE_URL",
    "SEARCH_URL",
    "CACHE_URL",
    "SECRET_KEY",
    "DEBUG",
    "HTTPS",
    "HOST",
    "READERS",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's answer to a request."""

    status: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its data folder and its port."""

    data: Path
    port: int

    @classmethod
    def in_folder(cls, data: Path) -> Site:
        data.mkdir(parents=True, exist_ok=True)
        return cls(data, _free_port())

    def copy_to(self, data: Path) -> Site:
        """Copies the archive to another folder; no process may be writing it."""
        shutil.copytree(self.data, data)
        return Site.in_folder(data)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Returns the log of server and worker."""
        path = self.data / "served.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def manage(self, *arguments: str | Path, stdin: str = "") -> str:
        """Runs a management command in a process of its own and returns what it printed."""
        done = self.try_to_manage(*arguments, stdin=stdin)
        assert done.returncode == 0, f"manage.py {arguments} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def try_to_manage(
        self, *arguments: str | Path, stdin: str = "", largest_file: int | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a management command that may fail; `largest_file` bytes is where its disk is full."""
        limit = resource.RLIM_INFINITY if largest_file is None else largest_file
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env={**self._environment(), **environment},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )

    def run_python(self, code: str) -> str:
        """Runs code with Django set up, in a process of its own."""
        return self.manage("shell", "--no-imports", "-v", "0", "-c", code)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Returns what its database answers to SQL, without a process that loads Django for it."""
        with closing(sqlite3.connect(f"file:{self.data / 'db.sqlite3'}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def workers(self) -> set[int]:
        """Process ids of the running server's workers: Linux keeps the list."""
        master = int((self.data / "gunicorn.pid").read_text(encoding="ascii"))
        return set(map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split()))

    def settle(self) -> None:
        """Runs its worker until nothing is left to do, and puts off what runs on schedule to its next time.

        Else each copy that is served would do all of it again: a dozen seconds of the processor, beside what is tested.
        """
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker"], cwd=ROOT, env=self._environment()
        )
        try:
            until(lambda: self.rows(IS_SETTLED) == [(1,)], "that its worker has nothing to do")
        finally:
            worker.terminate()
            worker.wait(timeout=patience())
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as database, database:
            # A worker that starts moves it to the next time of its schedule.
            database.execute(
                "UPDATE worker_task SET run_at = datetime(run_at, '+1 year') WHERE every IS NOT NULL"
            )

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts server and worker as `make run` does, with its gunicorn.conf.py. `served` ends them too."""
        with (self.data / "served.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "config.serve", "--pid", str(self.data / "gunicorn.pid")],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @contextmanager
    def served(self) -> Iterator[Site]:
        """Serves until the block is left."""
        launcher = self.launch()
        try:
            self.wait_until_ready(launcher)
            yield self
        finally:
            launcher.terminate()
            try:
                launcher.wait(timeout=patience())
            except subprocess.TimeoutExpired:
                launcher.kill()
                launcher.wait()

    def get(self, path: str) -> Answer:
        """Sends a request on a new connection, so that any worker may answer."""
        request = Request(self.url + quote(path, safe="/?&=%+"), headers={"Connection": "close"})  # noqa: S310
        try:
            with urlopen(request, timeout=patience()) as response:  # noqa: S310
                return Answer(response.status, response.read().decode("utf-8"))
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode("utf-8"))

    def search(self, query: str, **parameters: str | int) -> Any:
        """Searches by the API of the running site, and returns the JSON."""
        asked = "&".join(f"{name}={quote(str(value))}" for name, value in {"q": query, **parameters}.items())
        answer = self.get(f"/api/v1/search?{asked}")
        assert answer.status == 200, answer.text
        return answer.json()

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS_IN_ENVIRONMENT}
        return {
            "LIMITS_LIFTED_FOR": "127.0.0.0/8",  # all that is asked comes from here
            "SECOND_FACTOR_REQUIRED": "false",  # tests/browser/test_sign_in.py has it on
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "XWK_DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "PYTHONUTF8": "1",
        }

    def wait_until_ready(self, launcher: subprocess.Popen[bytes]) -> None:
        def is_ready() -> bool:
            assert launcher.poll() is None, f"it ended with {launcher.returncode}:\n{self.log[-2000:]}"
            try:
                return self.get("/readyz").status == 200
            except URLError:
                return False  # not listening yet

        until(is_ready, "that the site is ready")


def printed_password(printed: str) -> str | None:
    """Returns the demo editor's password from the output of `set_up`, None when there is none."""
    found = PASSWORD.search(printed)
    return found[2] if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
