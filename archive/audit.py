"""Tells who keeps a trail of what was done to the archive; `AUDIT_RECORDERS` in the settings names them.

The rooms below `members` do not know who keeps it: they say that something was published, deleted, exported, in the
transaction of the change, and a change that is undone leaves no word.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.utils.module_loading import import_string


def note(what: str, target: Model | str, by: AbstractBaseUser | None = None, detail: str = "") -> None:
    """Says that `what` (`published`, `deleted`, …: a value of `members.trail.What`) was done to `target`.

    Without `by` it was whoever sent the request that is being answered; outside of one, the system.

    >>> note("published", issue, by=user)                       # doctest: +SKIP
    """
    for path in getattr(settings, "AUDIT_RECORDERS", ()):
        import_string(path)(what, by=by, target=target, detail=detail)
