"""Keeps secrets in the database so that who reads it, or a backup of it, can not use them.

The key is made of SECRET_KEY. What was kept under an earlier one is read with SECRET_KEY_FALLBACKS; without those it is
lost, and its owner is asked to enter it anew.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Unreadable(Exception):
    """What was kept can not be read any more: SECRET_KEY is another one."""


def seal(text: str) -> str:
    """Returns a text as it may be stored; an empty one stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(kept: str) -> str:
    """Returns the text that was sealed. Raises Unreadable."""
    from cryptography.fernet import InvalidToken  # much code, for who has channels alone

    try:
        return _box().decrypt(kept.encode()).decode() if kept else ""
    except InvalidToken:
        raise Unreadable from None


def _box() -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet

    keys: list[str] = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"members.alerts.vault {key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
