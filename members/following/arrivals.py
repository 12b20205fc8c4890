"""In which order articles became visible: what is news for whoever was here before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef

from archive.models import Article
from members.following.models import Arrival

MOST = 5000
"""So many arrivals are news at most: a whole archive of back issues that was brought in is a number, and no list."""


class Arrived(NamedTuple):
    """An article that arrived, and its place in the order."""

    number: int
    article: int
    at: dt.datetime


def note(article_ids: Collection[int]) -> int:
    """Numbers those of the articles that are visible for the first time, in the transaction that makes them so.

    Returns how many there are. The revision of the archive is locked until the change commits, so that numbers are
    given in the order of commits: none is written below one that somebody has read up to.
    """
    known = Arrival.objects.filter(article=OuterRef("pk"))
    visible = Article.objects.published().filter(pk__in=article_ids).exclude(Exists(known))
    new = [*visible.order_by("issue__end_date", "issue", "position").values_list("pk", flat=True)]
    Arrival.objects.bulk_create([Arrival(article_id=pk) for pk in new], ignore_conflicts=True)
    return len(new)


def latest() -> int:
    """Returns the number of the last arrival; 0 before the first."""
    number: int | None = Arrival.objects.aggregate(number=Max("pk"))["number"]
    return number or 0


def since(number: int) -> list[Arrived]:
    """Returns what arrived after a number and is visible now, the last first; MOST at most."""
    visible = Arrival.objects.filter(pk__gt=number, article__in=Article.objects.published())
    return [
        Arrived(*row) for row in visible.order_by("-pk").values_list("pk", "article", "arrived_at")[:MOST]
    ]
