"""How often one sender may do something: counted in the cache that all processes share, without keeping who it is.

A sender is an account, or else an address. The count stands under a hash of it, and the hash has a key that is random,
another one every day, and only in the cache as well: when it is gone, nobody can tell whose the count was.

    600/m ─► this minute's count, and of the last minute's the share that lies within the last 60 seconds ─► at most 600
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import sqlite3
import time
from functools import lru_cache

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

from archive.networks import is_within, networks, subscriber
from archive.rate import Rate, seconds_until_room

logger = logging.getLogger(__name__)

KEY_SECONDS = 2 * 86_400
_FAILURES = (OSError, sqlite3.Error)
"""What a cache in files or in a database raises. Redis that is away raises nothing (config/redis_cache.py)."""


def rate_of(limit: str) -> Rate:
    """Returns the rate that settings.LIMITS gives to a limit."""
    return _read(settings.LIMITS[limit])


def sender_of(request: HttpRequest, *, by_address: bool = False) -> str:
    """Returns who is counted: the account that is logged in, wherever it is; else, or `by_address`, the address.

    Empty for those whom nothing limits (LIMITS_LIFTED_FOR).
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if is_within(address, networks(tuple(settings.LIMITS_LIFTED_FOR))):
        return ""
    if not by_address and request.user.is_authenticated:
        return f"account {request.user.pk}"
    return f"address {subscriber(address)}"


def seconds_to_wait(limit: str, sender: str, now: float | None = None) -> int:
    """Counts one more of `sender`, and returns 0; or the seconds until there is room for it, and then counts nothing.

    An empty `sender` never waits. Without the cache nobody does: it shall keep the site answering, not stop it.
    """
    if not sender:
        return 0
    rate = rate_of(limit)
    number, elapsed = divmod(time.time() if now is None else now, rate.seconds)
    try:
        cache = caches["shared"]
        name = f"rate:{limit}:{_anonymous(sender, str(timezone.localdate()))}"
        this, last = (f"{name}:{int(number) - back}" for back in (0, 1))
        counts = cache.get_many([this, last])
        wait = seconds_until_room(rate, elapsed, counts.get(this, 0), counts.get(last, 0))
        if not wait:
            _add_one(this, 2 * rate.seconds)
    except _FAILURES as error:
        logger.warning("requests are not counted, and nobody is limited: %r", error)
        return 0
    return wait


def is_first(what: str, sender: str, seconds: int) -> bool:
    """Whether this is asked for the first time of `sender` within so many seconds. Without the cache it never is."""
    try:
        name = f"first:{what}:{_anonymous(sender, str(timezone.localdate()))}"
        # Redis that is away takes everything and keeps nothing (config/redis_cache.py).
        return caches["shared"].add(name, 1, seconds) and caches["shared"].get(name) is not None
    except _FAILURES:
        return False


def _add_one(key: str, seconds: int) -> None:
    cache = caches["shared"]
    if not cache.add(key, 1, seconds):
        try:
            cache.incr(key)
        except ValueError:  # it was removed just now
            cache.add(key, 1, seconds)


def _anonymous(sender: str, day: str) -> str:
    return hashlib.blake2b(sender.encode(), key=_key(day), digest_size=16).hexdigest()


@lru_cache(maxsize=2)
def _key(day: str) -> bytes:
    """A day's key, which this process asks the cache for once."""
    key = caches["shared"].get_or_set(f"rate.key:{day}", lambda: secrets.token_bytes(32), KEY_SECONDS)
    return bytes(key or b"")


_read = lru_cache(maxsize=64)(Rate.of)
