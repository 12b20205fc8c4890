"""Pages of a list that only grows: from one event on, not by number. No page has to read those before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q

from members.trail.models import Event, EventQuerySet

A_PAGE = 50


class EventPage(NamedTuple):
    """Some events, the newest first, and from which one the next pages begin; None: there are no more."""

    events: Sequence[Event]
    newer: int | None
    older: int | None


def page_of(events: EventQuerySet, before: int | None = None, after: int | None = None) -> EventPage:
    """Returns the events before the one with this id, or after it; the newest for an id that is gone."""
    from_here = Event.objects.filter(pk=before or after or 0).values("pk", "at").first()
    if from_here is None:
        found = list(events[: A_PAGE + 1])
        return _page(found[:A_PAGE], has_newer=False, has_older=len(found) > A_PAGE)
    at, pk = from_here["at"], from_here["pk"]
    if before:
        found = list(events.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)[: A_PAGE + 1])
        return _page(found[:A_PAGE], has_newer=True, has_older=len(found) > A_PAGE)
    upwards = events.filter(Q(at__gt=at) | Q(at=at, pk__gt=pk), at__gte=at).order_by("at", "pk")
    found = list(upwards[: A_PAGE + 1])
    return _page(found[:A_PAGE][::-1], has_newer=len(found) > A_PAGE, has_older=True)


def _page(events: list[Event], *, has_newer: bool, has_older: bool) -> EventPage:
    newer = events[0].pk if events and has_newer else None
    return EventPage(events, newer, events[-1].pk if events and has_older else None)
