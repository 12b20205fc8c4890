"""The matcher of the glossary as it is now, kept by each process and built anew when the words have changed.

request ─► current_matcher() ─► looked at the revision within the last second?  yes ─► the one it has
                                      no ─► the same revision?  yes ─► the one it has,  no ─► a new one
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings

from glossary.matching import Matcher
from glossary.models import Revision, Writing


class _Known(NamedTuple):
    revision: str
    matcher: Matcher


class LatestMatcher:
    """Hands out the matcher of the latest revision that it knows. Threads can share it.

    It looks at the revision again when `patience` seconds (GLOSSARY_TRUSTED_SECONDS, when None) have passed on `clock`.
    """

    def __init__(self, patience: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._trusted_until = float("-inf")

    def get(self) -> Matcher:
        """Returns the matcher. Only the first of all makes a thread wait for another that builds it."""
        return self._get().matcher

    def revision(self) -> str:
        """Returns the revision of the words that `get` answers with from now on, or an older one."""
        return self._get().revision

    def _get(self) -> _Known:
        known = self._known
        if known and self._clock() < self._trusted_until:
            return known
        if self._lock.acquire(blocking=known is None):
            try:
                known = self._look()
            finally:
                self._lock.release()
        assert known  # noqa: S101 - without one, the lock was waited for
        return known

    def look_again(self) -> None:
        """Makes the next `get` look, however soon it comes: this process knows that the words changed."""
        self._trusted_until = float("-inf")

    def _look(self) -> _Known:
        looked_at = self._clock()
        # The revision first: words that change while they are read belong to a later one, and are read again.
        revision = Revision.objects.current()
        if self._known is None or self._known.revision != revision:
            self._known = _Known(revision, _build())
        patience = settings.GLOSSARY_TRUSTED_SECONDS if self._patience is None else self._patience
        self._trusted_until = looked_at + patience
        return self._known


_process_wide = LatestMatcher()
_exact = _Known("", Matcher({}))
"""Apart from the process-wide one: it can hold words that are not committed yet."""


current_matcher = _process_wide.get
"""Returns the matcher of the words as they were at most a second ago."""
current_revision = _process_wide.revision
"""Returns the revision of the words that `current_matcher` knows: what is made of them is kept under it."""
look_again = _process_wide.look_again
"""Makes the next `current_matcher` of this process look at the words at once."""


def exact_matcher() -> Matcher:
    """Returns the matcher of the words as this transaction sees them. Nobody changes them before it ends.

    No thread waits for another here: it could hold the revision's row, which the other one waits for.
    """
    global _exact
    revision = Revision.objects.locked()
    known = _exact
    if known.revision != revision:
        _exact = known = _Known(revision, _build())
    return known.matcher


def _build() -> Matcher:
    return Matcher(dict(Writing.objects.values_list("form", "term")))
