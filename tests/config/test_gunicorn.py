"""gunicorn.conf.py reads `.env` as the settings do, and gives all processes of a server one folder to count in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.server

SAYS = "import os, runpy; found = runpy.run_path(os.path.abspath('gunicorn.conf.py')); print(found['bind'], found['workers'], os.environ.get('PROMETHEUS_MULTIPROC_DIR'))"


def said(folder: Path, **environment: str) -> list[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("HOST", "PORT", "WEB_CONCURRENCY", "XWK_DATA_DIR")
    }
    done = subprocess.run(
        [sys.executable, "-c", SAYS],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_what_stands_in_the_file_counts_and_dead_counts_are_removed(tmp_path: Path) -> None:
    shutil.copy(ROOT / "gunicorn.conf.py", tmp_path)
    data = tmp_path / "data"
    (tmp_path / ".env").write_text(f"XWK_DATA_DIR={data}\nPORT=8123\nWEB_CONCURRENCY=5\n", encoding="utf-8")
    assert said(tmp_path, WEB_CONCURRENCY="1") == [
        "127.0.0.1:8123",
        "1",
        "None",
    ]  # there is no data directory yet
    assert not data.exists()

    living, dead = data / "metrics" / str(os.getpid()), data / "metrics" / "999999999"
    for folder in (living, dead):
        folder.mkdir(parents=True)
    bind, workers, counts = said(tmp_path)
    assert (bind, workers) == ("127.0.0.1:8123", "5")
    assert sorted(data.glob("metrics/*")) == sorted([living, Path(counts)])
    assert Path(counts).stat().st_mode & 0o777 == 0o700
