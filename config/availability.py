"""Whether a server that the site can do without answers: who asks one that is away would wait, each time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

AWAY_SECONDS = 1.0
"""How long nobody asks a server that has not answered."""


class Availability:
    """What a process knows of a server. Threads share it.

    `so` says what its absence means, `patience` how many seconds an answer is waited for.
    """

    def __init__(
        self, name: str, so: str, patience: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.problem = ""
        """What is wrong and what to do; empty while it answers, and before anybody has asked."""
        self._so = so
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._away_until = float("-inf")

    def may_ask(self) -> bool:
        """Whether it is worth asking. While it is away, one thread at a time asks, a second after the one before."""
        if not self.problem:
            return True
        with self._lock:
            now = self._clock()
            if now < self._away_until:
                return False
            self._away_until = now + AWAY_SECONDS + self._patience
            return True

    def failed(self, said: str) -> None:
        """Notes that it did not answer, and logs why, once for each reason."""
        problem = f"{self.name} {said}"
        with self._lock:
            self._away_until = self._clock() + AWAY_SECONDS
            is_new, self.problem = problem != self.problem, problem
        if is_new:
            logger.warning("%s: %s", problem, self._so)

    def answered(self) -> None:
        """Notes that it answers."""
        if self.problem:
            self.problem = ""
            logger.warning("%s answers again", self.name)
