"""Saving and deleting terms: admin, radar and commands call these, and nobody writes terms and aliases past them.

terms and aliases are written ─► words_changed ─► writings ─► revision of the words ─► mentions ─► archive.changes
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction

from glossary.current import look_again
from glossary.mentions import reread
from glossary.models import Alias, Revision, Term, Writing
from glossary.writings import keep_writings


def save_term(term: Term, aliases: Iterable[Alias] = (), deleted: Iterable[Alias] = ()) -> None:
    """Saves a term with those of its aliases that changed, and finds again where its writings stand."""
    with transaction.atomic():
        term.save()
        for alias in deleted:
            alias.delete()
        for alias in aliases:
            alias.term = term
            alias.save()
        words_changed([term.pk])


def delete_terms(ids: Collection[int]) -> None:
    """Deletes terms with their aliases. Articles in which they stood are read again: another term may stand there."""
    with transaction.atomic():
        gone = forms_of(ids)
        Term.objects.filter(pk__in=ids).delete()
        words_changed([], gone)


def words_changed(terms: Collection[int] | None = None, gone: Collection[str] = ()) -> None:
    """Brings all in step that is made of the words of these terms (of all, when None).

    `gone` are forms whose terms were deleted. Called in the transaction of the change.
    """
    Revision.objects.renew()
    transaction.on_commit(look_again)
    reread(keep_writings(terms) | {*gone})


def forms_of(terms: Collection[int]) -> set[str]:
    """The forms of these terms: to be asked before they are deleted, because their writings go with them."""
    return set(Writing.objects.filter(term__in=terms).values_list("form", flat=True))
