"""Documents that match, with their scores, and how sets of them are joined. Pure.

Only what matches is held, in ascending order: a rare word costs a few steps, however large the archive is. Where many
documents match, an array as long as the archive is the quicker way between two such lists, and is used for a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

DENSE_SHARE = 128
"""From one document in so many on, a look-up in an array as long as the archive beats a search in a list."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Documents of a snapshot, ascending, and the score of each."""

    documents: Ints
    scores: Floats

    def __len__(self) -> int:
        return len(self.documents)

    def only(self, kept: Bools) -> Matches:
        """Those for which `kept` (one value for each match) is true."""
        return self if are_all(kept) else Matches(self.documents[kept], self.scores[kept])

    def scores_at(self, documents: Ints, size: int) -> Floats:
        """The scores of `documents` (of an archive of `size`), 0 for those that are no match."""
        if self._are(documents):
            return self.scores
        if not len(self):
            return np.zeros(len(documents), np.float32)
        if _are_many(documents, size):
            of_all = np.zeros(size, np.float32)
            of_all[self.documents] = self.scores
            scores: Floats = of_all[documents]
            return scores
        places, are_held = _places(self.documents, documents)
        return self.scores[places] * are_held

    def _are(self, documents: Ints) -> bool:
        return _are_equal(documents, self.documents)


NO_MATCHES = Matches(np.array([], np.int64), np.array([], np.float32))


def unscored(documents: Ints) -> Matches:
    """Matches that all score 0."""
    return Matches(documents, np.zeros(len(documents), np.float32))


def are_in(documents: Ints, others: Ints, size: int) -> Bools:
    """Which of `documents` are among `others`."""
    if not len(others):
        return np.zeros(len(documents), np.bool_)
    if _are_many(documents, size):
        held = np.zeros(size, np.bool_)
        held[others] = True
        found: Bools = held[documents]
        return found
    return _places(others, documents)[1]


def in_all(parts: Sequence[Matches], size: int) -> Matches:
    """What all parts hold; the scores are added.

    >>> in_all([Matches(np.array([1, 4]), np.ones(2)), Matches(np.array([4, 9]), np.ones(2))], 10).documents
    array([4])
    """
    if len(parts) == 1:
        return parts[0]
    documents = documents_in_all([part.documents for part in parts], size)
    return Matches(documents, sum_at(parts, documents, size))


def in_any(parts: Sequence[Matches], size: int) -> Matches:
    """What any part holds; the scores are added."""
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return parts[0] if parts else NO_MATCHES
    documents = documents_in_any([part.documents for part in parts], size)
    return Matches(documents, sum_at(parts, documents, size))


def best_in_any(parts: Sequence[Matches], size: int) -> Matches:
    """What any part holds; the best score counts."""
    if len(parts) == 1:
        return parts[0]
    documents = documents_in_any([part.documents for part in parts], size)
    scores = [part.scores_at(documents, size) for part in parts]
    return Matches(documents, np.maximum.reduce(scores))


def sum_at(parts: Sequence[Matches], documents: Ints, size: int) -> Floats:
    """The added scores of `documents` in all parts."""
    if not len(documents):
        return NO_MATCHES.scores
    total = parts[0].scores_at(documents, size)
    for part in parts[1:]:
        if len(part):
            total = total + part.scores_at(documents, size)
    return total


def documents_in_any(lists: Sequence[Ints], size: int) -> Ints:
    """The union of ascending lists of documents."""
    longest, others = NO_MATCHES.documents, []
    for documents in lists:
        if len(documents) > len(longest):
            longest, documents = documents, longest
        if len(documents):
            others.append(documents)
    others = [documents for documents in others if not _are_equal(documents, longest)]
    if not others:
        return longest
    if _are_many(longest, size):
        held = np.zeros(size, np.bool_)
        for documents in (longest, *others):
            held[documents] = True
        return np.flatnonzero(held)
    together = np.concatenate([longest, *others])
    together.sort()
    return together[first_of_equals(together)]


def first_of_equals(ascending: Ints) -> Bools:
    """Which of the numbers differ from the one before them."""
    is_first = np.empty(len(ascending), np.bool_)
    is_first[:1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=is_first[1:])
    return is_first


def documents_in_all(lists: Sequence[Ints], size: int) -> Ints:
    """The intersection of ascending lists of documents."""
    documents, *others = sorted(lists, key=len)
    for other in others:
        if not len(documents):
            break
        kept = are_in(documents, other, size)
        documents = documents if are_all(kept) else documents[kept]
    return documents


def are_all(held: Bools) -> bool:
    """Whether all are true. For short arrays it takes a quarter of what `all` does, which Python's code is around."""
    return int(np.count_nonzero(held)) == len(held)


def _are_equal(documents: Ints, others: Ints) -> bool:
    return documents is others or (len(documents) == len(others) and are_all(documents == others))


def _are_many(documents: Ints, size: int) -> bool:
    return len(documents) * DENSE_SHARE > size


def _places(held: Ints, documents: Ints) -> tuple[Ints, Bools]:
    """Where each of `documents` stands in `held` (which is not empty), and whether it does. Both are ascending."""
    places = np.minimum(held.searchsorted(documents), len(held) - 1)
    return places, held[places] == documents
