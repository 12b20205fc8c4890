"""What the worker does for the glossary: finds the mentions of words that changed in a large archive."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from archive.changes import articles_changed
from glossary.mentions import reindex_in_batches
from glossary.models import PendingForm


@task(queue_name="long")
def find_pending_forms() -> None:
    """Finds the mentions again of the articles in which a form stands that came or went."""
    pending = dict(PendingForm.objects.values_list("pk", "form"))
    reindex_in_batches({*pending.values()})
    with transaction.atomic():
        PendingForm.objects.filter(pk__in=pending).delete()
        articles_changed(())  # pages of these terms say no more that articles are missing
