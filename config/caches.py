"""CACHES for a CACHE_URL. Settings import this: it imports nothing heavy."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OF_REDIS = ("redis", "rediss", "unix")
"""Plain, with TLS, by a socket of this machine."""
SESSION_COPY_SECONDS = 60
"""How long a copy of a session is believed (SESSIONS=cache). One that was ended while Redis was away ends by then."""


def caches_of(url: str, data_dir: Path, secret_key: str) -> dict[str, dict[str, Any]]:
    """Returns CACHES: `default`; `shared`, for what all processes must agree on; what each process keeps for itself.

    With Redis also `announcements` (archive.announcements) and `sessions`. Raises ImproperlyConfigured when the URL
    names nothing that there is.
    """
    parts = urlsplit(url)
    own = {
        # Pages as they were sent, in each worker's own memory: on average some 10 KB each, compressed.
        "pages": _in_memory("pages", 16 * 1024**2),
        # Parts of pages that are the same in many (archive/templatetags/kept): the frame, contents, texts with links.
        "parts": _in_memory("parts", 8 * 1024**2),
    }
    if parts.scheme == "locmem":
        shared = {
            "BACKEND": "config.shared_cache.SharedFileCache",
            "LOCATION": data_dir / "shared_cache.sqlite3",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
        return {
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": ""},
            "shared": shared,
            **own,
        }
    if parts.scheme not in OF_REDIS or not (parts.hostname or parts.path.strip("/")):
        raise ImproperlyConfigured(
            f"CACHE_URL={re.sub('//[^/]*@', '//…@', url)!r} names no cache: use locmem://, redis://host:6379/0, "
            "or rediss://host:6380/0 with TLS."
        )
    # Sites that share a server do not meet: each has a secret of its own.
    prefix = f"xinwenku-{hashlib.sha256(secret_key.encode()).hexdigest()[:12]}"
    redis = {"BACKEND": "config.redis_cache.ForgivingRedisCache", "LOCATION": url, "KEY_PREFIX": prefix}
    sessions = {**redis, "KEY_PREFIX": f"{prefix}-s", "OPTIONS": {"longest": SESSION_COPY_SECONDS}}
    return {"default": redis, "shared": redis, "announcements": redis, "sessions": sessions, **own}


def _in_memory(name: str, most_bytes: int) -> dict[str, Any]:
    return {
        "BACKEND": "config.kept_pages.WeighedLocMemCache",
        "LOCATION": name,
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 500, "MAX_BYTES": most_bytes},
    }
