"""Importing the settings writes nothing; `set_up` makes the key, and nothing is served without one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.secret_key import make_secret_key, read_secret_key
from tests.conftest import ROOT
from tests.tiers import nightly

pytestmark = pytest.mark.server

REMEDY = "manage.py set_up"


def run(data: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "SECRET_KEY"))}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "config.settings", "XWK_DATA_DIR": str(data), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import django; django.setup()"],
        nightly(["manage.py", "check"]),
        ["manage.py", "makemigrations", "--check", "--dry-run", "-v0"],
    ],
    ids=lambda command: command[1],
)
def test_what_needs_no_key_works_without_one_and_makes_nothing(tmp_path: Path, command: list[str]) -> None:
    done = run(tmp_path / "data", *command, DATABASE_URL="sqlite://:memory:")
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_migrate_makes_the_data_directory_and_no_key(tmp_path: Path) -> None:
    done = run(tmp_path / "new" / "data", "manage.py", "migrate", "-v0")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "new" / "data" / "secret_key").exists()


@pytest.mark.parametrize(
    "command",
    [
        nightly(["manage.py", "check", "--deploy"]),
        nightly(["manage.py", "runserver", "--noreload", "127.0.0.1:0"]),
        ["-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:0"],
    ],
    ids=lambda command: command[1],
)
def test_serving_without_a_key_is_refused_with_what_helps(tmp_path: Path, command: list[str]) -> None:
    done = run(tmp_path, *command, DATABASE_URL="sqlite://:memory:")
    assert done.returncode != 0
    assert REMEDY in done.stdout + done.stderr
    assert not (tmp_path / "secret_key").exists()


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    assert read_secret_key(path) == ""
    make_secret_key(path)
    key = read_secret_key(path)
    make_secret_key(path)
    assert read_secret_key(path) == key
    assert len(key) >= 50
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "set_up"],
        nightly(["manage.py", "run_worker"]),
        ["-c", "import config.wsgi"],
    ],
    ids=lambda command: command[-1],
)
def test_a_database_of_several_hosts_needs_a_key_that_is_set(tmp_path: Path, command: list[str]) -> None:
    """A host that made one for itself would refuse the cookies of the others. Nobody is asked: the server is not there."""
    (tmp_path / "secret_key").write_text("made by this host")
    done = run(tmp_path, *command, DATABASE_URL="postgres://u:p@127.0.0.1:1/db")
    assert done.returncode == 1
    assert "SECRET_KEY is not set, and the database is one that several hosts may share" in done.stderr
    assert f"set it to what is in {tmp_path / 'secret_key'}" in done.stderr
