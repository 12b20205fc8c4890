"""Who has the form of an issue or article open right now, so that two people do not write the same thing twice.

A browser says every half minute that a form is still open (`static/js/admin/presence.js`); what was not said for two
minutes is over. A hint for people: nothing is locked by it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from archive.kept_forms import OpenForm
from archive.models import Article, Issue

ENDS_AFTER = dt.timedelta(minutes=2)


class Other(NamedTuple):
    """Someone else at the same issue, and the article that they have open; None: the issue itself."""

    name: str
    article_id: int | None


def note_open(obj: Issue | Article, user: AbstractBaseUser) -> None:
    """Notes that `user` has the form of `obj` open now, and forgets forms that were closed without a word."""
    OpenForm.objects.filter(seen_at__lt=timezone.now() - ENDS_AFTER).delete()
    now = {"name": _name(user), "seen_at": timezone.now()}
    OpenForm.objects.update_or_create(defaults=now, **_place(obj) | {"user_id": user.pk})


def note_closed(obj: Issue | Article, user: AbstractBaseUser) -> None:
    """Notes that `user` left the form of `obj`."""
    OpenForm.objects.filter(**_place(obj), user_id=user.pk).delete()


def others_at(obj: Issue | Article, user: AbstractBaseUser) -> list[Other]:
    """Returns who else has `obj` open, by name; of an issue also who has one of its articles open."""
    rows = OpenForm.objects.filter(issue_id=_place(obj)["issue_id"], seen_at__gte=timezone.now() - ENDS_AFTER)
    if isinstance(obj, Article):
        rows = rows.filter(article_id__in=[0, obj.pk])
    found = rows.exclude(user_id=user.pk).order_by("name", "article_id")
    return [Other(row.name, row.article_id or None) for row in found]


def _place(obj: Issue | Article) -> dict[str, Any]:
    if isinstance(obj, Article):
        return {"issue_id": obj.issue_id, "article_id": obj.pk}
    return {"issue_id": obj.pk, "article_id": 0}


def _name(user: AbstractBaseUser) -> str:
    full_name = getattr(user, "get_full_name", str)()
    return (full_name or user.get_username())[:150]
