"""Loops that go wrong in ways that no `except Exception` sees."""

from __future__ import annotations

import sys

from tests.worker.tasks import Panic


class Panics:
    """Fails in its first two rounds as a library in Rust does, then goes on."""

    def __init__(self) -> None:
        self._rounds = 0

    def round(self) -> float:
        self._rounds += 1
        if self._rounds < 3:
            raise Panic("the loop panicked")
        print("the loop goes on", flush=True)
        return 60

    def end(self) -> None:
        pass


class Leaves:
    """Ends its thread, which Python does without a word."""

    def round(self) -> float:
        print("the loop leaves", flush=True)
        sys.exit()

    def end(self) -> None:
        pass
