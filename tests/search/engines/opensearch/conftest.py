"""The site on a real OpenSearch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from haystack import connections
from pytest_django.fixtures import Settings

from search.engines.opensearch.engine import OpenSearchEngine
from search.engines.registry import current_engine, haystack_connections
from tests.cluster.opensearch import Node, search_url


@pytest.fixture
def engine(opensearch: list[Node], settings: Settings) -> Iterator[OpenSearchEngine]:
    """The engine of the site, on one node and an index of its own; nothing is in it."""
    yield from _engine(opensearch, settings, "alone")


@pytest.fixture
def engine_of_three(three_nodes: list[Node], settings: Settings) -> Iterator[OpenSearchEngine]:
    """The same on three nodes."""
    yield from _engine(three_nodes, settings, "three")


def _engine(nodes: list[Node], settings: Settings, name: str) -> Iterator[OpenSearchEngine]:
    url = search_url(nodes, name, timeout=60)  # a busy machine is no fault
    settings.SEARCH_URL, settings.HAYSTACK_CONNECTIONS = url, haystack_connections(url)
    connections.reload("default")
    engine = current_engine()
    assert isinstance(engine, OpenSearchEngine)
    yield engine
    connections.thread_local.connections.pop("default")  # made again, of the settings as they were
    engine.indexes.cluster.ask(lambda client: client.indices.delete(index=f"{name}-*"))
