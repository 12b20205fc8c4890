"""Which articles are about the same matter as one: those that share its rare terms."""

from __future__ import annotations

import numpy as np

from search.backends.matches import Matches
from search.backends.snapshot import Snapshot

MIN_SHARED = 2
"""Terms that two articles must share: one company in common is no common matter."""


def similarity(article: int, snapshot: Snapshot) -> Matches:
    """Returns the documents that share at least MIN_SHARED terms with `article`, itself left out.

    A document's score is the sum of the inverse document frequencies of the shared terms over the square root
    of its own number of terms, so that a round-up of everything is not like everything.
    """
    documents, terms = snapshot.mentions.documents, snapshot.mentions.ids
    own = np.flatnonzero((snapshot.numbers["article"] == article) & snapshot.live)
    wanted = np.unique(snapshot.mentions.of(own))
    shared = np.isin(terms, wanted) & snapshot.live[documents]
    holders = np.bincount(terms[shared], minlength=int(terms.max(initial=0)) + 1)
    idf = np.log(max(snapshot.size, 1) / (holders + 1.0)) + 1
    numbers = np.bincount(documents[shared], minlength=snapshot.size)
    weights = np.bincount(documents[shared], weights=idf[terms[shared]], minlength=snapshot.size)
    lengths = snapshot.mentions.numbers
    mask = (numbers >= MIN_SHARED) & snapshot.live
    mask[own] = False
    similar = np.flatnonzero(mask)
    return Matches(similar, (weights / np.sqrt(np.maximum(lengths, 1)))[similar].astype(np.float32))
