"""Makes, revokes and finds tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone

from members import trail
from members.tokens.models import Token

MARK = "xwk_"
"""How every token begins: scanners of public code find by it one that got lost there."""
SHOWN = 9
"""Characters that are kept in the clear, so that members tell their tokens apart."""
MOST = 20
"""Tokens that a member may have."""
NOTED_EVERY = dt.timedelta(hours=1)
"""How exact the last use is: a feed reader that asks each minute is no reason to write each minute."""

logger = logging.getLogger(__name__)


class TooManyTokens(ValueError):
    """The member has MOST tokens."""


class NameTaken(ValueError):
    """The member has a token of this name."""


@transaction.atomic
def make(user: User, name: str, expires_at: dt.datetime | None = None) -> tuple[Token, str]:
    """Makes a token; returns what is kept of it, and the token itself, which nobody sees again.

    Raises NameTaken, TooManyTokens.
    """
    User.objects.select_for_update().get(
        pk=user.pk
    )  # the member's other requests wait: no two of a name, no 21st
    kept = Token.objects.filter(user=user).kept()
    if kept.filter(name=name).exists():
        raise NameTaken(name)
    if kept.count() >= MOST:
        raise TooManyTokens
    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user, name=name, digest=_digest(secret), prefix=secret[:SHOWN], expires_at=expires_at
    )
    trail.record(trail.What.TOKEN_MADE, by=user, target=name)
    return token, secret


@transaction.atomic
def revoke(token: Token) -> None:
    """Ends a token for good."""
    if Token.objects.filter(pk=token.pk).kept().update(revoked_at=timezone.now()):
        trail.record(trail.What.TOKEN_REVOKED, by=token.user, target=token.name)


def find(sent: str) -> Token | None:
    """Returns the token that was sent; None when there is none, it has ended, or its member was deactivated."""
    if not sent.startswith(MARK):
        return None
    usable = Token.objects.usable(timezone.now())
    return usable.filter(digest=_digest(sent)).first()


def note_use(token: Token) -> None:
    """Keeps that the token is in use, to the hour."""
    now = timezone.now()
    if token.last_used_at is not None and now - token.last_used_at < NOTED_EVERY:
        return
    try:
        with transaction.atomic():
            # Of two requests at once with a new token, one is the first.
            if Token.objects.filter(pk=token.pk, last_used_at=None).update(last_used_at=now) == 0:
                Token.objects.filter(pk=token.pk).update(last_used_at=now)
            else:
                trail.record(trail.What.TOKEN_FIRST_USED, by=token.user, target=token.name)
    except DatabaseError as error:  # whoever reads can go on reading while nothing can be written
        logger.warning("the last use of token %s could not be stored: %s", token.pk, error)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
