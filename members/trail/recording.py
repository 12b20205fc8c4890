"""Writes an event: a row in the transaction of what was done, and after its commit a line in the log."""

from __future__ import annotations

import json
import logging
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from members.addresses import client_address
from members.trail.middleware import current_request
from members.trail.models import MAX_AGENT, MAX_DETAIL, MAX_NAME, MAX_TARGET, SYSTEM, Event, What

logger = logging.getLogger("trail")

_WARNINGS = {What.LOGIN_FAILED, What.LOCKED}


def record(
    what: What | str,
    *,
    by: Any = None,
    request: HttpRequest | None = None,
    target: models.Model | str = "",
    detail: str = "",
) -> Event:
    """Keeps that somebody did something; returns the event.

    `by` is the user; without one, whoever sent the request, and outside of a request the system. `request` is the
    one that is being answered, unless another is given. `target` is what it was done to: a row, which is linked to
    its form in the admin, or its name. Call it in the transaction of the change. Raises ValueError for an unknown
    `what`.

    >>> record(What.PUBLISHED, by=user, target=issue)           # doctest: +SKIP
    """
    request = request or current_request()
    if by is None and request is not None:
        by = getattr(request, "user", None)
    user = by if isinstance(by, User) and by.pk else None
    event = Event.objects.create(
        what=What(what),
        user=user,
        name=_line(user.get_username() if user else "" if request else SYSTEM, MAX_NAME),
        address=client_address(request) if request else "",
        agent=_line(request.headers.get("User-Agent", ""), MAX_AGENT) if request else "",
        target=_line(name_of(target), MAX_TARGET),
        link=_form_of(target),
        detail=_line(detail, MAX_DETAIL),
    )
    transaction.on_commit(partial(_log, event), robust=True)
    return event


def name_of(target: models.Model | str) -> str:
    """Returns how an event names what it is about; an account by the name that it logs in with."""
    return target.get_username() if isinstance(target, AbstractBaseUser) else str(target)


def log_line(event: Event) -> str:
    """Returns an event as a line of `key=value`, the same keys in the same order in every one.

    The address stands before everything that somebody could have typed, and texts are in quotation marks as JSON
    has them, so that no text makes a second line or another key.

    >>> log_line(Event(what="login_failed", address="203.0.113.7", target="a\\nb"))
    'what=login_failed address=203.0.113.7 name="" target="a\\\\nb" detail="" agent=""'
    """
    texts = ((key, getattr(event, key)) for key in ("name", "target", "detail", "agent"))
    quoted = " ".join(f"{key}={_quoted(text)}" for key, text in texts)
    return f"what={event.what} address={event.address or '-'} {quoted}"


def _log(event: Event) -> None:
    level = logging.WARNING if event.what in _WARNINGS else logging.INFO
    logger.log(level, "%s", log_line(event))


def _quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return "".join(
        sign if sign.isprintable() else json.dumps(sign, ensure_ascii=True)[1:-1] for sign in written
    )


def _line(text: str, most: int) -> str:
    """Returns a text as one line that fits its column. What can not be seen is left out."""
    line = "".join(sign if sign.isprintable() else " " for sign in text[: 10 * most])
    line = " ".join(line.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _form_of(target: models.Model | str) -> str:
    if isinstance(target, str) or target.pk is None:
        return ""
    if isinstance(target, AbstractBaseUser):
        return reverse("people:person", args=[target.pk])
    try:
        return reverse(f"admin:{target._meta.app_label}_{target._meta.model_name}_change", args=[target.pk])
    except NoReverseMatch:
        return ""
