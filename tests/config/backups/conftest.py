"""An archive on disk, an empty place, and a good backup."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from archive.figures import NewFiles
from archive.images import prepare_image
from archive.models import Article, Figure, Issue
from config.backups.making import make_backup
from config.backups.manifest import Manifest
from config.backups.sqlite import SQLite
from config.backups.unpacking import restore_backup
from config.media.folder import FolderMedia
from tests.archive.makers import image_bytes
from tests.writing import create


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

    @property
    def store(self) -> FolderMedia:
        return FolderMedia(location=self.media)

    def backup(self, target: Path) -> Manifest:
        return make_backup(SQLite(self.database), self.store, target)

    def restore(self, file: Path) -> Manifest:
        return restore_backup(file, self.directory, SQLite(self.database), self.store)

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
        NewFiles().store(Figure(article=article), image, "")
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
