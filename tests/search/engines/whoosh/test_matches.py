"""Lists of matching documents are joined as sets are, whichever way is taken: few documents or many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.whoosh.matches import Matches, are_in, best_in_any, documents_in_any, in_all, in_any

SIZES = st.sampled_from([20, 100_000])
"""Of the first, a document is many; of the second, these lists are few."""
SCORED = st.dictionaries(st.integers(0, 19), st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=20)
PARTS = st.lists(SCORED, min_size=1, max_size=4)
Scores = dict[int, float]


def matches(scores: Scores) -> Matches:
    documents = sorted(scores)
    return Matches(
        np.array(documents, np.int64), np.array([scores[document] for document in documents], np.float32)
    )


def scores(found: Matches) -> Scores:
    assert found.documents.tolist() == sorted(found.documents.tolist())
    return dict(zip(found.documents.tolist(), found.scores.tolist(), strict=True))


def joined(parts: list[Scores], documents: set[int], join: Callable[[list[float]], float]) -> Scores:
    return {
        document: join([part[document] for part in parts if document in part])
        for document in sorted(documents)
    }


@given(parts=PARTS, size=SIZES)
def test_parts_are_joined_as_sets(parts: list[Scores], size: int) -> None:
    found = [matches(part) for part in parts]
    anywhere, everywhere = set().union(*parts), set(parts[0]).intersection(*parts)
    assert scores(in_any(found, size)) == pytest.approx(joined(parts, anywhere, sum))
    assert scores(in_all(found, size)) == pytest.approx(joined(parts, everywhere, sum))
    assert scores(best_in_any(found, size)) == pytest.approx(joined(parts, anywhere, max))
    assert documents_in_any([part.documents for part in found], size).tolist() == sorted(anywhere)


@given(part=SCORED, others=SCORED, size=SIZES)
def test_scores_are_looked_up_at_any_documents(part: Scores, others: Scores, size: int) -> None:
    documents = matches(others).documents
    expected = [part.get(document, 0.0) for document in sorted(others)]
    assert matches(part).scores_at(documents, size).tolist() == expected
    held = are_in(documents, matches(part).documents, size)
    assert held.tolist() == [document in part for document in sorted(others)]
