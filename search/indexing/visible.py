"""The index as it may be shown: its newest state, without what was withdrawn a moment ago."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from archive.announcements import Known
from search.engines.base import EngineState
from search.engines.registry import current_engine
from search.indexing import outbox

_withdrawn = Known(outbox.withdrawn).get


def pinned() -> AbstractContextManager[EngineState]:
    """Answers everything that this thread asks inside from one state of the index, without withdrawn articles.

    Raises IndexUnavailable when nothing can answer.
    """
    return current_engine().pinned(_withdrawn)


def containing(runs: Iterable[str], *, whole: bool = False) -> dict[str, list[int]]:
    """Returns for each run of characters the published articles whose text holds it (Engine.containing)."""
    with pinned():
        return current_engine().containing(runs, whole=whole)
