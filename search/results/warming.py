"""What a process does before it answers, so that the first search is as fast as the next, and workers share memory."""

from __future__ import annotations

import gc
import logging
from contextlib import suppress

from django.db import connections
from haystack import connections as haystack_connections

from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.results.autocomplete import complete
from search.results.proposals import corrections
from search.results.reading import read
from search.results.request import SearchRequest
from search.results.service import find

logger = logging.getLogger(__name__)

NEVER_TYPED = "预热xyzzy"


def warm_up() -> None:
    """Loads dictionary and glossary, opens the index, and readies corrections and suggestions.

    A query that nothing answers goes through all of them. Haystack, which finds what is like an article, loads its
    engine when it is first asked.
    """
    haystack_connections["default"].get_backend()
    find(SearchRequest(NEVER_TYPED))
    complete(NEVER_TYPED)


_read: str | None = None
"""The index that this process has read to share it."""


def warm_up_to_fork() -> None:
    """Does the same in a process that answers nothing itself, and makes it ready to be forked.

    Its children share the memory of what it has read, as long as nobody writes there. Python writes to an object when
    it counts who refers to it, but not into the arrays of an index, nor into the dictionary. So it reads again only
    when the index was built anew: the memory that it writes to then is no longer shared with the children before.

    It never raises: what can not be read now, each child tries to read for itself.
    """
    global _read
    engine, index = current_engine(), ""
    if engine.folder is not None:  # else it is a service, and a connection to it belongs to one process
        with suppress(IndexUnavailable):
            index = engine.state().index
    if index == _read:
        return
    try:
        if engine.folder is not None:
            warm_up()
        else:
            corrections(read(NEVER_TYPED))
    except Exception:
        logger.exception("what workers could share was not read; each reads it for itself")
    _read = index
    connections.close_all()  # a connection belongs to one process
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # or the first collection of each child would write to every object
