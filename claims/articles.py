"""What an article states in numbers: read from its text, paragraph by paragraph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache

from archive.models import Article
from claims.models import Claim
from claims.reading import SUBJECT_KINDS, Statement, read_statements
from glossary.matching import Match, Matcher
from glossary.models import Term

MOST_CLAIMS = 500
"""Of one article: what has more is a table of a statistical office, and readers have its text."""
_LARGEST = Decimal(10) ** 18
_PLACES = Decimal("1e-9")


def claims_of(article: Article, matcher: Matcher, subjects: Collection[int]) -> list[Claim]:
    """Returns what an article states, in its order; of several times the same number in a sentence, each.

    `subjects` are the ids of the terms that a number can be said of. What the title states and the text states again
    is named with the text alone, unless the title alone says of whom.
    """

    def find_terms(sentence: str) -> list[Match]:
        return [match for match in matcher.find(sentence) if match.term in subjects]

    body = [
        (block.anchor, statement)
        for block in article.blocks
        for statement in read_statements(block.text, find_terms)
        if _is_storable(statement)
    ]
    said = {what for _, statement in body for what in (_what(statement), (*_what(statement)[:-1], None))}
    title = [
        ("", statement)
        for statement in read_statements(article.title, find_terms)
        if _what(statement) not in said and _is_storable(statement)
    ]
    return [
        _claim(article, place, anchor, statement)
        for place, (anchor, statement) in enumerate([*title, *body][:MOST_CLAIMS])
    ]


@lru_cache(maxsize=2)
def subject_ids(revision: str) -> frozenset[int]:
    """Returns the ids of the terms that a number can be said of, at a revision of the words (glossary.current)."""
    return frozenset(Term.objects.filter(kind__in=SUBJECT_KINDS).values_list("pk", flat=True))


def _what(statement: Statement) -> tuple[object, ...]:
    found = statement.found
    return found.kind, found.low, found.high, found.unit, statement.subject


def _claim(article: Article, place: int, anchor: str, statement: Statement) -> Claim:
    found = statement.found
    claim = Claim(article=article, place=place, kind=found.kind, unit=found.unit, qualifier=found.qualifier)
    claim.subject_id, claim.anchor, claim.sentence = statement.subject, anchor, statement.sentence
    claim.start, claim.end = found.start, found.end
    if isinstance(found.low, str) or isinstance(found.high, str):
        claim.since, claim.until = (dt.date.fromisoformat(str(day)) for day in (found.low, found.high))
    else:
        claim.low, claim.high = found.low.quantize(_PLACES), found.high.quantize(_PLACES)
    return claim


def _is_storable(statement: Statement) -> bool:
    """Whether the database can hold its number as it is. A longer one is no measure of anything, but some code."""
    found = statement.found
    return all(
        isinstance(value, str) or (abs(value) < _LARGEST and value == value.quantize(_PLACES))
        for value in (found.low, found.high)
    )
