"""The state of this machine's index in a few words and numbers: for /readyz, system checks and check_index."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from search.engines.base import EngineState, IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import outbox
from search.models import SetAside


@dataclass(frozen=True)
class IndexState:
    """What can be said without reading the whole index."""

    problem: str
    """Why search answers from the database, and what to do; empty when the index answers."""
    generation: str
    built_at: str
    documents: int
    waiting: int
    """Changes that are not in the index yet."""
    waiting_seconds: float
    """The age of the oldest of them."""
    set_aside: int
    """Articles that the index could not take in."""
    given_up: int
    """Those of them that are not tried again by themselves."""
    is_rebuilding: bool
    warning: str
    """What to prepare for although all is well; empty when there is nothing."""

    @property
    def is_ready(self) -> bool:
        """Whether searches are answered from the index."""
        return not self.problem


def index_state() -> IndexState:
    """Looks at the index, its outbox and what was set aside. Opens the index if this process has not yet.

    Raises django.db.DatabaseError when the database does not answer.
    """
    engine = current_engine()
    problem, waiting, state = "", outbox.Waiting([], set(), "", None), EngineState("", None, 0)
    try:
        state = engine.state()
        if state.position is not None:
            waiting = outbox.beyond(state.position)
        with engine.pinned():
            pass
    except IndexUnavailable as reason:
        problem = str(reason)
    aside = SetAside.objects.filter(index=engine.name)
    set_aside = aside.count()
    age = (timezone.now() - waiting.oldest).total_seconds() if waiting.oldest else 0.0
    return IndexState(
        problem=problem,
        generation=state.index,
        built_at=state.built_at,
        documents=state.documents,
        waiting=len(waiting.numbers),
        waiting_seconds=round(max(age, 0.0), 1),
        set_aside=set_aside,
        given_up=aside.filter(next_try_at=None).count() if set_aside else 0,
        is_rebuilding=engine.is_locked("rebuild"),
        warning=size_warning(state.documents) if engine.folder else "",  # of what is on this machine
    )


def size_warning(documents: int) -> str:
    """Says that an index of so many articles is large, and what that means; empty when it is not.

    >>> size_warning(200)
    ''
    """
    bound: int = settings.SEARCH_LARGE_FROM
    if documents < bound:
        return ""
    return (
        f"the index holds {documents:,} articles, and from {bound:,} on it is large: memory of each worker, disk and "
        "the time of a rebuild go on growing with every article, and so does the time of a search that the index can "
        "not answer. See “How large it may grow” in docs/operations.md, and set SEARCH_LARGE_FROM higher when you did"
    )
