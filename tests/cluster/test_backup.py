"""Backups of a site on PostgreSQL: one verified file, and everything is there again in an empty database."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.cluster.archive import FILL, SHOWN, different
from tests.cluster.databases import new_database, on_postgresql
from tests.conftest import WEEKS
from tests.server.site import Site

pytestmark = [on_postgresql, pytest.mark.server]
KEY = "the same on every host"


@pytest.fixture(scope="module")
def address(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with new_database("xinwenku_backed_up", django_db_blocker) as url:
        yield url


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, address: str) -> Site:
    site = Site.in_folder(tmp_path_factory.mktemp("backup") / "site")
    manage(site, address, "migrate", "-v", "0")
    manage(site, address, "import_issues", min(WEEKS.iterdir()), "--publish", "-v", "0")
    manage(site, address, "shell", "--no-imports", "-v", "0", "-c", FILL)
    return site


@pytest.fixture
def empty(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with new_database("xinwenku_restored", django_db_blocker) as url:
        yield url


def manage(site: Site, database: str, *arguments: str | Path) -> str:
    done = site.try_to_manage(*arguments, DATABASE_URL=database, SECRET_KEY=KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(site: Site, database: str, *arguments: str | Path) -> str:
    done = site.try_to_manage(*arguments, DATABASE_URL=database, SECRET_KEY=KEY)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def tables(address: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(address) as database:
        names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            name: database.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()  # type: ignore[call-overload]  # noqa: S608
            for (name,) in names
            if name not in ("django_session", "members_event")
        }


def changed(backup: Path, name: str, **fields: object) -> Path:
    """A copy of a backup whose manifest says something else."""
    with (
        zipfile.ZipFile(backup) as old,
        zipfile.ZipFile(backup.with_name(name), "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "manifest.json":
                content = json.dumps(json.loads(content) | fields).encode()
            new.writestr(entry, content)
    return backup.with_name(name)


def test_what_is_restored_equals_what_was_backed_up(
    site: Site, address: str, empty: str, tmp_path: Path
) -> None:
    backup = tmp_path / "b.zip"
    assert "verified" in manage(site, address, "backup", backup)
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert b"k" * 32 not in archive.read("db.dump")  # the key of a session
    assert (manifest["rows"]["archive_issue"], manifest["rows"]["django_session"]) == (2, 0)

    wrong = changed(backup, "wrong.zip", rows=manifest["rows"] | {"archive_issue": 3})
    other = Site.in_folder(tmp_path / "other")
    assert "holds other rows than it says" in refused(other, empty, "restore", wrong)
    newer = changed(backup, "newer.zip", migrations=[*manifest["migrations"], ["archive", "9999_later"]])
    assert "install that version or a later one" in refused(other, empty, "restore", newer)
    assert tables(empty) == {}
    assert list(other.data.iterdir()) == []

    assert "The index and the archive are equal" in manage(other, empty, "restore", backup)
    assert tables(empty) == tables(address)
    for place in (site, other):
        assert [path.read_bytes() for path in place.data.glob("media/**/*.png")] != []
    shell = ("shell", "--no-imports", "-v", "0", "-c", SHOWN)
    assert different(manage(other, empty, *shell), manage(site, address, *shell)) == []

    again = Site.in_folder(tmp_path / "again")
    assert "is not empty" in refused(again, empty, "restore", backup)
    assert "is a backup of PostgreSQL, and this site is on SQLite" in refused(
        again, f"sqlite:///{again.data}/db.sqlite3", "restore", backup
    )


def test_a_database_with_what_runs_by_itself_is_neither_backed_up_nor_restored(
    site: Site, empty: str, tmp_path: Path
) -> None:
    with psycopg.connect(empty) as database:
        database.execute("CREATE TABLE archive_issue (id int)")
        database.execute("CREATE TABLE django_session (id int)")
        database.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
        database.execute("CREATE TRIGGER t BEFORE INSERT ON archive_issue FOR EACH ROW EXECUTE FUNCTION f()")
        database.execute("CREATE TABLE django_migrations (app text, name text, id int, applied timestamptz)")
        database.execute("CREATE TABLE archive_figure (image text)")
    said = refused(site, empty, "backup", tmp_path / "b.zip")
    assert "TRIGGER public archive_issue t" in said
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_and_a_folder_that_is_not_there_are_named(
    site: Site, tmp_path: Path
) -> None:
    assert "does not answer" in refused(site, "postgres://a:b@127.0.0.1:1/x", "backup", tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []
