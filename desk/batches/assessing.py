"""The weeks of a batch beside the archive: which are clean, and what is doubted of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone

from archive.models import Issue
from desk.batches.doubts import Doubt, Known, assess, has_barrier, weight
from desk.batches.models import Batch, BatchWeek

State = BatchWeek.State


class Assessed(NamedTuple):
    """A week of a batch with its doubts."""

    week: BatchWeek
    doubts: list[Doubt]

    @property
    def is_clean(self) -> bool:
        """Whether it may be accepted without a look."""
        return self.week.state == State.READ and not self.doubts

    @property
    def can_be_accepted(self) -> bool:
        """Whether it may be accepted by someone who looked at it."""
        return self.week.state == State.READ and not has_barrier(self.doubts)

    @property
    def needs_a_look(self) -> bool:
        return self.week.state == State.REFUSED or (self.week.state == State.READ and bool(self.doubts))


_ORDER = {State.REFUSED: 0, State.READ: 0, State.ACCEPTED: 2, State.STORED: 3, State.SKIPPED: 4}
"""Below the doubtful ones: clean (1), then what is settled."""


def assessed_weeks(batch: Batch) -> list[Assessed]:
    """Returns every week of the batch with its doubts: what needs a person first, the most doubtful at the top."""
    weeks = list(
        BatchWeek.objects.filter(file__batch=batch)
        .select_related("file", "issue")
        .annotate(on_desk_of=F("desk__user__username"))
    )
    waiting = [week for week in weeks if week.state == State.READ]
    accepted = [known for week in weeks if week.state == State.ACCEPTED for known in _known(week)]
    names = {week.pk: week.file.path for week in waiting}
    doubts = assess(waiting, names, accepted, _archived(), timezone.localdate())
    found = [Assessed(week, doubts.get(week.pk) or _of_refused(week)) for week in weeks]
    return sorted(found, key=_rank)


def _rank(one: Assessed) -> tuple[int, int]:
    is_clean = one.week.state == State.READ and not one.doubts
    return 1 if is_clean else _ORDER[State(one.week.state)], -weight(one.doubts)


def _of_refused(week: BatchWeek) -> list[Doubt]:
    return (
        [Doubt("refused", week.problem, 200, week.line, is_barrier=True)]
        if week.state == State.REFUSED
        else []
    )


def _known(week: BatchWeek) -> Iterator[Known]:
    if week.start_date and week.end_date:
        yield Known(f"刚收下了“{week.file.path}”那一份", week.title, week.start_date, week.end_date)


def _archived() -> list[Known]:
    found = Issue.objects.order_by().values_list("title", "start_date", "end_date", "pk")
    return [Known("已经在文库里", *issue) for issue in found]
