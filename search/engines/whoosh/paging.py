"""One page of what matches on a snapshot: the documents in their order, their number, the counts of their facets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from search.engines.base import Hits, IndexQuery, ScoredDocument
from search.engines.fields import refuse_unknown
from search.engines.whoosh.aggregations import count
from search.engines.whoosh.matches import Floats, Ints, Matches
from search.engines.whoosh.snapshot import Snapshot


def page_of(matches: Matches, query: IndexQuery, snapshot: Snapshot) -> Hits:
    """Returns the part of `matches` that a query asks for. Raises ValueError for an unknown column or facet."""
    refuse_unknown(sort_by=query.sort_by, facets=query.facets)
    if not len(matches):
        return Hits(0, [], {facet: [] for facet in query.facets})
    end = len(matches) if query.end is None else query.end
    places = _order(matches, snapshot, query.sort_by, end)[query.start : end]
    documents = matches.documents[places]
    kinds = snapshot.texts["kind"]
    return Hits(
        len(matches),
        [
            ScoredDocument(kinds.values[code], pk, score)
            for code, pk, score in zip(
                kinds.codes[documents].tolist(),
                snapshot.numbers["pk"][documents].tolist(),
                matches.scores[places].tolist(),
                strict=True,
            )
        ],
        {facet: count(facet, matches.documents, snapshot) for facet in query.facets},
    )


def _order(matches: Matches, snapshot: Snapshot, sort_by: tuple[str, ...], limit: int) -> Ints:
    """Where the first of `matches` stand, in order. It is total: a page never repeats or loses a row of another."""
    if not limit:  # only facets are asked for
        return np.arange(0)
    places = np.arange(len(matches)) if sort_by else _best(matches.scores, limit)
    documents = matches.documents[places]
    keys: list[npt.NDArray[np.generic]] = [
        -snapshot.numbers[name[1:]][documents] if name.startswith("-") else snapshot.numbers[name][documents]
        for name in sort_by
    ]
    keys = keys or [-matches.scores[places]]
    return places[np.lexsort([snapshot.ranks[documents], *keys[::-1]])][:limit]


def _best(scores: Floats, limit: int) -> Ints:
    """The places of what scores as well as the one in place `limit`: sorting all takes longer than searching."""
    if not 0 < limit < len(scores):
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(scores, -limit)[-limit])
