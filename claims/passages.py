"""Claims as readers meet them: one row for a sentence, with all the numbers that it states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from django.utils.safestring import SafeString

from archive.excerpts import marked
from archive.models import Article
from claims.models import Claim


class Passage(NamedTuple):
    """A sentence of an article, and the numbers that are shown of it, in its order."""

    claims: Sequence[Claim]

    @property
    def article(self) -> Article:
        return self.claims[0].article

    @property
    def address(self) -> str:
        return self.claims[0].address

    @property
    def html(self) -> SafeString:
        """The sentence, its numbers marked."""
        sentence = self.claims[0].sentence
        return marked(sentence, self.claims, 0, len(sentence))


def passages(claims: Iterable[Claim]) -> list[Passage]:
    """Returns the rows of these claims, which come in their order. A sentence about several has a row for each."""
    return [Passage(list(group)) for _, group in groupby(claims, _row_of)]


def _row_of(claim: Claim) -> tuple[object, ...]:
    return claim.article_id, claim.anchor, claim.sentence, claim.subject_id
