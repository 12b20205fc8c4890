"""While PostgreSQL can not be reached, every page says so by a 503; every other error stays a 500."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import Error, InterfaceError, OperationalError
from django.db.utils import ProgrammingError
from django.test import RequestFactory

from config.database_away import is_away
from config.error_pages import bad_request
from tests.cluster.starting import free_ports
from tests.server.site import Site

ASK = """
import json
from django.test import Client
from config import static_files
static_files.collect()
client = Client(HTTP_HOST="localhost", raise_request_exception=False)
asked = [client.get(path) for path in ("/", "/search/?q=HBM4", "/api/v1/issues")]
client.cookies["sessionid"] = "a" * 32
asked.append(client.get("/admin/"))
asked.append(client.post("/account/login/", {"login": "a", "password": "b"}))
asked.append(client.get("/readyz"))
print(json.dumps([[r.status_code, r.headers.get("Retry-After", ""), r.content.decode()] for r in asked]))
"""


def session_interrupted() -> SessionInterrupted:
    """What Django's sessions make of a database that goes away while a session is saved."""
    try:
        try:
            raise raised(OperationalError, psycopg.OperationalError("server closed the connection"))
        except OperationalError:
            raise UpdateError  # noqa: B904 - as Django does
    except UpdateError:
        try:
            raise SessionInterrupted("…")  # noqa: TRY301
        except SessionInterrupted as made:
            return made


def raised(error: type[Error], cause: BaseException) -> Error:
    try:
        raise error("…") from cause
    except Error as made:
        return made


def test_a_session_that_can_not_be_saved_is_a_503_only_then(rf: RequestFactory) -> None:
    assert bad_request(rf.get("/"), session_interrupted()).status_code == 503
    assert bad_request(rf.get("/"), SessionInterrupted("logged out meanwhile")).status_code == 400


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (raised(OperationalError, psycopg.OperationalError("server closed the connection")), True),
        (raised(OperationalError, psycopg.errors.AdminShutdown("terminating connection")), True),
        (raised(OperationalError, psycopg.errors.CannotConnectNow("starting up")), True),
        (raised(InterfaceError, psycopg.InterfaceError("the connection is closed")), True),
        (session_interrupted(), True),
        (SessionInterrupted("logged out meanwhile"), False),
        (raised(OperationalError, psycopg.errors.DiskFull("no space left")), False),
        (raised(OperationalError, psycopg.errors.DeadlockDetected("deadlock detected")), False),
        (raised(ProgrammingError, psycopg.errors.UndefinedTable("no such relation")), False),
        (OperationalError("unable to open database file"), False),
        (RuntimeError("…"), False),
        (None, False),
    ],
)
def test_what_says_that_the_database_is_away(error: BaseException | None, expected: bool) -> None:
    assert is_away(error) is expected


@pytest.mark.server
def test_nobody_gets_a_500_while_the_database_is_away(tmp_path: Path) -> None:
    site = Site.in_folder(tmp_path / "site")
    [closed] = free_ports(1)
    done = site.try_to_manage(
        "shell", "--no-imports", "-v", "0", "-c", ASK,
        DATABASE_URL=f"postgres://a:b@127.0.0.1:{closed}/c", SECRET_KEY="k" * 50,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *pages, form, ready = json.loads(done.stdout.splitlines()[-1])
    for status, after, page in pages:
        assert (status, after) == (503, "5")
        assert "数据库正在重启" in page
        assert "会自己再试" in page
        assert "不会存成两份" not in page
    assert form[0] == 503
    assert "不会存成两份" in form[2]
    assert 'http-equiv="refresh"' not in form[2]  # it would forget what was sent
    assert ready[0] == 503
