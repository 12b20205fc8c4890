"""Writes of a test's own, by the use cases that everybody calls.

Models are imported by the functions: the fault runs import this before Django is set up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model

AnyModel = TypeVar("AnyModel", bound="Model")


def save(instance: Model) -> None:
    """Saves an issue, an article, a term or an alias."""
    from archive.editing import save_article, save_issue
    from archive.models import Article, Issue
    from glossary.editing import save_term
    from glossary.models import Alias, Term

    match instance:
        case Article():
            save_article(instance)
        case Issue():
            save_issue(instance)
        case Term():
            save_term(instance)
        case Alias():
            save_term(instance.term, [instance])
        case _:
            raise TypeError(instance)


def create(model: type[AnyModel], **values: Any) -> AnyModel:
    """Makes one of them."""
    instance = model(**values)
    save(instance)
    instance.refresh_from_db()  # dates that were given as text
    return instance


def delete(instance: Model) -> None:
    """Deletes one of them."""
    from archive.editing import delete_article, delete_issue
    from archive.models import Article, Issue
    from glossary.editing import delete_terms, save_term
    from glossary.models import Alias, Term

    match instance:
        case Article():
            delete_article(instance)
        case Issue():
            delete_issue(instance)
        case Term():
            delete_terms([instance.pk])
        case Alias():
            save_term(instance.term, deleted=[instance])
        case _:
            raise TypeError(instance)


def delete_all(instances: Iterable[Model]) -> None:
    """Deletes each of them."""
    for instance in instances:
        delete(instance)


def update(instances: Iterable[Model], **values: Any) -> None:
    """Gives each of them these values and saves it."""
    for instance in instances:
        for name, value in values.items():
            setattr(instance, name, value)
        save(instance)
