"""Background tasks of the desk: what there is to do for a batch of back issues, and old batches."""

from __future__ import annotations

import time

from django.utils import timezone
from django_tasks import task

from archive.limited import LimitedProcess
from desk.batches import reading, receiving, storing, unpacking
from desk.batches.models import Batch, BatchContent
from worker.backend import enqueue_once

TURN_SECONDS = 60
"""After so long others in the lane have their turn: a batch of a thousand files takes many minutes."""


@task(queue_name="long")
def work_on_batch(pk: int) -> None:
    """Unpacks and reads what was sent, and stores what was accepted; goes on from wherever an earlier run ended."""
    ends_at = time.monotonic() + TURN_SECONDS
    with LimitedProcess() as process:
        while (batch := Batch.objects.filter(pk=pk).first()) and _step(batch, process):
            if time.monotonic() > ends_at:
                enqueue_once(work_on_batch, pk)
                return


def _step(batch: Batch, process: LimitedProcess) -> bool:
    """Does one thing that can be done. Returns whether there was one."""
    try:
        if unpacking.has_raw(batch):
            unpacking.unpack(batch, process)
        elif file := reading.next_unread(batch):
            reading.read_file(file, process)
        elif file := storing.next_accepted(batch):
            storing.store_file(file, process)
        else:
            return False
    except BatchContent.DoesNotExist:  # another worker has done it, or the batch was deleted
        return False
    return True


@task()
def delete_old_batches() -> None:
    """Deletes the batches that nobody touched for a month."""
    receiving.delete_old(timezone.now())
