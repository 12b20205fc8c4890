"""Keeps the `Writing` rows in step with names and aliases."""

from __future__ import annotations

from collections.abc import Collection

from glossary.matching import form_of
from glossary.models import Alias, Term, Writing

Pair = tuple[str, int]
"""A form and the id of its term."""


def sync_forms(terms: Collection[int] | None = None) -> set[Pair]:
    """Brings the writings of these terms (all, when None) in step. Returns those that came, went or moved.

    Raises IntegrityError when two terms share a form: the forms of admin and import say so in words before.
    """
    wanted = wanted_pairs(terms)
    if terms is not None:
        # A form that moved here from another term is still in that one's writings.
        losers = Writing.objects.filter(form__in=[form for form, _ in wanted]).exclude(term__in=terms)
        terms = {*terms, *losers.values_list("term", flat=True)}
        wanted = wanted_pairs(terms)
    stored_rows = Writing.objects.all() if terms is None else Writing.objects.filter(term__in=terms)
    stored: set[Pair] = set(stored_rows.values_list("form", "term"))
    if wanted == stored:
        return set()
    Writing.objects.filter(form__in=[form for form, _ in stored - wanted]).delete()
    Writing.objects.bulk_create(Writing(form=form, term_id=term) for form, term in sorted(wanted - stored))
    return wanted ^ stored


def wanted_pairs(terms: Collection[int] | None = None) -> set[Pair]:
    """What the writings of these terms (of all, when None) should be."""
    names, aliases = Term.objects.values_list("name", "pk"), Alias.objects.values_list("text", "term")
    if terms is not None:
        names, aliases = names.filter(pk__in=terms), aliases.filter(term__in=terms)
    return {(form_of(text), term) for text, term in [*names, *aliases]}
