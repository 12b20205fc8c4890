"""How far the worker is with a batch."""

from __future__ import annotations

from dataclasses import dataclass

from desk.batches.models import Batch, BatchWeek
from worker.machine import presence
from worker.models import Task

TASK = "desk.tasks.work_on_batch"


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of files and weeks, and whether somebody works on what is left."""

    files: int
    unread: int
    accepted: int
    stored: int
    is_sent: bool
    is_queued: bool
    """Whether a task waits or runs."""
    has_worker: bool

    @property
    def is_working(self) -> bool:
        """Whether the page changes by itself."""
        return self.is_queued and bool(self.unread or self.accepted)

    @property
    def has_stopped(self) -> bool:
        """Whether something is left to do and nothing will do it."""
        return self.is_sent and not self.is_queued and bool(self.unread or self.accepted)

    @property
    def to_store(self) -> int:
        """Returns how many weeks are stored or will be."""
        return self.accepted + self.stored

    @property
    def read(self) -> int:
        return self.files - self.unread


def progress_of(batch: Batch) -> Progress:
    """Returns how far the worker is."""
    weeks = BatchWeek.objects.filter(file__batch=batch)
    waiting = Task.objects.filter(
        name=TASK, args=[batch.pk], state__in=[Task.State.READY, Task.State.RUNNING]
    )
    return Progress(
        files=batch.files.count(),
        unread=batch.files.filter(read_at__isnull=True).count(),
        accepted=weeks.filter(state=BatchWeek.State.ACCEPTED).count(),
        stored=weeks.filter(state=BatchWeek.State.STORED).count(),
        is_sent=batch.sent_at is not None,
        is_queued=waiting.exists(),
        has_worker=presence().is_running,
    )


def is_read(batch: Batch) -> bool:
    """Whether all files of the batch were sent and read."""
    return batch.sent_at is not None and not batch.files.filter(read_at__isnull=True).exists()
