"""The code and the settings of a site in one name: equal on every host that serves the same, another after a change."""

from __future__ import annotations

import hashlib
import re
import sys
from functools import cache
from pathlib import Path

from django.conf import settings

_ROOMS = (
    "archive",
    "config",
    "desk",
    "glossary",
    "claims",
    "insight",
    "locale",
    "members",
    "search",
    "static",
    "templates",
    "worker",
)
_OF_A_HOST = frozenset(
    """
    ALLOWED_HOSTS BACKUP_DIR CACHES CSRF_TRUSTED_ORIGINS DATABASES DISK_WARN_MB HAYSTACK_CONNECTIONS LIMITS_LIFTED_FOR
    LOGGING LOG_FORMAT MEDIA_ROOT MEDIA_STORAGE_URL METRICS_TOKEN SEARCH_URL STORAGES TRUSTED_PROXIES
    """.split()
)
"""Settings that say where a host finds or keeps things, and whom it believes: no page shows any of them."""
_PLACE = re.compile(r" at 0x[0-9a-f]+")


@cache
def fingerprint() -> str:
    """Returns 32 hexadecimal digits. Of the settings, those that say where this host keeps things do not count."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    base = Path(settings.BASE_DIR)
    digest.update((base / "requirements.txt").read_bytes())
    for room in _ROOMS:
        for path in sorted((base / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(base)).encode() + b"\0" + path.read_bytes())
    for name in sorted(dir(settings)):
        if name.isupper() and not name.startswith("SECRET_KEY") and name not in _OF_A_HOST:
            value = _PLACE.sub("", _written(getattr(settings, name))).replace(str(base), "")
            if str(settings.DATA_DIR) not in value:
                digest.update(f"{name}={value}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def _written(value: object) -> str:
    """Returns a setting as every process writes it: each has an order of its own for sets.

    >>> _written({"b", "a"}), _written({"x": frozenset({2, 1})})
    ("{'a', 'b'}", "{'x': {1, 2}}")
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_written(each)}' for key, each in value.items())}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_written, value)))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return repr(value)
