"""Where an account is logged in. Django keeps whose session one is inside of it: all are read."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone


def sessions_of(user: User) -> Iterator[Session]:
    """Yields the sessions in which somebody is logged in."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session


def end_sessions(user: User) -> None:
    """Ends every session of somebody, by whatever stores them (SESSION_ENGINE)."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in sessions_of(user):
        store(session.session_key).delete()
