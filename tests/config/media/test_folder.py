"""Figures in a folder: whole or not at all, and moved to another one to the last byte."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from archive.figures import NewFiles
from archive.images import prepare_image
from archive.models import Article, Figure
from config.media.folder import FolderMedia
from config.write_errors import FULL, write_error_of
from tests.archive.makers import image_bytes
from tests.conftest import ROOT, WeekMaker


@pytest.fixture
def here(settings: Settings, tmp_path: Path) -> FolderMedia:
    """The site's own folder."""
    settings.MEDIA_ROOT = tmp_path / "here"
    return FolderMedia(location=tmp_path / "here")


@pytest.fixture
def figures(here: FolderMedia, make_issue: WeekMaker) -> list[Figure]:
    """Two figures of a published article, of which it shows the first."""
    make_issue({"台积电扩产": "先进封装产能翻倍。"})
    article = Article.objects.get()
    made = []
    for colour in ("red", "blue"):
        figure = Figure(article=article)
        NewFiles().store(figure, prepare_image(image_bytes(colour=colour)), "")
        made.append(figure)
    Article.objects.filter(pk=article.pk).update(body=f'<p>图</p><img src="{made[0].get_absolute_url()}">')
    return made


class _Interrupted(File[Any]):
    """A file of which the second part never comes."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half of"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_that_could_not_be_written_whole_is_not_there(here: FolderMedia) -> None:
    with pytest.raises(OSError, match="No space left") as full:
        here.save("figures/ab/ab.png", _Interrupted(io.BytesIO(b""), "x"))
    assert not here.exists("figures/ab/ab.png")
    assert [*here.names()] == []
    assert [path for path in here.folder.rglob("*") if path.is_file()] == [], (
        "no draft takes what room there is"
    )
    assert write_error_of(full.value) is FULL


def test_a_second_file_of_a_name_takes_another(here: FolderMedia) -> None:
    first = here.save("figures/ab/ab.png", ContentFile(b"one"))
    second = here.save("figures/ab/ab.png", ContentFile(b"two"))
    assert first == "figures/ab/ab.png" != second
    assert (here.open(first).read(), here.open(second).read()) == (b"one", b"two")
    assert {path.name[0] for path in Path(here.folder).rglob("*") if path.is_file()} == {"a"}, (
        "no draft is left"
    )


def test_names_are_those_of_files_and_of_nothing_else(here: FolderMedia) -> None:
    for name in ("b/2.png", "a/1.png", "a/.draft"):
        path = here.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (here.folder / "a" / "link.png").symlink_to("1.png")
    assert [*here.names()] == ["a/1.png", "b/2.png"]
    assert [*FolderMedia(location=here.folder / "none").names()] == []


def test_figures_are_moved_and_what_is_there_is_not_copied_again(
    here: FolderMedia, figures: list[Figure], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"file://{tmp_path}/there"
    call_command("move_media", url, dry_run=True)
    assert "2 files" in (said := capsys.readouterr().out)
    assert "2 of them not in" in said
    assert not (tmp_path / "there").exists()
    call_command("move_media", url)
    assert "Moved: 2 files" in (said := capsys.readouterr().out)
    assert "2 of them copied now" in said
    there = FolderMedia(location=tmp_path / "there")
    assert [*there.names()] == [*here.names()] == sorted(figure.image.name for figure in figures)
    damaged = tmp_path / "there" / figures[0].image.name
    damaged.write_bytes(damaged.read_bytes()[:-1])  # what a broken copy by other means leaves
    call_command("move_media", url)
    assert "1 of them copied now" in capsys.readouterr().out
    assert damaged.read_bytes() == (here.folder / figures[0].image.name).read_bytes()


def test_a_move_says_which_figures_are_lost(
    here: FolderMedia, figures: list[Figure], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here.folder / figures[1].image.name).unlink()
    call_command("move_media", f"file://{tmp_path}/there")
    told = capsys.readouterr()
    assert "Moved: 1 files" in told.out
    assert (
        f"1 files that the database names are not in {here} either, {figures[1].image.name} first" in told.err
    )


ADOPTED = """
mount -t tmpfs none there
python -c '
from pathlib import Path
from config.media.folder import FolderMedia
there = FolderMedia(location=Path("there").absolute())
take_back = there.adopt(Path("files"))
print([*there.names()], (there.folder / "figures" / "1.png").read_text())
take_back()
print([*there.names()])
'
"""


def test_figures_are_restored_to_where_a_disk_is_mounted_and_taken_back(tmp_path: Path) -> None:
    namespace = ["unshare", "--map-root-user", "--mount", "sh", "-e", "-c"]
    if subprocess.run([*namespace, "mount -t tmpfs none /mnt"], check=False, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    for folder in ("there", "files/figures"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "files" / "figures" / "1.png").write_text("picture", encoding="ascii")
    done = subprocess.run(
        [*namespace, ADOPTED],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        },
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.stdout, done.stderr) == ("['figures/1.png'] picture\n[]\n", "")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file://{here}", "is where the figures are already"),
        ("s3://k:secret@figures?endpoint=x", "TARGET_URL='s3://…@figures"),
        ("s3://k:secret@figures?endpoint=http://127.0.0.1:9", "the bucket 'figures' at http://127.0.0.1:9 does not answer"),
    ],
)  # fmt: skip
def test_where_figures_can_not_go_is_said_before_anything_is_moved(
    here: FolderMedia, figures: list[Figure], url: str, said: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("move_media", url.format(here=here.folder))
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_bucket_that_does_not_answer_leaves_pages_and_says_so(
    figures: list[Figure], settings: Settings, admin_client: Client
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "config.media.s3.S3Media",
            "OPTIONS": {
                "bucket_name": "figures", "endpoint_url": "http://127.0.0.1:9", "region_name": "us-east-1",
                "access_key": "k", "secret_key": "secret", "addressing_style": "path",
            },
        },
    }  # fmt: skip
    assert "台积电扩产" in admin_client.get(Article.objects.get().get_absolute_url()).text
    answer = admin_client.get(figures[0].get_absolute_url())
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    ready = admin_client.get("/readyz")
    assert "the bucket 'figures' at http://127.0.0.1:9 does not answer" in ready.json()["figures"]
    assert "存放图片的地方出了问题" in admin_client.get(reverse("admin:index")).text
