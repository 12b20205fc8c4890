"""Compares writings and mentions with names, aliases and texts, and mends what was written past the use cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.db import transaction

from glossary.current import current_matcher, look_again
from glossary.editing import words_changed
from glossary.matching import Matcher
from glossary.mentions import Batch, differing, rebuild_mentions
from glossary.models import Writing
from glossary.writings import wanted_pairs


class Comparison(NamedTuple):
    """What differs."""

    forms: list[str]
    """Of writings that are stored, or known to this process, and should not be; or the other way round."""
    articles: list[int]
    """Whose text has other mentions than are stored."""

    @property
    def is_equal(self) -> bool:
        return not self.forms and not self.articles


def compare() -> Comparison:
    """Finds the mentions of every article again and compares. Takes no lock, and some seconds for 10,000 articles."""
    wanted = wanted_pairs()
    look_again()
    known = set(
        current_matcher().writings.items()
    )  # of terms that went without a word, this process knows still
    stored = set(Writing.objects.values_list("form", "term"))
    forms = sorted({form for form, _ in (wanted ^ stored) | (wanted ^ known)})
    matcher = Matcher(dict(wanted))
    articles = differing(matcher)
    # Twice: one that was saved in the middle of the first look differed from itself.
    return Comparison(forms, differing(matcher, articles) if articles else [])


def mend(
    found: Comparison | None = None, progress: Callable[[Sequence[Batch]], Iterable[Batch]] | None = None
) -> list[int]:
    """Finds again what `compare` found to differ, or everything when None. Returns the articles that changed."""
    with transaction.atomic():
        words_changed()
    if found is not None and not found.articles:
        return []
    return rebuild_mentions(progress, found.articles if found else None)
