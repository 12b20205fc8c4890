"""An archive of earlier code is brought up to date, whatever state its tables had and whenever it is interrupted.

There is no released version yet. What there was before is made from the migrations: tables as they were then, with
data in them, and beside them an index that other code built and that holds other articles than the archive.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WEEKS
from tests.server.site import ROOT, Site
from tests.tiers import thinned

FIRST, SECOND = sorted(WEEKS.iterdir())[:2]
NEVER = "zero"
ARTICLE_COLUMNS = 5
THEN = {
    "issues and articles alone": {
        "insight": NEVER,
        "desk": NEVER,
        "search": NEVER,
        "glossary": NEVER,
        "archive": "0001",
    },
    "with glossary and index": {"insight": NEVER, "desk": NEVER, "search": "0001", "archive": "0002"},
    "with versions of issues": {"insight": NEVER, "desk": NEVER, "archive": "0003"},
}
"""Rooms as they were made, one after the other: the last migration of each that there was."""
PREPARE = f"""
import shutil
from dataclasses import replace
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from search.engines.registry import current_engine
from search.indexing import sync
call_command("migrate", verbosity=0)
call_command("import_issues", {str(FIRST)!r}, publish=True, verbosity=0)
sync.rebuild()
index, kept = settings.DATA_DIR / "index", settings.DATA_DIR / "kept"
shutil.copytree(index, kept)
call_command("import_issues", {str(SECOND)!r}, publish=True, verbosity=0)
shutil.rmtree(index)
kept.rename(index)
for generation in current_engine().generations.candidates():
    replace(generation.manifest, version="older").write(generation.path)
"""
GO_BACK = """
from django.core.management import call_command
for app, name in {then}.items():
    call_command("migrate", app, name, verbosity=0)
"""
MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
SET_UP = """
from django.core.management import call_command
call_command("set_up")
call_command("check_index")
"""
ASK = """
import json
from archive.models import Article
from search.results.request import SearchRequest
from search.results.service import find
found = [find(SearchRequest(f'title:"{title}"')) for title in Article.objects.published().values_list("title", flat=True)]
print(json.dumps([len(found), sum(f.total > 0 for f in found), sum(bool(f.notice) for f in found)]))
"""


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An archive of two weeks, beside an index of other code that knows one of them."""
    site = Site.in_folder(tmp_path_factory.mktemp("today") / "data")
    site.run_python(PREPARE)
    return site


def in_the_tables_of(then: str, today: Site, folder: Path) -> Site:
    site = today.copy_to(folder)
    site.run_python(GO_BACK.format(then=THEN[then]))
    return site


def content(site: Site) -> list[Any]:
    """Returns what editors wrote, from columns that every version has."""
    with closing(sqlite3.connect(site.data / "db.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        return [
            *database.execute(
                "SELECT id, title, slug, start_date, end_date, status FROM archive_issue ORDER BY id"
            ),
            *database.execute("SELECT id, issue_id, position, title, body FROM archive_article ORDER BY id"),
        ]


def applied(site: Site) -> int:
    with closing(sqlite3.connect(site.data / "db.sqlite3", timeout=20)) as database:
        return int(database.execute("SELECT count(*) FROM django_migrations").fetchone()[0])


def migrate_until_killed(site: Site) -> int:
    """Starts `migrate`, and kills it when one more migration than before is applied. Returns its exit code."""
    before = applied(site)
    migrating = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        cwd=ROOT,
        env=site._environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while migrating.poll() is None and applied(site) == before:
        time.sleep(0.002)
    migrating.kill()
    return migrating.wait()


@pytest.mark.parametrize("then", thinned(THEN, every=3))
def test_it_is_brought_up_to_date_and_answers_rightly_from_the_first_moment(
    today: Site, then: str, tmp_path: Path
) -> None:
    old = in_the_tables_of(then, today, tmp_path / "old")
    before, there = content(old), applied(old)
    articles = sum(len(row) == ARTICLE_COLUMNS for row in before)
    printed = old.run_python(MIGRATE + ASK)
    assert printed.split("\n")[-2] == f"[{articles}, {articles}, {articles}]"  # from the database, and said
    assert applied(old) > there
    printed = old.run_python(SET_UP + ASK)
    assert "The search index was built." in printed
    assert "The index and the archive are equal" in printed
    assert printed.split("\n")[-2] == f"[{articles}, {articles}, 0]"  # from an index of today
    assert content(old) == before


@pytest.mark.nightly
def test_an_upgrade_that_is_killed_in_the_middle_goes_on_when_it_is_run_again(
    today: Site, tmp_path: Path
) -> None:
    old = in_the_tables_of("issues and articles alone", today, tmp_path / "old")
    before = content(old)
    assert [migrate_until_killed(old) for _ in range(2)] == [-signal.SIGKILL] * 2
    assert content(old) == before
    old.manage("set_up")
    assert content(old) == before
    with old.served() as site:
        [*_, article] = before
        assert site.get(f"/articles/{article[0]}/").status == 200
        assert site.search(f'title:"{article[3]}"')["total"] == 1
    assert "equal" in old.manage("check_index")
    assert "Traceback" not in old.log
