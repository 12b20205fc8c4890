"""Each engine of SEARCH_URL in turn. A new engine is a line in ENGINES, and must pass everything here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from haystack import connections
from pytest_django.fixtures import Settings

from search.engines.base import Engine
from search.engines.registry import current_engine, haystack_connections


@dataclass(frozen=True)
class Kind:
    """An engine, and what it is for."""

    url: str
    has_index: bool
    """Whether it ranks, and builds an index that follows the changes. One that does not refuses to, clearly."""


def _age_whoosh(engine: Engine) -> None:
    """Makes the index one that other code built."""
    root = engine.generations.root  # type: ignore[attr-defined]
    root.rename(root.with_name("v0.1"))


ENGINES = [Kind("whoosh://", has_index=True), Kind("database://", has_index=False)]
AGED: dict[str, Callable[[Engine], None]] = {"whoosh://": _age_whoosh}
"""How an index becomes one of another version."""


@pytest.fixture(params=ENGINES, ids=lambda kind: kind.url.partition(":")[0])
def kind(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Kind]:
    """The site with this engine, Haystack's connection too."""
    settings.SEARCH_URL = request.param.url
    settings.HAYSTACK_CONNECTIONS = haystack_connections(request.param.url)
    connections.reload("default")
    yield request.param
    if (folder := current_engine().folder) is not None:
        shutil.rmtree(folder / "v0.1", ignore_errors=True)
    connections.thread_local.connections.pop("default")  # made again, of the settings as they were


@pytest.fixture
def engine(kind: Kind) -> Engine:
    return current_engine()
