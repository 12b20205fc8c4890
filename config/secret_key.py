"""The signing key of a site whose operator has not set one: `set_up` makes it, and nothing is served without one."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

REMEDY = "run `manage.py set_up`, which makes one in the data directory, or set SECRET_KEY"


def read_secret_key(path: Path) -> str:
    """Returns the key kept in `path`; empty when none was made yet."""
    return path.read_text(encoding="ascii") if path.exists() else ""


def make_secret_key(path: Path) -> None:
    """Makes the key kept in `path`, readable by its owner only, unless there is one.

    A key that changed at every start would log everybody out, one shipped in the source would let anyone
    sign a session, and asking for one would make the set-up a third command.
    """
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:  # mode 0600
            draft.write(get_random_secret_key())
            draft.flush()
            with contextlib.suppress(FileExistsError):  # of two processes at once, one wins
                os.link(draft.name, path)  # whole or not at all


def require_secret_key() -> None:
    """Raises ImproperlyConfigured, with the remedy, when there is no key, or none for all hosts."""
    for found in check_shared(None):
        raise ImproperlyConfigured(f"{found.msg} {found.hint}.")
    if not has_secret_key():
        raise ImproperlyConfigured(f"There is no SECRET_KEY to sign sessions with: {REMEDY}.")


def has_secret_key() -> bool:
    """Whether a key is set or was made."""
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's answer to an empty one
        return False


def check_shared(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Refuses to run on a database that several hosts may share with a key that this host has made for itself.

    Each would refuse the cookies, links and forms of the others.
    """
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3" or settings.SECRET_KEY_IS_SET:
        return []
    path = settings.DATA_DIR / "secret_key"
    hint = f"set it to what is in {path}" if path.exists() else "set it to a long random text"
    return [
        checks.Error(
            "SECRET_KEY is not set, and the database is one that several hosts may share.",
            hint=f"{hint}, the same on each host (docs/operations.md, PostgreSQL)",
            id="config.E002",
        )
    ]


def check(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """The same for `manage.py check --deploy`."""
    if has_secret_key():
        return []
    return [checks.Error("There is no SECRET_KEY to sign sessions with.", hint=REMEDY, id="config.E001")]
