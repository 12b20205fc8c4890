"""What the search's tests share: the archive as it is delivered, with its glossary."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from glossary.exchange import import_glossary
from search.indexing import sync
from tests.conftest import WEEKS


@pytest.fixture
def trade_glossary(db: None) -> None:
    """The vocabulary that comes with the site."""
    import_glossary()


@pytest.fixture
def trade_archive(trade_glossary: None) -> None:
    """The twelve demo weeks with that vocabulary, indexed."""
    call_command("import_issues", WEEKS, publish=True, verbosity=0)
    sync.rebuild()
