"""Which documents are about the same matter as one: those that share its rare terms."""

from __future__ import annotations

import numpy as np

from search.engines.documents import DocumentId
from search.engines.whoosh.matches import Matches
from search.engines.whoosh.snapshot import Snapshot

MIN_SHARED = 2
"""Terms that two documents must share: one company in common is no common matter."""


def similarity(document: DocumentId, snapshot: Snapshot) -> Matches:
    """Returns the documents that share at least MIN_SHARED terms with one, itself left out.

    A document's score is the cosine between its terms and the other's, each weighing its inverse document
    frequency: 1 when they mention the same, whatever their length, so that a round-up of everything is like nothing.

    Source: the vector space model (Manning, Raghavan & Schütze, Introduction to Information Retrieval, 2008, §6.3).
    """
    documents, terms = snapshot.mentions.documents, snapshot.mentions.ids
    own = snapshot.places_of(document)
    own = own[snapshot.live[own]]
    wanted = np.unique(snapshot.mentions.of(own))
    # What nearly all mention says little: the inverse document frequency of each term, by its id.
    holders = np.bincount(terms[snapshot.live[documents]], minlength=int(terms.max(initial=0)) + 1)
    rarity = (np.log(max(snapshot.article_count, 1) / (holders + 1.0)) + 1).clip(min=0).astype(np.float32)
    weights = rarity[terms] ** 2
    shared = np.isin(terms, wanted) & snapshot.live[documents]
    numbers = np.bincount(documents[shared], minlength=snapshot.size)
    dots = np.bincount(documents[shared], weights=weights[shared], minlength=snapshot.size)
    lengths = np.sqrt(np.bincount(documents, weights=weights, minlength=snapshot.size))
    mask = (numbers >= MIN_SHARED) & snapshot.live
    mask[own] = False
    similar = np.flatnonzero(mask)
    own_length = float(lengths[own].max(initial=0.0))
    return Matches(similar, (dots[similar] / (lengths[similar] * own_length)).astype(np.float32))
