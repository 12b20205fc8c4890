"""An archive moves from SQLite to PostgreSQL whole: as it was, or with words that say why not."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.cluster.archive import FILL, SHOWN, different
from tests.cluster.databases import new_database, on_postgresql
from tests.conftest import WEEKS
from tests.server.site import Site

pytestmark = [on_postgresql, pytest.mark.server]
KEY = "the same on every host"
COMPARED = (
    "archive_article",
    "auth_user",
    "auth_group_permissions",
    "reversion_version",
    "glossary_mention",
    "members_token",
)
NEXT = """
from archive.models import Article, Issue
from django.contrib.auth.models import User
print(Issue.objects.create(title="新", start_date="2031-01-03", end_date="2031-01-03").pk, User.objects.create(username="li").pk)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Two of the demo weeks, a draft with a figure, people, a token, a search, bytes, JSON: on SQLite."""
    site = Site.in_folder(tmp_path_factory.mktemp("move") / "site")
    site.manage("migrate", "-v", "0")
    site.manage("import_glossary", "-v", "0")
    site.manage("import_issues", *sorted(WEEKS.iterdir())[:2], "--publish", "-v", "0")
    site.run_python(FILL)
    site.manage("update_index")
    return site


@pytest.fixture
def target(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with new_database("xinwenku_move_target", django_db_blocker) as address:
        yield address


def move(site: Site, target: str, *options: str) -> CompletedProcess[str]:
    return site.try_to_manage("move_database", target, *options)


def of_sqlite(site: Site, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(site.data / "db.sqlite3")) as database, database:
        return database.execute(statement).fetchall()


def of_target(target: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(target) as database:
        return database.execute(statement).fetchall()  # type: ignore[call-overload, no-any-return]


def shown(site: Site, **environment: str) -> str:
    done = site.try_to_manage(
        "shell", "--no-imports", "-v", "0", "-c", SHOWN, **{"SECRET_KEY": KEY} | environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everything_is_there_and_the_source_is_as_it_was(site: Site, target: str) -> None:
    before = hashlib.sha256((site.data / "db.sqlite3").read_bytes()).hexdigest()

    rehearsed = move(site, target, "--dry-run")
    assert "equal in both databases by count and hash. Nothing is left in the target." in rehearsed.stdout
    assert (
        of_target(
            target,
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname !~ '^pg_|^information'",
        )
        == []
    )

    moved = move(site, target)
    assert moved.returncode == 0, moved.stderr
    assert "Moved: " in moved.stdout
    assert hashlib.sha256((site.data / "db.sqlite3").read_bytes()).hexdigest() == before

    for table in COMPARED:
        statement = f"SELECT count(*), min(id), max(id), sum(id) FROM {table}"  # noqa: S608 - names above
        assert of_target(target, statement) == of_sqlite(site, statement), table
        assert of_sqlite(site, statement)[0][0], table
    for statement in (
        "SELECT id, position, title, body FROM archive_article ORDER BY id",
        "SELECT username, password FROM auth_user ORDER BY id",
        "SELECT image FROM archive_figure ORDER BY id",
        "SELECT query, took_ms FROM insight_searchrecord",
        "SELECT serialized_data FROM reversion_version ORDER BY id",
        "SELECT qr FROM archive_poststyle",
    ):
        assert of_target(target, statement) == of_sqlite(site, statement), statement

    assert different(shown(site, DATABASE_URL=target), shown(site)) == []
    checked = site.try_to_manage("check_index", DATABASE_URL=target, SECRET_KEY=KEY)
    assert "The index and the archive are equal" in checked.stdout, checked.stdout + checked.stderr
    last = [of_sqlite(site, f"SELECT max(id) FROM {table}")[0][0] for table in ("archive_issue", "auth_user")]  # noqa: S608
    made = site.try_to_manage(
        "shell", "--no-imports", "-v", "0", "-c", NEXT, DATABASE_URL=target, SECRET_KEY=KEY
    )
    assert made.stdout.split() == [str(int(str(each)) + 1) for each in last]

    again = move(site, target)
    assert (again.returncode, "the target is not empty" in again.stderr) == (1, True)
    assert move(site, target, "--dry-run").returncode == 1
    assert of_target(target, "SELECT count(*) FROM archive_issue") == [
        (of_sqlite(site, "SELECT count(*) FROM archive_issue")[0][0] + 1,)
    ]  # type: ignore[operator]


def test_a_move_that_was_broken_off_goes_on_but_not_from_another_state(
    site: Site, target: str, tmp_path: Path
) -> None:
    site = site.copy_to(tmp_path / "copy")
    of_sqlite(
        site, "UPDATE insight_searchrecord SET query = 'a' || char(0) || 'b'"
    )  # which PostgreSQL stores nowhere
    broken = move(site, target)
    assert broken.returncode == 1
    assert "insight_searchrecord: the target refuses it" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert "archive_issue: 3 rows" in broken.stdout

    of_sqlite(site, "UPDATE archive_issue SET title = title || 'x'")
    changed = move(site, target)
    assert "archive_issue was changed in the source since the move began" in changed.stderr
    of_sqlite(site, "UPDATE archive_issue SET title = substr(title, 1, length(title) - 1)")
    of_sqlite(site, "UPDATE insight_searchrecord SET query = 'ab'")
    done = move(site, target)
    assert done.returncode == 0, done.stderr
    assert "archive_issue:" not in done.stdout
    assert "insight_searchrecord: 1 rows" in done.stdout
    assert of_target(target, "SELECT query FROM insight_searchrecord") == [("ab",)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("postgres://a:b@127.0.0.1:1/x", "the target does not answer"),
        ("sqlite:///x.sqlite3", "moves to PostgreSQL only"),
        ("xinwenku", "no address of a database"),
    ],
)
def test_a_wrong_address_is_named(site: Site, given: str, said: str) -> None:
    done = move(site, given)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_source_of_another_version_is_refused(site: Site, target: str, tmp_path: Path) -> None:
    site = site.copy_to(tmp_path / "old")
    of_sqlite(site, "DELETE FROM django_migrations WHERE app = 'search'")
    done = move(site, target)
    assert "the source is of another version of this code (search.0001_" in done.stderr
    assert of_target(target, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
