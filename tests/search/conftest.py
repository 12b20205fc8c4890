"""Fixtures of the search's tests: the demo archive with its glossary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from haystack import connections

from archive.models import Issue
from benchmarks.stock.connection import ALIAS, indexed
from glossary.exchange import import_glossary
from search.indexing import sync
from tests.conftest import WEEKS, WeekMaker

SEVEN = {f"Title {number}": f"common words, own{number}." for number in range(1, 8)}


@pytest.fixture
def trade_glossary(db: None) -> None:
    """The vocabulary that comes with the site."""
    import_glossary()


@pytest.fixture
def trade_archive(trade_glossary: None) -> None:
    """The twelve demo weeks with that vocabulary, indexed."""
    call_command("import_issues", WEEKS, publish=True, verbosity=0)
    sync.rebuild()


@pytest.fixture
def issue_of_seven(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue(SEVEN)


@pytest.fixture
def stock(issue_of_seven: Issue, tmp_path: Path) -> Iterator[Any]:
    """The stock backend with the same articles, on a connection of its own."""
    with indexed(tmp_path):
        backend = connections[ALIAS].get_backend()
        backend.setup()
        yield backend
