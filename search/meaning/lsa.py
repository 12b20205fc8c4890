"""Latent semantic analysis: words that stand in like articles point in like directions. Pure.

    articles × words (tf-idf) ─► randomised truncated SVD ─► a direction of each word, a place of each article
    a query ─► the sum of its words' directions ─► the articles whose places lie nearest

Deerwester et al., Indexing by latent semantic analysis, JASIS 41(6), 1990; the decomposition is algorithm 4.4 and 5.1
of Halko, Martinsson & Tropp, Finding structure with randomness, SIAM Review 53(2), 2011. Sparse matrices are arrays of
numpy's, and products go through them in slices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_DIMENSIONS = 200
ARTICLES_A_DIMENSION = 2
"""A small archive gets fewer dimensions: with one for each article nothing is put together, and words alone count."""
MAX_WORDS = 60_000
"""The words that most articles hold: past that, each stands in one or two, which words alone find."""
OVERSAMPLING = 20
ITERATIONS = 4
SLICE = 50_000
"""Values of a sparse matrix that are multiplied at once."""
MIN_KNOWN = 0.1
"""Which share of a query's weight the archive's words must carry. Of queries that nothing answers most have less."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Space:
    """Words and articles in one space. Its arrays may lie in files (search.meaning.store)."""

    words: NDArray[np.uint64]
    """A hash of each word, ascending."""
    weights: Matrix
    """The inverse document frequency of each of them."""
    directions: NDArray[np.float16]
    """A row for each of them."""
    articles: NDArray[np.int64]
    places: Matrix
    """A row of length 1 for each of `articles`."""

    def nearest(self, counts: Mapping[str, float], limit: int) -> list[tuple[int, float]]:
        """Returns the articles nearest to a text of these words, each with its cosine, the nearest first.

        Nothing when the archive has too few of the words to go by.
        """
        likeness = self._likeness(counts)
        if likeness is None:
            return []
        best = np.argsort(-likeness, kind="stable")[:limit]
        return [(int(self.articles[row]), float(likeness[row])) for row in best]

    def _likeness(self, counts: Mapping[str, float]) -> Matrix | None:
        hashes = np.array([_hash(word) for word in counts], np.uint64)
        times = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
        rows = np.minimum(np.searchsorted(self.words, hashes), len(self.words) - 1)
        is_known = self.words[rows] == hashes
        unknown = _rarity(len(self.articles), np.zeros(1, np.int64))
        weights = times * np.where(is_known, self.weights[rows], unknown)
        known = weights[is_known]
        if not known.size or known @ known < MIN_KNOWN * (weights @ weights):
            return None
        place = known @ self.directions[rows[is_known]].astype(np.float32)
        length = np.linalg.norm(place)
        if not length:
            return None
        likeness: Matrix = self.places @ (place / length)
        return likeness

    def check(self) -> None:
        """Raises ValueError when its arrays do not fit together."""
        words, articles, dimensions = len(self.words), len(self.articles), self.places.shape[-1]
        shapes = [self.weights.shape, self.directions.shape, self.places.shape]
        if not words or shapes != [(words,), (words, dimensions), (articles, dimensions)]:
            raise ValueError(f"arrays of {words} words and {articles} articles, but {shapes}")


def learn(
    texts: Iterable[tuple[int, Mapping[str, float]]],
    max_dimensions: int = MAX_DIMENSIONS,
    max_words: int = MAX_WORDS,
) -> Space | None:
    """Learns from `(article, how often each word stands in it)`. None when there is too little to learn from."""
    numbers: dict[str, int] = {}
    articles, columns, values = [], [], []
    for pk, counts in texts:
        if counts:
            articles.append(pk)
            columns.append(np.array([numbers.setdefault(word, len(numbers)) for word in counts], np.int32))
            values.append(np.log1p(np.fromiter(counts.values(), np.float32, len(counts))))
    if len(articles) < 2 * ARTICLES_A_DIMENSION:
        return None
    counted = _Sparse.of_rows(columns, values)
    holders = np.bincount(counted.columns, minlength=len(numbers))
    kept = np.sort(np.argsort(-holders, kind="stable")[:max_words])
    hashes = np.array([_hash(word) for word in numbers], np.uint64)[kept]
    weights = _rarity(len(articles), holders[kept])
    matrix = counted.only(kept, len(numbers)).weighed(weights)
    directions = _directions(matrix, len(kept), min(max_dimensions, len(articles) // ARTICLES_A_DIMENSION))
    places = matrix.times(directions)
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    order = np.argsort(hashes)
    return Space(
        hashes[order],
        weights[order],
        directions[order].astype(np.float16),
        np.array(articles, np.int64),
        places / lengths,
    )


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _rarity(articles: int, holders: NDArray[np.int64]) -> Matrix:
    """The inverse document frequency of words that so many articles hold; of unknown words for 0."""
    rarity: Matrix = np.log((articles + 1) / (holders + 0.5)).astype(np.float32)
    return rarity


def _directions(matrix: _Sparse, width: int, dimensions: int) -> Matrix:
    """The leading right singular vectors of the matrix, as columns: a row for each word."""
    transposed = matrix.transposed(width)
    samples = min(dimensions + OVERSAMPLING, len(matrix))
    random = np.random.default_rng(0)  # the same model everywhere
    basis = np.linalg.qr(matrix.times(random.standard_normal((width, samples), np.float32)))[0]
    for _ in range(ITERATIONS):
        basis = np.linalg.qr(matrix.times(np.linalg.qr(transposed.times(basis))[0]))[0]
    small = transposed.times(basis)
    squares, vectors = np.linalg.eigh(small.T @ small)  # ascending
    squares, vectors = squares[::-1][:dimensions], vectors[:, ::-1][:, :dimensions]
    is_real = squares > 1e-6 * squares[0]
    directions: Matrix = small @ (vectors[:, is_real] / np.sqrt(squares[is_real]))
    return directions


@dataclass(frozen=True)
class _Sparse:
    """A sparse matrix by rows: the columns and values of row n are those from `starts[n]` to `starts[n + 1]`."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: Matrix

    @classmethod
    def of_rows(cls, columns: list[NDArray[np.int32]], values: list[Matrix]) -> _Sparse:
        starts = np.concatenate([[0], np.cumsum([len(row) for row in columns])])
        return cls(starts, np.concatenate(columns), np.concatenate(values))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def only(self, kept: NDArray[np.int64], width: int) -> _Sparse:
        """These columns of `width`, numbered anew. A row that held none of them holds a zero."""
        numbers = np.full(width, -1, np.int32)
        numbers[kept] = np.arange(len(kept))
        columns = numbers[self.columns]
        values = np.where(columns < 0, np.float32(0), self.values)
        stays = columns >= 0
        stays[self.starts[:-1]] = True
        starts = np.concatenate([[0], np.cumsum(stays)])[self.starts]
        return _Sparse(starts, np.maximum(columns[stays], 0), values[stays])

    def weighed(self, weights: Matrix) -> _Sparse:
        """Each column times its weight, then each row brought to length 1."""
        values = self.values * weights[self.columns]
        lengths = np.sqrt(np.add.reduceat(values**2, self.starts[:-1]))
        lengths[lengths == 0] = 1
        return _Sparse(self.starts, self.columns, values / np.repeat(lengths, np.diff(self.starts)))

    def transposed(self, width: int) -> _Sparse:
        order = np.argsort(self.columns, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.columns, minlength=width))])
        rows = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        return _Sparse(starts, rows[order], self.values[order])

    def times(self, dense: Matrix) -> Matrix:
        """The product with a dense matrix. Every row holds something."""
        product = np.empty((len(self), dense.shape[1]), np.float32)
        row = 0
        while row < len(self):
            end = int(np.searchsorted(self.starts, self.starts[row] + SLICE, side="right")) - 1
            end = max(end, row + 1)
            here = slice(self.starts[row], self.starts[end])
            terms = dense[self.columns[here]] * self.values[here, None]
            product[row:end] = np.add.reduceat(terms, self.starts[row:end] - self.starts[row])
            row = end
        return product
