"""Backups of a site that is being written to, and the drill: everything is there again on another machine."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.server.site import ROOT, Site

BACKUPS = int(os.environ.get("XWK_BACKUPS", "2"))
"""How many are taken under load."""
WRITE = """
import datetime as dt, io, itertools
from pathlib import Path
from PIL import Image
from archive.importing import import_week
from archive.week import Week, WeekArticle

def picture(number):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256 % 256, 7)).save(out, "PNG")
    return out.getvalue()

def week(day, number):
    articles = tuple(
        WeekArticle(f"第{place}条 {number}", html=f'<p>写入{number}</p><p><img src="figure:0"></p>', images={"figure:0": picture(number)})
        for place in range(3)
    )
    return Week("轮换", day, day, articles)
"""
WRITE_ON = """
for number in itertools.count(1):
    import_week(week(dt.date(2024, 1, 5), number), publish=True, replace=True)
    import_week(week(dt.date(2023, 1, 1) + dt.timedelta(number % 300), number), publish=True, replace=True)
    Path("{busy}").touch()
    if Path("{stop}").exists():
        break
"""
TOP_TEN = """
import json
from search.results.request import SearchRequest
from search.results.service import find
queries = [line.split("\\t")[0] for line in open("fixtures/queries.tsv", encoding="utf-8") if line.strip() and line[0] != "#"]
found = {query: find(SearchRequest(query)) for query in queries[:50]}
print(json.dumps({query: [hit.article.pk for hit in f.results][:10] if f else None for query, f in found.items()}))
"""


@pytest.fixture(scope="module")
def site(set_up_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demo weeks."""
    return set_up_site[0].copy_to(tmp_path_factory.mktemp("backup") / "site")


@contextmanager
def written_to(site: Site, folder: Path) -> Iterator[None]:
    """Runs a process that keeps changing issues and their figures."""
    busy, stop = folder / "busy", folder / "stop"
    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(site.run_python, WRITE + WRITE_ON.format(busy=busy, stop=stop))
        try:
            while not busy.exists() and not writer.done():
                time.sleep(0.02)
            yield
        finally:
            stop.touch()
        writer.result()


def tables(database: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(database)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()  # noqa: S608
            for name in names
            if name not in ("django_session", "sqlite_sequence")
        }


def made_at(backup: Path) -> dt.datetime:
    with zipfile.ZipFile(backup) as archive:
        return dt.datetime.fromisoformat(json.loads(archive.read("manifest.json"))["created_at"])


def assert_consistent(backup: Path, folder: Path) -> None:
    """The database is sound, no week is half one state and half another, and every figure's file is there."""
    with zipfile.ZipFile(backup) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        database = Path(archive.extract("db.sqlite3", folder))
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        weeks = connection.execute(
            "SELECT issue_id, count(*), count(DISTINCT substr(a.title, instr(a.title, ' '))) FROM archive_article a "
            "JOIN archive_issue ON archive_issue.id = issue_id WHERE archive_issue.title = '轮换' GROUP BY issue_id"
        ).fetchall()
        figures = {name for (name,) in connection.execute("SELECT image FROM archive_figure")}
        for table, rows in manifest["rows"].items():
            assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (rows,)  # noqa: S608
    assert weeks
    assert {(articles, states) for _, articles, states in weeks} == {(3, 1)}
    assert {f"media/{name}" for name in figures} <= names
    assert manifest["missing"] == []


@pytest.mark.nightly
def test_backups_under_load_are_consistent_and_the_last_one_is_restored(site: Site, tmp_path: Path) -> None:
    """0 corrupt; counts and content equal; golden queries answer the same."""
    with written_to(site, tmp_path):
        for number in range(BACKUPS):
            site.manage("backup", tmp_path / f"{number}.zip")
        compared = [site.try_to_manage("check_index", "--json") for _ in range(2)]
    assert [done.stdout for done in compared if done.returncode] == []
    for number in range(BACKUPS):
        assert_consistent(tmp_path / f"{number}.zip", tmp_path)

    folder = tmp_path / "folder"
    folder.mkdir()
    site.manage("backup", folder)
    [backup] = folder.iterdir()
    other = Site.in_folder(tmp_path / "other")
    printed = other.manage("restore", backup)
    assert "The index and the archive are equal" in printed
    copied, live = tables(other.data / "db.sqlite3"), tables(site.data / "db.sqlite3")
    # The trail goes on: here with this very backup, there with its restoring.
    assert copied.pop("members_event")[:-1] == live.pop("members_event")[:-1]
    assert copied == live
    assert other.run_python(TOP_TEN) == site.run_python(TOP_TEN)

    for place in (site, other):  # the restored one's newest backup is the one that it was made from
        noted = json.loads((place.data / "last_backup.json").read_text(encoding="utf-8"))
        assert dt.datetime.fromisoformat(noted["made_at"]) == made_at(backup)

    done = other.try_to_manage("restore", backup)
    assert done.returncode == 1
    assert "is not empty" in done.stderr


@pytest.mark.nightly
def test_a_backup_of_an_older_version_is_brought_up_to_date(site: Site, tmp_path: Path) -> None:
    old = site.copy_to(tmp_path / "old")
    old.manage("migrate", "search", "zero", "-v", "0")
    old.manage("backup", tmp_path / "old.zip")
    new = Site.in_folder(tmp_path / "new")
    assert "The index and the archive are equal" in new.manage("restore", tmp_path / "old.zip")
    assert new.manage("migrate", "--check") == ""
    assert old.manage("migrate", "-v", "0") == ""  # the same upgrade in place, beside an index that is there
    assert (
        tables(new.data / "db.sqlite3")["archive_article"]
        == tables(site.data / "db.sqlite3")["archive_article"]
    )


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_full_disk_leaves_nothing_half(site: Site, tmp_path: Path, command: str) -> None:
    site.manage("backup", tmp_path / "good.zip")
    place = Site.in_folder(tmp_path / "empty") if command == "restore" else site
    target = tmp_path / ("good.zip" if command == "restore" else "new.zip")
    done = place.try_to_manage(command, target, largest_file=200_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(target.parent) in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("good.zip", "empty")] == []
    if command == "restore":
        assert {path.name for path in place.data.iterdir()} <= {"secret_key"}


def test_a_backup_by_other_means_is_noted_and_a_failed_one_is_not(site: Site, tmp_path: Path) -> None:
    other = Site.in_folder(tmp_path / "other")
    note = other.data / "last_backup.json"
    assert other.try_to_manage("backup", tmp_path / "b.zip").returncode == 1  # there is no database
    assert not note.exists()
    other.manage("backup", "--record")
    assert "made_at" in json.loads(note.read_text(encoding="utf-8"))
    done = other.try_to_manage("backup", "--record", tmp_path / "b.zip")
    assert (done.returncode, "name no file" in done.stderr) == (1, True)


def test_a_folder_that_is_not_there_is_no_name_of_a_file(site: Site, tmp_path: Path) -> None:
    """The second night would find a file of that name."""
    done = site.try_to_manage("backup", tmp_path / "nightly")
    assert (done.returncode, "no folder that is there, and no .zip" in done.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_a_file_named_by_date(site: Site) -> None:
    site.manage("backup")
    [backup] = (site.data / "backups").iterdir()
    assert backup.name.startswith("xinwenku-20")


def test_a_file_may_be_named_from_where_one_stands(site: Site, tmp_path: Path) -> None:
    named = os.path.relpath(tmp_path / "here.zip", ROOT)
    assert "verified" in site.manage("backup", named)
    other = Site.in_folder(tmp_path / "other")
    assert "The index and the archive are equal" in other.manage("restore", named)
    copied, live = tables(other.data / "db.sqlite3"), tables(site.data / "db.sqlite3")
    # The trail goes on: here with this very backup, there with its restoring.
    assert copied.pop("members_event")[:-1] == live.pop("members_event")[:-1]
    assert copied == live
