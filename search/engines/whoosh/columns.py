"""Columns of the index that are more than a number a document: texts of which few differ, mentioned terms. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from glossary.folding import fold
from search.engines.whoosh.matches import Ints


@dataclass(frozen=True)
class Categories:
    """A column of texts of which there are few different ones: their list, and each document's place in it."""

    values: list[str]
    codes: Ints

    @classmethod
    def of(cls, texts: list[str]) -> Categories:
        values = sorted(set(texts))
        places = {value: place for place, value in enumerate(values)}
        return cls(values, np.array([places[text] for text in texts], np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Categories]) -> Categories:
        """The columns of several segments, one behind the other: their different texts are few, documents are not."""
        values = sorted({value for part in parts for value in part.values})
        places = {value: place for place, value in enumerate(values)}
        codes = (np.array([places[value] for value in part.values], np.int64)[part.codes] for part in parts)
        return cls(values, np.concatenate([np.array([], np.int64), *codes]))

    def documents_with(self, text: str) -> Ints:
        """The documents that have `text`, in whatever writing, ascending."""
        same = self._places.get(fold(text))
        if same is None:  # nearly always: a query is seldom the name of a columnist
            return np.array([], np.int64)
        return np.flatnonzero(np.isin(self.codes, np.array(same, np.int64)))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, value in enumerate(self.values):
            places.setdefault(fold(value), []).append(place)
        return places


class Mentions:
    """Which terms each document mentions: `ids` one document behind the other, `numbers` how many each has."""

    def __init__(self, numbers: Ints, ids: npt.NDArray[np.int32]) -> None:
        self.numbers = numbers
        self.ids = ids
        self._starts = np.cumsum(numbers) - numbers

    @cached_property
    def documents(self) -> Ints:
        """The document of each mention."""
        return np.repeat(np.arange(len(self.numbers)), self.numbers)

    def of(self, documents: Ints) -> npt.NDArray[np.int32]:
        """The terms that `documents` mention, once for each document that does."""
        numbers = self.numbers[documents]
        shifts = self._starts[documents] - (np.cumsum(numbers) - numbers)
        found: npt.NDArray[np.int32] = self.ids[np.repeat(shifts, numbers) + np.arange(int(numbers.sum()))]
        return found
