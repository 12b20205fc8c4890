"""Figures that are in a bucket go into a backup, and come out of one into a bucket or a folder."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from config.backups.making import make_backup
from config.backups.manifest import BackupError
from config.backups.sqlite import SQLite
from config.backups.unpacking import restore_backup
from config.media.moving import move
from config.media.store import Media, media_at
from tests.cluster.s3 import Server
from tests.config.backups.conftest import Place

pytestmark = pytest.mark.cluster


@pytest.fixture
def bucket(s3_server: Server) -> Media:
    """An empty place in a bucket."""
    return media_at(s3_server.url(prefix=uuid.uuid4().hex))


def contents(media: Media) -> dict[str, bytes]:
    return {name: media.open(name).read() for name in media.names()}


def test_a_backup_holds_the_figures_of_a_bucket_and_is_restored_into_another_one(
    site: Place, bucket: Media, empty: Place, s3_server: Server, tmp_path: Path
) -> None:
    files = site.files()
    assert [moved.is_new for moved in move(site.store, bucket)] == [True] * len(files)
    shutil.rmtree(site.media)
    file = tmp_path / "good.zip"
    manifest = make_backup(SQLite(site.database), bucket, file)
    assert (len(manifest.members), manifest.missing) == (1 + len(files), ())
    other = media_at(s3_server.url(prefix=uuid.uuid4().hex))
    restore_backup(file, empty.directory, SQLite(empty.database), other)
    assert contents(other) == files
    assert empty.tables() == site.tables()
    assert not empty.media.exists()


def test_a_backup_of_a_bucket_is_restored_into_a_folder(
    site: Place, bucket: Media, empty: Place, tmp_path: Path
) -> None:
    [*_] = move(site.store, bucket)
    make_backup(SQLite(site.database), bucket, tmp_path / "good.zip")
    empty.restore(tmp_path / "good.zip")
    assert empty.files() == site.files()


def test_figures_that_are_there_already_stay_and_others_of_their_names_are_refused(
    site: Place, good: Path, bucket: Media, empty: Place
) -> None:
    names = [*site.store.names()]
    [*_] = move(site.store, bucket)  # the database was lost, and not the bucket
    restore_backup(good, empty.directory, SQLite(empty.database), bucket)
    assert contents(bucket) == site.files()
    bucket.delete(names[0])
    bucket.save(names[1], ContentFile(b"of another archive"))
    again = Place(empty.directory.parent / "again")
    again.directory.mkdir()
    with pytest.raises(BackupError, match=f"{names[1]} is in s3://figures/.* with another content"):
        restore_backup(good, again.directory, SQLite(again.database), bucket)
    assert [*again.directory.iterdir()] == []
    assert contents(bucket) == {names[1]: b"of another archive"}, "what was stored is taken back"


def test_without_its_bucket_no_backup_is_made(site: Place, s3_server: Server, tmp_path: Path) -> None:
    media = media_at(s3_server.url(bucket="another-bucket"))
    with pytest.raises(BackupError, match=r"the bucket 'another-bucket' at .* is not there: make it"):
        make_backup(SQLite(site.database), media, tmp_path / "none.zip")
    assert [path.name for path in tmp_path.iterdir() if "none" in path.name] == []
