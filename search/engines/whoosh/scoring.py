"""How well a word suits a text: BM25, as Whoosh has it. Pure."""

from __future__ import annotations

import numpy as np

from search.engines.whoosh.matches import Floats

B = 0.75
K1 = 1.2
"""BM25's parameters as in Whoosh (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, §3.3)."""


def length_norms(lengths: Floats, average_length: float) -> Floats:
    """Returns what the length of each text (in words) takes off the weight of a word in it."""
    return (K1 * ((1 - B) + B * lengths / np.float32(average_length))).astype(np.float32)


def bm25(frequencies: Floats, norms: Floats, idf: float) -> Floats:
    """Returns Whoosh's BM25 score of one word in each document (whoosh.scoring.bm25).

    `frequencies` and `norms` (of `length_norms`) run over the same documents.
    """
    scores: Floats = frequencies * np.float32(idf * (K1 + 1)) / (frequencies + norms)
    return scores
