"""Fixtures that several rooms' tests use."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.core.management import call_command
from filelock import FileLock
from pytest_django import DjangoDbBlocker

from archive.body import from_text
from archive.editing import save_issue
from archive.models import Article, Issue
from glossary import current
from search.engines.registry import current_engine
from search.indexing import sync
from tests.cluster import s3
from tests.cluster.opensearch import Node
from tests.cluster.required import running, running_s3
from tests.databases import copied_back
from tests.server.site import Site

ROOT = Path(__file__).resolve().parent.parent
WEEKS = ROOT / "fixtures" / "weeks"

# On a busy machine everything is slow: neither an example nor the making of examples has a limit by the clock.
# The same examples each time, so that a change fails for what it changed; XWK_FUZZ, of the nightly run, draws new ones.
hypothesis.settings.register_profile(
    "busy machine",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize="XWK_FUZZ" not in os.environ,
)
hypothesis.settings.load_profile("busy machine")

WeekMaker = Callable[..., Issue]
SERVERS = {ROOT / "tests" / folder for folder in ("server", "releases", "replay", "faults", "worker")}
"""Folders whose tests start the site, or a part of it, in processes of their own."""
FIRST = {*SERVERS, ROOT / "tests" / "browser"}
"""Folders with the longest files: were one of them the last, the other processes would wait for it."""
DEMO = {"demo_archive", "trade_archive"}
"""Fixtures that import the demo weeks, which takes a second or two of CPU."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVERS & set(item.path.parents):
            item.add_marker(pytest.mark.server)
        if DEMO & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: not FIRST & set(item.path.parents))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], None]]:
    """The tests' database, which tests that commit leave as the migrations did; and what makes it so again at once."""
    with django_db_blocker.unblock(), copied_back() as copy_back:
        yield copy_back


@pytest.fixture(autouse=True)
def _no_words_of_another_test() -> None:
    """A test's terms are rolled back; the process would go on knowing them."""
    current.look_again()


@pytest.fixture
def make_issue(db: None) -> WeekMaker:
    """Makes an issue from `{title: body}`, published unless told otherwise, and brings the index up to date."""

    def make(
        articles: dict[str, str],
        *,
        end_date: str = "2025-03-21",
        title: str = "测试周报",
        status: str = Issue.Status.PUBLISHED,
        columnist: str = "",
    ) -> Issue:
        issue = Issue(title=title, start_date=end_date, end_date=end_date, status=status, columnist=columnist)
        save_issue(
            issue,
            [
                Article(position=position, title=heading, body=from_text(text.splitlines()))
                for position, (heading, text) in enumerate(articles.items(), start=1)
            ],
        )
        issue = Issue.objects.get(pk=issue.pk)
        if current_engine().has_index:
            sync.rebuild()
        return issue

    return make


@pytest.fixture
def demo_archive(db: None) -> None:
    """The twelve demo weeks, imported through the importer and indexed."""
    call_command("import_issues", WEEKS, publish=True, verbosity=0)
    if current_engine().has_index:
        sync.rebuild()


@pytest.fixture(scope="session")
def set_up_site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, str]:
    """What `make run` makes of an empty folder, and what it printed and logged: made once, for all processes of the run.

    Nobody serves it or writes to it: `copy_to` makes a site of a test's own.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made = folder / "set-up.json"
    with FileLock(folder / "set-up.lock"):
        if not made.exists():
            site = Site.in_folder(folder / "set-up")
            done = site.try_to_manage("set_up")
            assert done.returncode == 0, done.stderr
            site.settle()
            made.write_text(json.dumps([site.port, done.stdout + done.stderr]), encoding="utf-8")
        port, printed = json.loads(made.read_text(encoding="utf-8"))
    return Site(folder / "set-up", port), printed


@pytest.fixture(scope="session")
def opensearch() -> Iterator[list[Node]]:
    """A real OpenSearch of one node; who needs one is marked `cluster`."""
    with running(1) as nodes:
        yield nodes


@pytest.fixture(scope="session")
def three_nodes() -> Iterator[list[Node]]:
    """A real OpenSearch of three nodes."""
    with running(3) as nodes:
        yield nodes


@pytest.fixture(scope="session")
def s3_server() -> Iterator[s3.Server]:
    """A real S3 store with one bucket; who needs one is marked `cluster`."""
    with running_s3() as server:
        yield server
