"""The portable archive that a site offers: made by the worker, and offered for as long as it is true.

    settings.PORTABLE_ARCHIVE    none · text · figures
    DATA_DIR/portable/archive.html    and archive.json beside it: of which state of the archive it is, and what it holds

What was withdrawn or corrected must not go on in a file: one of an older state is not given away, until the worker has
made the next.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from archive.atomic import remove_drafts, replace_text
from archive.models import Issue, Revision
from search.portable.contents import published_issues
from search.portable.issue import PortableIssue
from search.portable.page import Written, write_archive

logger = logging.getLogger(__name__)

NONE, TEXT, FIGURES = CHOICES = ("none", "text", "figures")
"""What settings.PORTABLE_ARCHIVE may be."""


FORMAT = 1
"""Raise it when the file is made otherwise: each site makes its own anew."""


class Edition(NamedTuple):
    """The file that there is."""

    state: str
    """Of the archive, and what it was made with."""
    made_at: dt.datetime
    issues: int
    articles: int
    bytes: int


def is_offered() -> bool:
    """Whether the site offers a portable archive."""
    return bool(settings.PORTABLE_ARCHIVE != NONE)


def is_due() -> bool:
    """Whether the site offers one, and that of the archive's present state is still to be made."""
    return is_offered() and current() is None


def write(path: Path, issues: Iterable[PortableIssue]) -> Written:
    """Writes a portable archive of today. Raises OSError when it can not be written."""
    today = timezone.localdate()
    made_on = f"{today.year}年{today.month}月{today.day}日做成"
    return write_archive(path, issues, settings.SITE_NAME, made_on)


def bring_up_to_date() -> bool:
    """Makes the file anew if it is not of the archive's present state. Returns whether it was made."""
    if not is_due():
        return False
    state = _state()  # before it is read: what changes meanwhile makes another one
    path = file_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for kept in (path, _note_path()):
        remove_drafts(kept)
    written = write(path, published_issues(with_pictures=settings.PORTABLE_ARCHIVE == FIGURES))
    note = {
        "state": state,
        "made_at": timezone.now().isoformat(),
        "issues": written.issues,
        "articles": written.articles,
    }
    replace_text(_note_path(), json.dumps(note))
    logger.info("made the portable archive: %d issues, %d articles", written.issues, written.articles)
    return True


def current() -> Edition | None:
    """Returns the file that may be given away: of the present state; None while there is none."""
    edition = _edition()
    return edition if edition is not None and edition.state == _state() else None


def file_path() -> Path:
    """Where the worker puts it."""
    return Path(settings.DATA_DIR) / "portable" / "archive.html"


def _note_path() -> Path:
    return file_path().with_suffix(".json")


def _state() -> str:
    with_what = f"{FORMAT} {settings.PORTABLE_ARCHIVE} {settings.SITE_NAME}"
    return f"{with_what} {Revision.objects.current()} {Issue.objects.published().count()}"


def _edition() -> Edition | None:
    """What the note beside the file says; None when there is none, or it can not be read."""
    try:
        note: dict[str, Any] = json.loads(_note_path().read_text(encoding="utf-8"))
        made_at = dt.datetime.fromisoformat(note["made_at"])
        size = file_path().stat().st_size
        return Edition(note["state"], made_at, int(note["issues"]), int(note["articles"]), size)
    except (OSError, ValueError, KeyError, TypeError):
        return None
