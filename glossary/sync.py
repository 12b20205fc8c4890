"""Keeps what is made from terms and articles in step with them: writings, revision, mentions.

Article saved ──────────────────────────────► keep_mentions
Term, Alias saved or deleted ─► renew revision ─► keep_writings ─► reread
                                                     └── once for several, within `one_reading` ──┘
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete

from archive.models import Article
from glossary.current import look_again
from glossary.mentions import keep_mentions, reread
from glossary.models import Alias, Revision, Term, Writing
from glossary.writings import keep_writings

_TEXT_FIELDS = {"title", "body", "source"}


def connect_signals() -> None:
    """Listens to changes of articles, terms and aliases. Called once, when the app is ready."""
    post_save.connect(_article_saved, sender=Article, dispatch_uid="glossary.sync")
    post_save.connect(_term_saved, sender=Term, dispatch_uid="glossary.sync")
    pre_delete.connect(_term_going, sender=Term, dispatch_uid="glossary.sync")
    post_save.connect(_alias_changed, sender=Alias, dispatch_uid="glossary.sync")
    post_delete.connect(_alias_changed, sender=Alias, dispatch_uid="glossary.sync")


_collected: ContextVar[set[str] | None] = ContextVar("collected", default=None)
"""Forms that came or went since `one_reading` began."""


@contextmanager
def one_reading() -> Iterator[None]:
    """Terms and aliases that are saved in it are one transaction, and the articles are read once, at its end.

    Without it a term that is saved with five aliases reads the archive six times.
    """
    if _collected.get() is not None:  # a part of a larger one
        yield
        return
    forms: set[str] = set()
    token = _collected.set(forms)
    try:
        with transaction.atomic():
            yield
            reread(forms)
    finally:
        _collected.reset(token)


def words_changed() -> None:
    """Brings everything in step after terms or aliases were written in bulk, which sends no signals.

    To be called in the same transaction.
    """
    _renew_revision()
    _reread(keep_writings())


def _renew_revision() -> None:
    Revision.objects.renew()
    transaction.on_commit(look_again)


def _reread(forms: set[str]) -> None:
    collected = _collected.get()
    if collected is None:
        reread(forms)
    else:
        collected |= forms


def _article_saved(
    sender: type[Article], instance: Article, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    if not raw and (update_fields is None or _TEXT_FIELDS & set(update_fields)):
        keep_mentions(instance)


def _term_saved(sender: type[Term], instance: Term, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        _renew_revision()
        _reread(keep_writings({instance.pk}))


def _term_going(sender: type[Term], instance: Term, **kwargs: Any) -> None:
    """Before it goes, because its writings go with it and nobody could tell any more which they were."""
    _renew_revision()
    writings = Writing.objects.filter(term=instance)
    forms = set(writings.values_list("form", flat=True))
    writings.delete()
    _reread(forms)


def _alias_changed(
    sender: type[Alias], instance: Alias, raw: bool = False, origin: Any = None, **kwargs: Any
) -> None:
    # `origin`, of a deletion, is the object or queryset that it began with.
    goes_with_its_term = origin is not None and not (
        isinstance(origin, Alias) or getattr(origin, "model", None) is Alias
    )
    if not raw and not goes_with_its_term:
        _renew_revision()
        _reread(keep_writings({instance.term_id}))
