"""Processes that die, full disks, two machines: nothing is lost, nothing is surplus, nobody gets an error."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from filelock import FileLock, Timeout

from archive.models import Article, Issue
from search.engines.registry import current_engine
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import ROOT, WeekMaker
from tests.search.stock import lose_documents
from tests.writing import create, delete, delete_all, save, update

pytestmark = pytest.mark.server


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "SECRET_KEY"))}
    return {
        **kept,
        "XWK_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUTF8": "1",
        **more,
    }


def run(folder: Path, code: str, **more: str) -> str:
    """Runs code with Django set up, in a process of its own, and returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{textwrap.dedent(code)}"],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


COUNT = """
from search.results.request import SearchRequest
from search.results.service import find
print(find(SearchRequest("铠侠")).total, find(SearchRequest("铠侠")).notice != "")
"""
MAKE = """
from archive.models import Article, Issue
from tests.writing import create
issue = create(Issue, title="周报", start_date="2025-03-21", end_date="2025-03-21", status="published")
create(Article, issue=issue, position=1, title="铠侠上市", body="<p>铠侠。</p>")
create(Article, issue=issue, position=2, title="铠侠扩产", body="<p>铠侠。</p>")
"""


@pytest.mark.nightly
def test_two_machines_that_share_a_database_each_follow_it(tmp_path: Path) -> None:
    """One that deleted the changes it has indexed would take them from the other."""
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'shared.sqlite3'}"}
    first, second = tmp_path / "first", tmp_path / "second"
    update = "from django.core.management import call_command; call_command('update_index', verbosity=0)\n"
    migrate = "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
    drained = "from search.indexing import sync; print(sync.drain(), sync.drain())\n"
    run(first, migrate + MAKE, **database)
    assert run(second, update + COUNT, **database) == "2 False"
    shell = "from archive.models import *; from tests.writing import *\n"
    assert run(first, f"{shell}delete(Article.objects.get(position=1))\n{COUNT}", **database) == "1 False"
    # The second hides it before its index knows, and its index still comes to know.
    withdraw = f"{shell}update(Issue.objects.all(), status='draft')\n"
    assert (
        run(second, COUNT + drained + COUNT + withdraw, **database) == "1 False\n2 0\n1 False"
    )  # the other moved up
    assert run(first, COUNT + drained + COUNT, **database) == "0 False\n1 0\n0 False"


# --- While something else goes on ----------------------------------------------------------------------


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue({f"第{number}条": f"共同，独有{number}。" for number in range(1, 31)})


def total(query: str) -> int:
    found = find(SearchRequest(query))
    assert found is not None
    assert found.notice == ""
    return found.total


@pytest.mark.django_db(transaction=True)
def test_what_changes_during_a_rebuild_is_in_the_new_generation(issue: Issue) -> None:
    """Saved and withdrawn while the archive is read, searched meanwhile, and found when the new one goes live."""
    first = issue.articles.get(position=1)
    gone = issue.articles.get(position=2)
    totals = []

    def meanwhile(articles: object, number: int) -> Iterator[Article]:
        for place, article in enumerate(articles):  # type: ignore[arg-type, var-annotated]
            yield article
            if place == 10:
                first.title, first.body = "铠侠上市", "<p>铠侠。</p>"
                save(first)
                delete(gone)
                create(Article, issue=issue, position=99, title="新铠侠", body="<p>共同。</p>")
                totals.extend([total("铠侠"), total("共同"), total("独有2")])

    before = current_engine().generations.live().path
    sync.rebuild(meanwhile)
    assert current_engine().generations.live().path != before
    assert totals == [2, 29, 10]  # at once, in the old generation: 独有2 begins 独有20 to 独有29 too
    assert [total("铠侠"), total("共同"), total("独有2")] == totals
    assert not sync.waiting()


@pytest.mark.django_db(transaction=True)
def test_a_second_rebuild_waits_or_says_so(issue: Issue) -> None:
    with FileLock(current_engine().generations.lock_path("rebuild")):
        with pytest.raises(Timeout):
            sync.rebuild(wait_seconds=0.1)
        with pytest.raises(Exception, match="Another process has been rebuilding for 0 seconds"):
            call_command("rebuild_index", "--wait=0", verbosity=0)
        delete(issue.articles.get(position=1))  # and nobody else waits for it
        assert total("共同") == 29
    assert sync.rebuild() == 29


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_that_reads_something_else_than_it_writes_does_not_go_live(
    issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_engine().generations.live().path
    lose_documents(monkeypatch, {7})
    with pytest.raises(Exception, match="1 articles or issues missing, 0 surplus, 0 doubled"):
        sync.rebuild()
    assert current_engine().generations.live().path == before
    assert total("共同") == 30
    assert len([path for path in before.parent.iterdir() if path.is_dir()]) <= 2


@pytest.mark.django_db(transaction=True)
def test_a_save_waits_for_no_writer_and_no_rebuild(issue: Issue) -> None:
    article = issue.articles.get(position=1)
    started = threading.Event()
    release = threading.Event()

    def hold() -> None:
        with FileLock(current_engine().generations.lock_path("write")):
            started.set()
            release.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    started.wait(60)
    try:
        article.title = "铠侠上市"
        save(article)  # returns, although the lock is held for as long as it has not
        assert len(sync.waiting().numbers) == 1
    finally:
        release.set()
        holder.join()
    assert sync.drain() == 1
    assert total("铠侠") == 1


# --- Disks ---------------------------------------------------------------------------------------------


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """No file of this process may become larger: the errors of a full disk, without one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [0, 100, 2_000])
def test_a_full_disk_leaves_the_index_as_it_was(issue: Issue, limit: int) -> None:
    live = current_engine().generations.live()
    update(Article.objects.filter(position=1), title="铠侠上市")
    with FileLock(current_engine().generations.lock_path("write")):
        delete_all(Article.objects.filter(position=2))
    with small_files(limit), pytest.raises(OSError, match="File too large"):
        sync.rebuild()
    assert current_engine().generations.live().path == live.path
    with small_files(limit), pytest.raises(OSError, match="File too large"):
        sync.drain()
    assert total("共同") == 29
    sync.drain()
    assert (total("共同"), total("铠侠")) == (29, 1)
    leftovers = {path.name for path in live.path.iterdir()} - {"manifest.json"}
    assert leftovers == set(current_engine().generations.live().manifest.files)


READ_ONLY = """
from archive.models import Article
from search.engines.registry import current_engine
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import find
root = current_engine().generations.root
from tests.writing import save
article = Article.objects.get(position=1)
for path in [*root.rglob("*"), root]:
    path.chmod(0o500 if path.is_dir() else 0o400)
article.title = "东芝上市"
save(article)
print(Article.objects.get(position=1).title, len(sync.waiting().numbers), find(SearchRequest("扩产")).total)
"""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_index_stops_no_save(tmp_path: Path) -> None:
    migrate = "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
    run(tmp_path, migrate + MAKE)
    try:
        assert run(tmp_path, READ_ONLY) == "东芝上市 1 1"
    finally:
        for path in [tmp_path / "index", *(tmp_path / "index").rglob("*")]:
            path.chmod(0o700)


# --- Dictionaries --------------------------------------------------------------------------------------


def test_no_dictionary_is_kept_where_others_may_write(tmp_path: Path) -> None:
    """jieba itself keeps one in the shared temporary folder and loads it as a program."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    migrate = "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
    run(tmp_path / "data", migrate + MAKE + COUNT, TMPDIR=str(temporary))
    assert list(temporary.iterdir()) == []
