"""Candidates for terms, as the radar finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Example(NamedTuple):
    """A use of the word: `before` + `word` + `after`, and the article; None in a text that is no article yet."""

    article_id: int | None
    title: str
    date: str
    before: str
    word: str
    after: str


@dataclass(frozen=True)
class Candidate:
    """A word that the glossary lacks."""

    text: str
    """In its most frequent writing."""
    form: str
    """What all its writings share (glossary.matching.form_of)."""
    kind: str
    """A guess: one of Term.Kind."""
    pieces: tuple[str, ...]
    """How the search cuts it now."""
    count: int
    """How often it stands in the texts that were read."""
    articles: int
    """Published articles that hold it, in the whole archive."""
    recent: int
    """Those of them in the last RISE_WEEKS weeks of the archive."""
    earlier: int
    """Those in as many weeks before."""
    score: float
    examples: Sequence[Example] = ()

    @property
    def rise(self) -> int:
        """Returns by how many articles the last weeks exceed those before."""
        return self.recent - self.earlier
