"""What a worker does before its first request, so that the first search is as fast as the next."""

from __future__ import annotations

from search.results.service import Asked, find
from search.results.suggestions import suggest

NEVER_TYPED = "预热xyzzy"


def warm_up() -> None:
    """Loads dictionary and glossary, opens the index, and readies corrections and suggestions.

    A query that nothing answers goes through all of them.
    """
    find(Asked(NEVER_TYPED))
    suggest(NEVER_TYPED)
