"""The state of something in the database, by a name that is another one after every change of it.

What is made from that something (a matcher of the words, a page) is kept under this name, and is as good as
new while the name stands: one query of one row tells.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, models

from archive.announcements import Known, announce


def current_values(*revisions: type[models.Model]) -> tuple[str, ...]:
    """The states that this transaction sees, of several of these models in one statement; empty before a change.

    Each page asks; to have Django write the statement takes ten times as long as the database takes.
    """
    with connection.cursor() as cursor:
        name = connection.ops.quote_name
        asked = ", ".join(f"(SELECT value FROM {name(one._meta.db_table)})" for one in revisions)  # noqa: S608
        cursor.execute(f"SELECT {asked}")
        return tuple(value or "" for value in cursor.fetchone())


class RevisionManager(models.Manager[Any]):
    def current(self) -> str:
        """The state that this transaction sees; empty before the first change."""
        return current_values(self.model)[0]

    def locked(self) -> str:
        """As `current`; and no other transaction renews it before this one ends."""
        return self.select_for_update().values_list("value", flat=True).first() or ""

    def renew(self) -> None:
        """Notes a change in the transaction that makes it; others that would, wait for its end."""
        self.bulk_create(
            [self.model(pk=1, value=uuid.uuid4().hex)],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["value"],
        )
        announce()


class AbstractRevision(models.Model):
    """One row: another value after every change, in the transaction that makes it.

    Random rather than counted: a count that was rolled back comes again, for another state, and a process that
    saw it before would keep what it made of it for ever.
    """

    value = models.CharField(max_length=32)

    objects = RevisionManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.value


class Revision(AbstractRevision):
    """The state of what members may see of issues, articles and figures: one that is withdrawn changes it too.

    Drafts leave it as it is (archive.changes).
    """

    class Meta:
        verbose_name = verbose_name_plural = "文库版本"


known_revision = Known(Revision.objects.current).get
"""Returns the state of the archive for a page: who asks in a transaction gets what that sees."""
