"""An editor says yes or no to weeks of a batch. What was accepted is stored by the worker (`desk.batches.storing`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from desk.batches.assessing import assessed_weeks
from desk.batches.models import Batch, BatchWeek
from desk.batches.progress import is_read

State = BatchWeek.State


class NotAccepted(Exception):
    """What an editor asked for can not be done now. They read why, and what to do."""


def accept_clean(batch: Batch, by: AbstractBaseUser, *, publish: bool) -> int:
    """Accepts every week that nothing is doubted of. Returns how many; a second click finds none.

    Raises NotAccepted while files are still unread: one of them may be another version of a week that looks clean.
    """
    with _held(batch):
        if not is_read(batch):
            raise NotAccepted("还没有读完。请等读完再收，后面的文件里可能有同一期的另一份。")
        return _accept([one.week.pk for one in assessed_weeks(batch) if one.is_clean], by, publish=publish)


def accept(week: BatchWeek, by: AbstractBaseUser, *, publish: bool) -> bool:
    """Accepts a week that someone looked at; False when it was accepted before. Raises NotAccepted."""
    with _held(week.file.batch):
        one = next(one for one in assessed_weeks(week.file.batch) if one.week.pk == week.pk)
        if one.week.state in (State.ACCEPTED, State.STORED):
            return False
        if not one.can_be_accepted:
            said = one.doubts[0].message if one.doubts else "这一期已经放在“不要”里，请先放回。"
            raise NotAccepted(f"没有收下：{said}")
        return _accept([week.pk], by, publish=publish) == 1


def skip(week: BatchWeek) -> None:
    """Puts a week aside that nobody wants."""
    with _held(week.file.batch):
        BatchWeek.objects.filter(pk=week.pk, state__in=[State.READ, State.REFUSED]).update(
            state=State.SKIPPED
        )


def unskip(week: BatchWeek) -> None:
    """Takes back a week that was put aside."""
    with _held(week.file.batch):
        skipped = BatchWeek.objects.filter(pk=week.pk, state=State.SKIPPED)
        skipped.filter(digest="").update(state=State.REFUSED)
        skipped.exclude(digest="").update(state=State.READ)


def _accept(weeks: list[int], by: AbstractBaseUser, *, publish: bool) -> int:
    return BatchWeek.objects.filter(pk__in=weeks, state=State.READ).update(
        state=State.ACCEPTED, accepted_by=by, is_to_publish=publish
    )


@contextmanager
def _held(batch: Batch) -> Iterator[None]:
    """Holds the batch, so that two clicks at once are one after the other, and notes that it was touched."""
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        yield
        Batch.objects.filter(pk=batch.pk).update(touched_at=timezone.now())
