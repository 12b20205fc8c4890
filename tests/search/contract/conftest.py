"""Each engine of SEARCH_URL in turn. A new engine is a line in ENGINES, and must pass everything here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from haystack import connections
from pytest_django.fixtures import Settings

from search.engines.base import Engine
from search.engines.registry import current_engine, haystack_connections
from tests.cluster.opensearch import Node, search_url


@dataclass(frozen=True)
class Kind:
    """An engine, and what it is for."""

    url: str
    has_index: bool
    """Whether it ranks, and builds an index that follows the changes. One that does not refuses to, clearly."""

    @property
    def scheme(self) -> str:
        return self.url.partition(":")[0]


Aged = Callable[[], Any]
"""Looks at the index of another version: the same as long as nobody touched it."""


def _age_whoosh(engine: Engine) -> Aged:
    root = engine.generations.root  # type: ignore[attr-defined]
    old = root.rename(root.with_name("v0.1"))
    return lambda: {path: path.stat().st_mtime_ns for path in old.rglob("*")}


def _age_opensearch(engine: Engine) -> Aged:
    """Makes an index of another version in place of ours: an index can not be given another name."""
    indexes = engine.indexes  # type: ignore[attr-defined]
    live, old = (
        indexes.live(),
        indexes.live().replace(indexes.alias, f"{indexes.alias.rpartition('-')[0]}-v0.1"),
    )
    ask = indexes.cluster.ask
    ask(lambda client: client.indices.put_settings(index=live, body={"index.blocks.write": True}))
    ask(lambda client: client.indices.clone(index=live, target=old, params={"wait_for_active_shards": "1"}))
    for name in indexes.names():
        indexes.remove(name)
    return lambda: ask(
        lambda client: client.search(index=old, body={"size": 1000, "seq_no_primary_term": True})
    )["hits"]


ENGINES = [
    Kind("whoosh://", has_index=True),
    Kind("database://", has_index=False),
    pytest.param(Kind("opensearch://", has_index=True), marks=pytest.mark.cluster),
]
AGED: dict[str, Callable[[Engine], Aged]] = {"whoosh": _age_whoosh, "opensearch": _age_opensearch}
"""How an index becomes one of another version."""


@pytest.fixture(params=ENGINES, ids=lambda kind: kind.scheme, autouse=True)
def kind(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Kind]:
    """The site with this engine, Haystack's connection too: before anything is stored."""
    kind: Kind = request.param
    if kind.scheme == "opensearch":
        nodes: Sequence[Node] = request.getfixturevalue("opensearch")
        kind = replace(kind, url=search_url(nodes, timeout=60))  # a busy machine is no fault of the engine
    settings.SEARCH_URL = kind.url
    settings.HAYSTACK_CONNECTIONS = haystack_connections(kind.url)
    connections.reload("default")
    yield kind
    if kind.scheme == "opensearch":
        current_engine().indexes.cluster.ask(  # type: ignore[attr-defined]
            lambda client: client.indices.delete(index="xinwenku-*")
        )
    if (folder := current_engine().folder) is not None:
        shutil.rmtree(folder / "v0.1", ignore_errors=True)
    connections.thread_local.connections.pop("default")  # made again, of the settings as they were


@pytest.fixture
def engine(kind: Kind) -> Engine:
    return current_engine()
