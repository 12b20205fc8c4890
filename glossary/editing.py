"""Saving and deleting terms: admin, radar and commands call these, and nobody writes terms and aliases past them.

terms and aliases are written ─► words_changed ─► writings ─► revision of the words ─► mentions ─► archive.changes
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from archive import audit
from archive.models import Article
from glossary.current import look_again
from glossary.matching import Matcher
from glossary.mentions import reindex_mentions
from glossary.models import Alias, PendingForm, Revision, Term, Writing
from glossary.tasks import find_pending_forms
from glossary.writings import Pair, sync_forms
from worker.backend import enqueue_once


def save_term(term: Term, aliases: Iterable[Alias] = (), deleted: Iterable[Alias] = ()) -> None:
    """Saves a term with those of its aliases that changed, and finds again where its writings stand."""
    with transaction.atomic():
        what = "新建" if term._state.adding else "修改"
        term.save()
        for alias in deleted:
            alias.delete()
        for alias in aliases:
            alias.term = term
            alias.save()
        words_changed([term.pk])
        audit.note("words_changed", term, detail=what)


def delete_terms(ids: Collection[int]) -> None:
    """Deletes terms with their aliases. Articles in which they stood are read again: another term may stand there."""
    with transaction.atomic():
        gone = pairs_of(ids)
        for name in Term.objects.filter(pk__in=ids).values_list("name", flat=True):
            audit.note("words_changed", name, detail="删除")
        Term.objects.filter(pk__in=ids).delete()
        words_changed([], gone)


def words_changed(terms: Collection[int] | None = None, gone: Collection[Pair] = ()) -> None:
    """Brings all in step that is made of the words of these terms (of all, when None).

    `gone` are writings whose terms were deleted. Called in the transaction of the change. Where many articles would
    have to be read, that transaction holds the words alone, and the worker finds the mentions: nobody's save waits.
    """
    Revision.objects.renew()
    transaction.on_commit(look_again)
    changed = sync_forms(terms) | {*gone}
    if not changed:
        return
    forms = {form for form, _ in changed}
    limit = settings.GLOSSARY_READS_AT_ONCE
    if Article.objects.count() <= limit:
        reindex_mentions(forms)
    elif (few := _candidates(forms, limit)) is not None:
        reindex_mentions(forms, few)
    else:
        PendingForm.objects.bulk_create(PendingForm(form=form, term=term) for form, term in sorted(changed))
        enqueue_once(find_pending_forms)


def _candidates(forms: Collection[str], limit: int) -> Collection[int] | None:
    """Asks the room that can tell which articles may hold these forms; None when there are more than `limit`."""
    find: Callable[[Collection[str], int], Collection[int] | None] = import_string(
        settings.GLOSSARY_CANDIDATES
    )
    return find(Matcher(dict.fromkeys(forms, 0)).keys, limit)


def pairs_of(terms: Collection[int]) -> set[Pair]:
    """The writings of these terms: to be asked before they are deleted, because their writings go with them."""
    return set(Writing.objects.filter(term__in=terms).values_list("form", "term"))
