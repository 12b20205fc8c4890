"""The zone of the machine decides nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.server

ASK = """
import django; django.setup()
from django.core.management import call_command
from search.results.request import SearchRequest
from search.results.service import find
import sys
from tests.writing import create
if sys.argv[1] == "make":
    call_command("migrate", verbosity=0)
    from archive.models import Article, Issue
    for day in ("2025-03-07", "2025-03-08", "2025-03-09", "2025-03-10", "2025-11-02", "2025-12-31", "2026-01-01"):
        issue = create(Issue, title=day, start_date=day, end_date=day, status="published")
        create(Article, issue=issue, position=1, title=day, body="<p>芯片</p>")
for q in ("year:2025", "after:2025-03-08", "before:2025-03-09", "2025Q1", "2025年12月", "issue:2026-01-01"):
    print(q, sorted(hit.article.title for hit in find(SearchRequest(q)).results))
"""


def test_the_zone_of_the_machine_changes_no_answer(tmp_path: Path) -> None:
    """Stock filters by the clock of the zone that a moment was written in."""
    answers = set()
    for zone in ("Asia/Shanghai", "America/Los_Angeles"):
        done = subprocess.run(
            [sys.executable, "-c", ASK, "make" if not answers else "ask"],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "TZ": zone,
                "PYTHONUTF8": "1",
                "XWK_DATA_DIR": str(tmp_path),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        answers.add(done.stdout)
    [answer] = answers
    assert (
        "year:2025 ['2025-03-07', '2025-03-08', '2025-03-09', '2025-03-10', '2025-11-02', '2025-12-31']"
        in answer
    )
    assert "2025年12月 ['2025-12-31']" in answer
