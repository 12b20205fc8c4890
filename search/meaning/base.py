"""The port to what guesses by meaning: any model that can name the articles nearest to a text."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Near(NamedTuple):
    """An article near in meaning, 1 for the same direction. It may have been withdrawn or deleted since."""

    pk: int
    likeness: float


class Model(Protocol):
    """What was learnt of one state of the archive. Threads share it."""

    def nearest(self, text: str, limit: int) -> list[Near]:
        """Returns the articles nearest to `text`, the nearest first; none when it has nothing to go by."""
