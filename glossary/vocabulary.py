"""The glossary as search uses it: the terms in a text, and what each of them is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from glossary.current import current_matcher
from glossary.matching import Match, Matcher
from glossary.models import Term


class Known(NamedTuple):
    """A term: its name, its kind, its address, and all its writings, the name first."""

    name: str
    kind: str
    slug: str
    writings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """One state of the glossary. Immutable, so that threads and caches can share it."""

    matcher: Matcher
    terms: dict[int, Known] = field(repr=False)

    def find(self, text: str) -> Sequence[Match]:
        """Returns where terms stand in `text`."""
        return self.matcher.find(text)

    def writings(self) -> Iterator[str]:
        """Yields every writing of every term."""
        for term in self.terms.values():
            yield from term.writings


@lru_cache(maxsize=8)
def without(vocabulary: Vocabulary, terms: frozenset[int]) -> Vocabulary:
    """Returns `vocabulary` as if it had never had these terms: what they covered is free for others."""
    writings = {writing: term for writing, term in vocabulary.matcher.writings.items() if term not in terms}
    return Vocabulary(
        Matcher(writings), {pk: term for pk, term in vocabulary.terms.items() if pk not in terms}
    )


KIND_LABELS: dict[str, str] = {str(value): str(label) for value, label in Term.Kind.choices}
"""The kinds of terms in the words that members read, in their order."""


def current_vocabulary() -> Vocabulary:
    """Returns the glossary as it was at most a second ago. Asks the database only when it has changed."""
    return _vocabulary(current_matcher())


@lru_cache(maxsize=1)
def _vocabulary(matcher: Matcher) -> Vocabulary:
    return Vocabulary(
        matcher,
        {
            term.pk: Known(
                term.name, term.kind, term.slug, (term.name, *(alias.text for alias in term.aliases.all()))
            )
            for term in Term.objects.prefetch_related("aliases")
        },
    )
