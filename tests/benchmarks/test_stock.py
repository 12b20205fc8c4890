"""The stock stack that we are measured beside can still be set up: our rooms change, and it is run seldom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.server

INDEX_AND_ASK = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("import_issues", "fixtures/weeks/2025-01-10.txt", publish=True, verbosity=0)
call_command("rebuild_index", interactive=False, verbosity=0)
page = Client(SERVER_NAME="127.0.0.1").get("/search/", {"q": "芯片"})
print(page.status_code, "/articles/" in page.text)
"""


def test_it_indexes_the_archive_and_answers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.stock.settings",
        "XWK_DATA_DIR": str(data),
        "SECRET_KEY": "only-for-tests",
    }
    done = subprocess.run(
        [sys.executable, "-c", INDEX_AND_ASK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["200 True"]), done.stderr
