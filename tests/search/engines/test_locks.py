"""Locks of an index that hosts share: one holds, others wait or are told; whoever is gone holds nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.db import connections

from search.engines.locks import SharedLocks

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_holds_it_and_others_are_told() -> None:
    locks, of_others = SharedLocks("locks"), SharedLocks("locks-of-others")
    assert not locks.is_held("write")
    with locks.hold("write", 0):
        assert locks.is_held("write")
        assert not locks.is_held("rebuild")
        assert not of_others.is_held("write")
        with of_others.hold("write", 0), locks.hold("rebuild", 0), ThreadPoolExecutor(1) as other:
            with pytest.raises(TimeoutError):
                other.submit(_take, locks).result()
            assert other.submit(_is_held, locks).result()
    assert not locks.is_held("write")
    with pytest.raises(ZeroDivisionError), locks.hold("write", 0):
        _ = 1 / 0
    assert not locks.is_held("write")


def test_who_waits_gets_it() -> None:
    locks, order, waits = SharedLocks("locks"), [], threading.Event()

    def wait() -> None:
        waits.set()
        with locks.hold("write", 600):
            order.append("second")
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        with ExitStack() as stack:
            stack.enter_context(locks.hold("write", 0))
            waiting = other.submit(wait)
            waits.wait()
            order.append("first")
        waiting.result()
    assert order == ["first", "second"]


def _take(locks: SharedLocks) -> None:
    try:
        with locks.hold("write", 0):
            pass
    finally:
        connections.close_all()


def _is_held(locks: SharedLocks) -> bool:
    try:
        return locks.is_held("write")
    finally:
        connections.close_all()
