"""Warns when others than the site's user may look into the data directory: database, secret key, drafts lie in it."""

from __future__ import annotations

import stat
from typing import Any

from django.conf import settings
from django.core import checks

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def open_to_others() -> str:
    """Says which mode the data directory has, and what helps; empty while only its owner may enter, or it is not made.

    The mode of the directory is enough: whoever may not enter it reaches nothing in it.
    """
    try:
        mode = settings.DATA_DIR.stat().st_mode
    except FileNotFoundError:
        return ""
    if not mode & _OTHERS:
        return ""
    return f"{settings.DATA_DIR} has mode {stat.S_IMODE(mode):04o}: run `chmod 700 {settings.DATA_DIR}`"


def check(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Reports it for `manage.py check --deploy`."""
    said = open_to_others()
    message = "Other users of this machine may look into the data directory."
    return [checks.Warning(message, hint=said, id="config.W003")] if said else []
