"""Lines of the log as JSON, where LOG_FORMAT says so."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.server

SAYS = """
import logging, django
django.setup()
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("trail").exception("what=%s name=\\"%s\\"", "login_failed", "王")
"""


def said(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "XWK_DATA_DIR": str(tmp_path),
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-c", SAYS], cwd=ROOT, env=given, capture_output=True, encoding="utf-8", check=False
    )


def test_every_line_is_an_object_that_says_what_the_line_said(tmp_path: Path) -> None:
    lines = said(tmp_path, LOG_FORMAT="json").stderr.splitlines()
    assert len(lines) == 1
    assert "王" in lines[0]
    found = json.loads(lines[0])
    assert (found["level"], found["logger"]) == (logging.getLevelName(logging.ERROR), "trail")
    assert found["message"] == 'what=login_failed name="王"'
    assert found["time"][10] == "T"
    assert "ZeroDivisionError" in found["exc_info"]


def test_another_format_is_refused_in_words(tmp_path: Path) -> None:
    done = said(tmp_path, LOG_FORMAT="xml")
    assert done.returncode == 1
    assert "xml: use plain or json." in done.stderr
