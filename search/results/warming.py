"""What a worker does before its first request, so that the first search is as fast as the next."""

from __future__ import annotations

from search.results.autocomplete import complete
from search.results.request import SearchRequest
from search.results.service import find

NEVER_TYPED = "预热xyzzy"


def warm_up() -> None:
    """Loads dictionary and glossary, opens the index, and readies corrections and suggestions.

    A query that nothing answers goes through all of them.
    """
    find(SearchRequest(NEVER_TYPED))
    complete(NEVER_TYPED)
