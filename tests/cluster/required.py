"""Servers for tests that are marked `cluster`: left out where there are none, unless XWK_REQUIRE_CLUSTER=1."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

import pytest

from tests.cluster import redis, s3
from tests.cluster.opensearch import CanNotStart, Node, cluster

Started = TypeVar("Started")


def running(nodes: int) -> AbstractContextManager[list[Node]]:
    """Runs OpenSearch while inside; skips the test, or fails it, where that can not be."""
    return _or_left_out(cluster(nodes))


def running_redis() -> AbstractContextManager[redis.Server]:
    """The same of Redis."""
    return _or_left_out(redis.server())


def running_s3() -> AbstractContextManager[s3.Server]:
    """The same of an S3 store."""
    return _or_left_out(s3.server())


@contextmanager
def _or_left_out(server: AbstractContextManager[Started]) -> Iterator[Started]:
    with ExitStack() as stack:
        try:
            started = stack.enter_context(server)
        except CanNotStart as error:
            if os.environ.get("XWK_REQUIRE_CLUSTER") == "1":
                pytest.fail(f"XWK_REQUIRE_CLUSTER=1, and {error}", pytrace=False)
            pytest.skip(f"LEFT OUT: {error}")
        yield started
