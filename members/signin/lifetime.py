"""How long a session lasts: two weeks; an editor's twelve hours, and one hour without a request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

logger = logging.getLogger(__name__)

EDITOR_SECONDS = 12 * 3600
EDITOR_IDLE_SECONDS = 3600
NOTED_EVERY_SECONDS = 300
"""So exactly a session knows when it was last used; each time it is noted costs a write."""
BEGAN, SEEN = "began", "seen"


@receiver(user_logged_in, dispatch_uid="members.signin.lifetime")
def begin(request: HttpRequest, **kwargs: Any) -> None:
    """Notes when the session began. Follows every log-in."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


class SessionLifetimeMiddleware:
    """Ends an editor's session that is too old or too idle, and notes when each was last used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without the cookie nobody looks into the session: an answer that is the same for all says no `Vary: Cookie`.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._look(request, int(time.time()))
        return self._get_response(request)

    def _look(self, request: HttpRequest, now: int) -> None:
        session = request.session
        began, seen = session.get(BEGAN, now), session.get(SEEN, 0)
        is_editors_over = now - began > EDITOR_SECONDS or (seen and now - seen > EDITOR_IDLE_SECONDS)
        is_over = now - began > settings.SESSION_COOKIE_AGE  # the browser's own count is the browser's affair
        if is_over or (is_editors_over and request.user.is_staff):
            UserSession.objects.filter(session_key=session.session_key).delete()
            logout(request)
        elif request.user.is_authenticated and now - seen > NOTED_EVERY_SECONDS:
            session[BEGAN], session[SEEN] = began, now
            self._note(request)

    @staticmethod
    def _note(request: HttpRequest) -> None:
        """Stores it at once: a full disk must not cost the page, as it would when the session is stored at its end."""
        try:
            address = get_adapter().get_client_ip(request)
            listed = UserSession.objects.filter(session_key=request.session.session_key)
            if not listed.update(last_seen_at=timezone.now(), ip=address):
                UserSession.objects.create_from_request(request)
            request.session.save()
        except DatabaseError as error:
            logger.warning("when a session was last used was not noted: %s", error)
        request.session.modified = False
