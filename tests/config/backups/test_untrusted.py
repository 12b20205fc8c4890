"""Only a sound backup is restored: one that nobody should trust leaves nothing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.backups.manifest import BackupError, Manifest, Member
from tests.config.backups.conftest import Place

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("postgres" in settings.DATABASES["default"]["ENGINE"], reason="copies an SQLite file"),
]


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
        (no_database, r"holds no database, or two"),
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
