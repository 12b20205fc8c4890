"""Fixtures that several rooms' tests use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from django.core.management import call_command

from archive.body import from_text
from archive.editing import save_issue
from archive.models import Article, Issue
from glossary import current
from search.engines.registry import current_engine
from search.indexing import sync

ROOT = Path(__file__).resolve().parent.parent
WEEKS = ROOT / "fixtures" / "weeks"

# On a busy machine everything is slow: neither an example nor the making of examples has a limit by the clock.
hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")

WeekMaker = Callable[..., Issue]
SERVERS = {ROOT / "tests" / folder for folder in ("server", "releases", "replay", "faults", "worker")}
"""Folders whose tests start the site, or a part of it, in processes of their own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVERS & set(item.path.parents):
            item.add_marker(pytest.mark.server)


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
    sync.rebuild()
