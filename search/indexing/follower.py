"""Notes what changes in the outbox, and brings it into the index after the commit, as far as that is quick.

archive.changes ─► note_changes ─► outbox.note ─ after the commit ─► sync.drain
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import connection, transaction
from django.db.utils import Error as DatabaseError

from archive.models import Article
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import outbox, sync

logger = logging.getLogger(__name__)

SAVE_WAITS_SECONDS = 0.1
"""How long a save waits for another process that writes the index. Then it leaves its changes to that process."""
SAVE_INDEXES = 50
"""Changes that a save brings into the index itself while a server is there that takes the rest."""


def note_changes(
    article_ids: Collection[int], texts: Collection[Article], issue_ids: Collection[int]
) -> None:
    """Writes the changes down in the outbox. Follows every change of articles (ARCHIVE_FOLLOWERS)."""
    if article_ids or issue_ids:
        outbox.note(article_ids, issue_ids)
        # Once: a week of ten articles is ten changes, and one write of the index.
        if not any(entry[1] is _drain_after_commit for entry in connection.run_on_commit):
            transaction.on_commit(_drain_after_commit, robust=True)


def _drain_after_commit() -> None:
    """Indexes what was changed, as far as that can be done at once.

    The saved text is safe whatever happens here: the changes stay, and the next drain takes them.
    """
    try:
        if not current_engine().is_locked("maintain"):
            sync.drain(SAVE_WAITS_SECONDS)
        elif not _is_much():
            # Once: while others go on saving, who drains until nothing waits would never come back to its editor.
            sync.take_along(SAVE_WAITS_SECONDS, batches=1)
    except TimeoutError:
        logger.info("another process writes the index; it takes this change along")
    except IndexUnavailable as reason:
        logger.warning("the change is saved but not searchable yet: %s", reason)
    except (OSError, DatabaseError):
        logger.exception("the change is saved but not searchable yet; `manage.py update_index` tries again")


def _is_much() -> bool:
    """Whether it takes longer than a save may: then the server that looks after the index does it."""
    if current_engine().is_empty:
        return True
    return len(sync.waiting(limit=SAVE_INDEXES + 1).numbers) > SAVE_INDEXES
