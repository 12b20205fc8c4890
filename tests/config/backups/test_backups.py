"""A backup holds all of an archive and nothing else, and is restored into an empty place."""

from __future__ import annotations

import stat
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from archive.models import Figure
from config.backups.manifest import BackupError, Manifest
from tests.config.backups.conftest import Place
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("postgres" in settings.DATABASES["default"]["ENGINE"], reason="copies an SQLite file"),
]


def test_what_is_restored_equals_what_was_backed_up(site: Place, empty: Place, good: Path) -> None:
    empty.restore(good)
    assert empty.tables() == site.tables()
    assert empty.files() == site.files()
    assert len(empty.files()) >= 2
    assert sorted(path.name for path in empty.directory.iterdir()) == ["db.sqlite3", "media"]
    assert stat.S_IMODE(empty.database.stat().st_mode) == 0o600


def test_a_backup_holds_no_index_no_key_and_no_session(site: Place, good: Path) -> None:
    assert stat.S_IMODE(good.stat().st_mode) == 0o600
    assert [path.name for path in good.parent.iterdir() if path.name.startswith(".")] == []
    with zipfile.ZipFile(good) as archive:
        names = archive.namelist()
        database = archive.read("db.sqlite3")
    assert {name.split("/")[0] for name in names} == {"db.sqlite3", "media", "manifest.json"}
    assert b"secret-of-a-session" in site.database.read_bytes()
    assert b"secret-of-a-session" not in database


def test_a_backup_says_what_it_holds(site: Place, good: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        manifest = Manifest.from_json(archive.read("manifest.json"))
    assert manifest.rows["archive_issue"] == 2
    assert ("archive", "0001_initial") in manifest.migrations
    assert {member.name: member.size for member in manifest.members} == {
        "db.sqlite3": manifest.members[0].size,
        **{f"media/{name}": len(content) for name, content in site.files().items()},
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (manifest.version, manifest.missing) == (project["version"], ())


def test_a_figure_that_was_lost_before_is_named_and_the_rest_is_saved(
    site: Place, empty: Place, tmp_path: Path
) -> None:
    name = Figure.objects.earliest("pk").image.name
    (site.media / str(name)).unlink()
    assert site.backup(tmp_path / "b.zip").missing == (name,)
    assert empty.restore(tmp_path / "b.zip").missing == (name,)
    assert empty.tables() == site.tables()


def test_a_file_that_is_there_is_not_overwritten(site: Place, good: Path) -> None:
    before = good.read_bytes()
    with pytest.raises(BackupError, match="is there already: choose another name"):
        site.backup(good)
    assert good.read_bytes() == before


LIVES_ON = """
import sys, time
from pathlib import Path
from config.backups.drafts import draft_folder
with draft_folder(Path(sys.argv[1])) as folder:
    (folder / "1.zip").write_bytes(bytes(1000))
    (folder / "1.sqlite3").write_bytes(bytes(1000))
    print("writes", flush=True)
    time.sleep(600)
"""


@contextmanager
def another_backup(target: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a process that is in the middle of a backup to `target`."""
    with subprocess.Popen(
        [sys.executable, "-c", LIVES_ON, target], cwd=ROOT, stdout=subprocess.PIPE
    ) as other:
        try:
            assert other.stdout
            assert other.stdout.readline() == b"writes\n"
            yield other
        finally:
            other.kill()


def test_what_a_killed_backup_left_is_removed_and_what_a_living_one_writes_is_not(
    site: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    mine = folder / ".notes.draft-of-mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("somebody else's")

    def drafts() -> list[Path]:
        return [path for path in folder.iterdir() if path.is_dir() and path != mine]

    with another_backup(folder / "a.zip"), another_backup(folder / "b.zip") as killed:
        living, dead = sorted(drafts())
        killed.kill()
        killed.wait()
        assert {path.name for path in dead.iterdir()} == {"1.zip", "1.sqlite3", "lock"}
        site.backup(folder / "c.zip")
        assert drafts() == [living]
        assert {path.name for path in living.iterdir()} == {"1.zip", "1.sqlite3", "lock"}
    site.backup(folder / "d.zip")
    assert sorted(path.name for path in folder.iterdir()) == [mine.name, "c.zip", "d.zip"]
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]


def test_a_draft_whose_process_was_killed_before_it_had_a_lock_is_removed(
    site: Place, tmp_path: Path
) -> None:
    (tmp_path / ".a.zip.draft-12345678").mkdir()
    site.backup(tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir() if "draft" in path.name] == []


def test_a_damaged_database_is_not_backed_up_as_a_good_one(site: Place, tmp_path: Path) -> None:
    content = bytearray(site.database.read_bytes())
    content[4096 * 3 : 4096 * 8] = bytes(4096 * 5)
    site.database.write_bytes(content)
    with pytest.raises(BackupError):
        site.backup(tmp_path / "b.zip")
    assert not list(tmp_path.glob("*b.zip*"))
    assert not list(tmp_path.glob(".b.zip*"))


@pytest.mark.parametrize("there", ["db.sqlite3", "media/figures/a.png", "index/CURRENT", "notes.txt"])
def test_nothing_is_restored_over_what_is_there(empty: Place, good: Path, there: str) -> None:
    path = empty.directory / there
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(BackupError, match=f"is not empty \\(it holds {there.split('/')[0]}\\)"):
        empty.restore(good)
    assert [file for file in empty.directory.rglob("*") if file.is_file()] == [path]
    assert path.read_text() == "mine"


def test_the_commands_name_what_they_can_not_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no database to back up"):
        call_command("backup", tmp_path / "b.zip")  # the tests' own database is in memory
    with pytest.raises(CommandError, match=r"is not empty|can not be read"):
        call_command("restore", tmp_path / "nowhere.zip")
