"""What an answer is: the hits of one page, their scores, and the counts of facets over all hits."""

from __future__ import annotations

from dataclasses import dataclass

Counts = list[tuple[str, int]]
"""Values as text with their counts, the most frequent first; equal counts in the order of the values."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Ids and scores of the articles from `start` to `end`, and how many match in all."""

    total: int
    articles: list[int]
    scores: list[float]
    facets: dict[str, Counts]

    @property
    def size(self) -> int:
        """How many hits and counts it holds."""
        return len(self.articles) + sum(map(len, self.facets.values()))
