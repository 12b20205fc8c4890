"""Keeps the day on which an account was used last, and nothing of what it was used for."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from members.people.models import LastSeen

logger = logging.getLogger(__name__)

WRITTEN_EVERY_SECONDS = 3600


class LastSeenMiddleware:
    """Notes the day after a page that asked who is there: a page that does not is not kept from shared caches.

    The database is written at most once an hour for an account, and never in place of the answer: what can not be
    written is left.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        session = getattr(request, "session", None)
        if session is not None and session.accessed and request.user.is_authenticated:
            _note(request.user.pk)
        return response


def _note(user_id: int) -> None:
    today = timezone.localdate()
    if not cache.add(f"last-seen:{user_id}:{today}", 1, WRITTEN_EVERY_SECONDS):
        return
    seen = LastSeen(user_id=user_id, day=today)
    try:
        LastSeen.objects.bulk_create(
            [seen], update_conflicts=True, unique_fields=["user"], update_fields=["day"]
        )
    except DatabaseError:
        logger.warning("the day on which account %d was used could not be written", user_id, exc_info=True)
