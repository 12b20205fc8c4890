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
from glossary.models import Alias, Term
from search.engines.registry import current_engine
from search.indexing import sync
from tests.conftest import WEEKS, WeekMaker
from tests.writing import create

SEVEN = {f"Title {number}": f"common words, own{number}." for number in range(1, 8)}


@pytest.fixture
def trade_glossary(db: None) -> None:
    """The vocabulary that comes with the site."""
    import_glossary()


@pytest.fixture
def trade_archive(trade_glossary: None) -> None:
    """The twelve demo weeks with that vocabulary, indexed."""
    call_command("import_issues", WEEKS, publish=True, verbosity=0)
    if current_engine().has_index:
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


@pytest.fixture
def small_archive(make_issue: WeekMaker) -> None:
    """Two weeks; a company and a technology in the glossary."""
    company = create(Term, name="台积电", kind=Term.Kind.COMPANY)
    create(Alias, term=company, text="TSMC")
    create(Term, name="混合键合", kind=Term.Kind.PROCESS)
    create(Term, name="3nm", kind=Term.Kind.PROCESS)
    make_issue(
        {"台积电的混合键合": "先进封装。", "TSMC 开会": "说产能。", "无关的": "铠侠。"},
        end_date="2024-12-27",
        columnist="莫大康",
    )
    make_issue(
        {"台积电扩产": "CoWoS-L 与先进的封装。", "良率": "台积电 3nm 的。"},
        end_date="2025-03-21",
        columnist="某某",
    )
