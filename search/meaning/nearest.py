"""The model of this site, and what it guesses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from glossary.vocabulary import current_vocabulary
from search.meaning import store
from search.meaning.base import Model, Near
from search.meaning.lsa import Space
from search.text.analysis import words

MIN_LIKENESS = 0.35
"""Below it, of the questions that are judged (fixtures/judgments_meaning.tsv, the open half), next to none is right."""

_latest = store.Latest()


@dataclass(frozen=True)
class LatentSemantics:
    """What latent semantic analysis of the archive's own texts guesses."""

    space: Space

    def nearest(self, text: str, limit: int) -> list[Near]:
        near = self.space.nearest(Counter(words(text, current_vocabulary())), limit)
        return [Near(pk, likeness) for pk, likeness in near if likeness >= MIN_LIKENESS]


def current_model() -> Model | None:
    """Returns the model that was learnt last; None until the worker has learnt one."""
    space = _latest.get()
    return None if space is None else LatentSemantics(space)
