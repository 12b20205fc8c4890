"""A backup holds all of an archive and nothing else, and only a sound one is restored, into an empty place."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from archive.figures import NewFiles
from archive.images import prepare_image
from archive.models import Article, Figure, Issue
from config.backups.making import make_backup
from config.backups.manifest import BackupError, Manifest, Member
from config.backups.restoring import restore_backup
from tests.archive.makers import image_bytes
from tests.conftest import ROOT
from tests.writing import create

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("postgres" in settings.DATABASES["default"]["ENGINE"], reason="copies an SQLite file"),
]


@dataclass(frozen=True)
class Place:
    """The paths of an archive."""

    directory: Path

    @property
    def database(self) -> Path:
        return self.directory / "db.sqlite3"

    @property
    def media(self) -> Path:
        return self.directory / "media"

    def backup(self, target: Path) -> Manifest:
        return make_backup(self.database, self.media, target)

    def restore(self, file: Path) -> Manifest:
        return restore_backup(file, self.directory, self.database, self.media)

    def tables(self) -> dict[str, list[Any]]:
        """Returns every row of every table except sessions."""
        with closing(sqlite3.connect(self.database)) as database:
            names = [
                name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            return {
                name: database.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()  # noqa: S608
                for name in names
                if name not in ("django_session", "sqlite_sequence")
            }

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.media)): path.read_bytes()
            for path in self.media.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def site(db: None, tmp_path: Path) -> Place:
    """An archive on disk: two issues, a draft among them, with two figures and a session."""
    for day, status in (("2025-03-21", "published"), ("2025-03-28", "draft")):
        issue = create(Issue, title="周报", start_date=day, end_date=day, status=status)
        article = create(Article, issue=issue, position=1, title="有图", body="<p>正文</p>")
        image = prepare_image(image_bytes(colour="red" if status == "draft" else "blue"))
        figure = Figure(article=article, sha256=image.sha256, image_format="png", width=40, height=30)
        NewFiles().store(figure, image.data)
        figure.save()
    Session.objects.create(session_key="secret-of-a-session", session_data="x", expire_date=timezone.now())
    place = Place(tmp_path / "site")
    place.directory.mkdir()
    shutil.copytree(settings.MEDIA_ROOT, place.media)
    place.database.write_bytes(connection.connection.serialize())
    (place.directory / "index").mkdir()
    (place.directory / "index" / "CURRENT").write_text("a generation")
    (place.directory / "secret_key").write_text("key of the site")
    return place


@pytest.fixture
def empty(tmp_path: Path) -> Place:
    (tmp_path / "empty").mkdir()
    return Place(tmp_path / "empty")


@pytest.fixture
def good(site: Place, tmp_path: Path) -> Path:
    site.backup(tmp_path / "good.zip")
    return tmp_path / "good.zip"


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
    assert (manifest.version, manifest.missing) == ("0.1.0", ())


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


# --- Backups that nobody should trust --------------------------------------------------------------------


class Forger:
    """The parts of a good backup, to be changed and written again with a manifest that agrees."""

    def __init__(self, good: Path) -> None:
        with zipfile.ZipFile(good) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.manifest = Manifest.from_json(self.parts.pop("manifest.json"))
        self.entries: list[zipfile.ZipInfo] = []

    def agree(self) -> None:
        members = [
            Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in self.parts.items()
        ]
        self.manifest = replace(self.manifest, members=tuple(members))

    def change_database(self, *statements: str) -> None:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(self.parts["db.sqlite3"])
            for statement in statements:
                database.execute(statement)
            database.commit()
            self.parts["db.sqlite3"] = database.serialize()
        self.agree()

    def write(self, path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                archive.writestr(name, data)
            for entry in self.entries:
                archive.writestr(entry, b"../secret_key")
            archive.writestr("manifest.json", self.manifest.to_json())


def add(name: str, data: bytes = b"x") -> Callable[[Forger], None]:
    def change(forger: Forger) -> None:
        forger.parts[name] = data
        forger.agree()

    return change


def symlink(forger: Forger) -> None:
    entry = zipfile.ZipInfo("media/link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    forger.entries.append(entry)
    link = Member("media/link", 13, hashlib.sha256(b"../secret_key").hexdigest())
    forger.manifest = replace(forger.manifest, members=(*forger.manifest.members, link))


def without_agreement(forger: Forger) -> None:
    forger.parts["media/more"] = b"x"


def loses_a_figure(forger: Forger) -> None:
    del forger.parts[next(name for name in forger.parts if name.startswith("media"))]


def other_bytes(forger: Forger) -> None:
    name = next(name for name in forger.parts if name.startswith("media"))
    forger.parts[name] = forger.parts[name][:-1] + b"?"


def from_the_future(forger: Forger) -> None:
    forger.manifest = replace(forger.manifest, version="9.0")
    forger.change_database(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('archive', '0999_x', '2030-01-01')"
    )
    forger.manifest = replace(
        forger.manifest,
        rows={**forger.manifest.rows, "django_migrations": forger.manifest.rows["django_migrations"] + 1},
    )


def trigger(forger: Forger) -> None:
    forger.change_database("CREATE TRIGGER t AFTER DELETE ON auth_user BEGIN DELETE FROM archive_issue; END")


def view(forger: Forger) -> None:
    forger.change_database("CREATE VIEW v AS SELECT * FROM auth_user")


def other_rows(forger: Forger) -> None:
    forger.change_database("DELETE FROM archive_figure")


def no_database(forger: Forger) -> None:
    del forger.parts["db.sqlite3"]
    forger.agree()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (add("../evil"), r"holds '\.\./evil', which no backup has"),
        (add("media/../../evil"), r"which no backup has"),
        (add("/etc/evil"), r"holds '/etc/evil', which no backup has"),
        (add("media/a\\..\\evil"), "which no backup has"),
        (add("media/c:evil"), "which no backup has"),
        (add("media/a\nb"), "which no backup has"),
        (add("media/./a"), "which no backup has"),
        (add("media//a"), "which no backup has"),
        (add("index/20250101/MAIN_1.toc", b"\x80\x04cos\nsystem\n"), "holds 'index/.*', which no backup has"),
        (add("secret_key"), "holds 'secret_key', which no backup has"),
        (add("media/bomb", bytes(4 * 1024**2)), "would unpack to 4194304 bytes: a bomb"),
        (symlink, "holds 'media/link', which is no plain file"),
        (without_agreement, r"does not hold what its manifest\.json names"),
        (loses_a_figure, r"does not hold what its manifest\.json names"),
        (other_bytes, "holds a damaged 'media/"),
        (
            from_the_future,
            r"made by version 9\.0, with the migration archive\.0999_x .* install that version",
        ),
        (trigger, "holds a database with the trigger 't'"),
        (view, "holds a database with the view 'v'"),
        (other_rows, "holds another number of rows than it says"),
        (no_database, r"holds no db\.sqlite3"),
        (add("db.sqlite3", b"no database at all" * 100), "holds a database that can not be read"),
    ],
)
def test_a_backup_that_was_tampered_with_is_refused_and_leaves_nothing(
    empty: Place, good: Path, tmp_path: Path, change: Callable[[Forger], None], said: str
) -> None:
    forger = Forger(good)
    change(forger)
    forger.write(tmp_path / "bad.zip")
    with pytest.raises(BackupError, match=said) as refused:
        empty.restore(tmp_path / "bad.zip")
    assert str(tmp_path / "bad.zip") in str(refused.value)
    assert list(empty.directory.iterdir()) == []
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "no backup of this application"),
        ([], "no backup of this application"),
        (
            {"application": "xinwenku", "format": 2, "version": "3.0"},
            r"is of format 2 .* restore it with version 3\.0",
        ),
        ({"application": "xinwenku", "format": 1, "version": "1"}, "no backup of this application"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(empty: Place, tmp_path: Path, content: Any, said: str) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(content))
    with pytest.raises(BackupError, match=said):
        empty.restore(tmp_path / "bad.zip")
    assert list(empty.directory.iterdir()) == []


def test_a_file_that_is_cut_short_flipped_or_no_zip_is_refused(
    empty: Place, good: Path, tmp_path: Path
) -> None:
    content = good.read_bytes()
    bad = tmp_path / "bad.zip"
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    for damaged in (content[:-100], content[: len(content) // 2], content[100:], bytes(flipped), b"PK", b""):
        bad.write_bytes(damaged)
        with pytest.raises(BackupError):
            empty.restore(bad)
        assert list(empty.directory.iterdir()) == []
    with pytest.raises(BackupError, match="can not be read"):
        empty.restore(tmp_path / "nowhere.zip")


def test_a_zip_that_gives_more_than_it_says_is_stopped(empty: Place, good: Path, tmp_path: Path) -> None:
    """The size in the zip's directory is wrong: the manifest agrees with it, the data does not."""
    name = next(name for name in Forger(good).parts if name.startswith("media"))
    forger = Forger(good)
    size = len(forger.parts[name])
    forger.parts[name] *= 1000
    forger.write(tmp_path / "bad.zip")
    content = (tmp_path / "bad.zip").read_bytes()
    claimed = (size * 1000).to_bytes(4, "little")
    assert content.count(claimed) == 2
    (tmp_path / "bad.zip").write_bytes(content.replace(claimed, size.to_bytes(4, "little")))
    with pytest.raises(BackupError):
        empty.restore(tmp_path / "bad.zip")
    assert list(empty.directory.iterdir()) == []


def test_the_commands_name_what_they_can_not_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no database to back up"):
        call_command("backup", tmp_path / "b.zip")  # the tests' own database is in memory
    with pytest.raises(CommandError, match=r"is not empty|can not be read"):
        call_command("restore", tmp_path / "nowhere.zip")
