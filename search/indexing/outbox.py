"""The sequence of changes: written with them, followed by every index, trimmed when old.

An index that is further back than the sequence goes can not know what it missed: it is built anew. So nobody has to
keep a list of the indexes that there are.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import zip_longest
from operator import or_

from django.db.models import Max, Q
from django.utils import timezone

from archive.announcements import announce
from archive.models import Article, Issue
from archive.statements import Statement
from search.engines.base import PositionLost
from search.engines.documents import DocumentId, Kind
from search.engines.position import GAP_SECONDS, Position
from search.models import Change

KEPT_FOR = dt.timedelta(days=7)
"""How long a change is kept: so long may an index (a machine) be away and still catch up."""
_NOTHING = 0
"""No article's and no issue's id. A change that only marks a place has nothing else."""


@dataclass(frozen=True)
class Waiting:
    """Changes that an index does not hold yet, in their order."""

    numbers: list[int]
    articles: set[int]
    last_made_at: str
    oldest: dt.datetime | None
    """When the first of them was made."""
    issues: set[int] = field(default_factory=set)
    """Those whose own words changed."""

    @property
    def documents(self) -> set[DocumentId]:
        """What to read again."""
        articles = {DocumentId("article", pk) for pk in self.articles}
        return articles | {DocumentId("issue", pk) for pk in self.issues}

    def __bool__(self) -> bool:
        return bool(self.numbers)


def note(articles: Iterable[int], issues: Iterable[int] = ()) -> None:
    """Writes changes, in the transaction that makes them: an issue in the row of an article, if there is any."""
    pairs = zip_longest(articles, issues, fillvalue=_NOTHING)
    changes = [Change(article_id=article, issue_id=issue) for article, issue in pairs]
    Change.objects.bulk_create(changes, batch_size=5000)
    announce()


def end() -> Position:
    """Returns where the sequence ends now: what is read of the archive after this call holds all up to it."""
    recent = Change.objects.filter(created_at__gt=timezone.now() - dt.timedelta(seconds=GAP_SECONDS))
    rows = list(recent.order_by("pk").values_list("pk", "created_at"))
    before = Change.objects.filter(pk__lt=rows[0][0]) if rows else Change.objects.all()
    last = before.order_by("pk").last()
    if not rows:
        last = last or Change.objects.create(article_id=_NOTHING)
        return Position(last.pk, _made_at(last.created_at))
    start = Position(last.pk if last else rows[0][0] - 1, "")
    return start.after([number for number, _ in rows], _made_at(rows[-1][1]), time.time())


_ROW = ("pk", "created_at", "article_id", "issue_id")
_SINCE = Statement(lambda since: Change.objects.filter(pk__gte=since[0]).order_by("pk").values_list(*_ROW))
"""Changes from one on: what each search asks."""


def beyond(position: Position, limit: int | None = None) -> Waiting:
    """Returns what changed after `position`, at most `limit` changes. Nearly always one row is read: its own.

    Raises PositionLost when the sequence does not lead back to it.
    """
    found = _SINCE.rows([position.change]) if limit is None and not position.gaps else _read(position, limit)
    place = [row for row in found if row[0] == position.change]
    if not place or _made_at(place[0][1]) != position.made_at:
        raise PositionLost(
            "the search index does not follow this database any more (restored, or away for too long): "
            "run `manage.py rebuild_index`"
        )
    new = [row for row in found if row[0] != position.change][:limit]
    return Waiting(
        numbers=[number for number, _, _, _ in new],
        articles={article for _, _, article, _ in new} - {_NOTHING},
        last_made_at=_made_at(new[-1][1]) if new else "",
        oldest=min((made for _, made, _, _ in new), default=None),
        issues={issue for _, _, _, issue in new} - {_NOTHING},
    )


def _read(position: Position, limit: int | None) -> list[tuple[int, dt.datetime, int, int]]:
    gaps = [Q(pk__range=(gap.first, gap.last)) for gap in position.gaps]
    wanted = reduce(or_, gaps, Q(pk__gte=position.change))
    rows = Change.objects.filter(wanted).order_by("pk").values_list(*_ROW)
    found = list(rows if limit is None else rows[: limit + 1])
    if limit is not None and found and found[-1][0] < position.change:
        found += rows.filter(pk=position.change)
    return found


def withdrawn(position: Position) -> list[DocumentId]:
    """Returns what an index at `position` may still hold and nobody may see."""
    changed = beyond(position)
    hidden = changed.documents
    if changed.articles:  # nearly never
        hidden -= visible_of("article", changed.articles)
    if changed.issues:
        hidden -= visible_of("issue", changed.issues)
    return sorted(hidden)


def visible_of(kind: Kind, ids: Collection[int]) -> set[DocumentId]:
    """Returns those of these articles or issues that members may see."""
    rows = Article.objects.published() if kind == "article" else Issue.objects.published()
    return {DocumentId(kind, pk) for pk in rows.filter(pk__in=ids).values_list("pk", flat=True)}


def visible() -> set[DocumentId]:
    """Returns all articles and issues that members may see."""
    articles = Article.objects.published().values_list("pk", flat=True)
    issues = Issue.objects.published().values_list("pk", flat=True)
    return {DocumentId("article", pk) for pk in articles} | {DocumentId("issue", pk) for pk in issues}


def in_batches(position: Position, size: int) -> Iterator[tuple[Waiting, Position]]:
    """Yields what changed after `position` in batches, each with the position that it leads to."""
    while batch := beyond(position, size):
        position = position.after(batch.numbers, batch.last_made_at, time.time())
        yield batch, position
        if len(batch.numbers) < size:
            return  # what came meanwhile is for the next one who looks


def trim() -> int:
    """Deletes changes that are old, but not the last one, where most indexes stand. Returns how many."""
    last = Change.objects.aggregate(last=Max("pk"))["last"]
    old = Change.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    deleted, _ = old.exclude(pk=last).delete()
    return deleted


def _made_at(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
