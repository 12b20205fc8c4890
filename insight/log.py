"""What members search for, kept without anything about them.

    a search page is answered ─► noted in memory ─► a thread writes what was noted, once a second
    a page that was kept is sent again ─► noted, to be looked up
    a result asks for its marks ─► noted ─► the newest search for that query has an opened article

Kept are query, filters, hits, time, and the article that was opened. Nothing is kept, not even for a moment, that
could tell two people apart: no address, no cookie, no session. So nobody is known when typing is merged or an
opened article is given to its search: both go by the query alone. Two people who within five seconds search for
`HBM` and `HBM4` count as one; that is the price, and the right one.

A request only puts a note on a list. What goes wrong later is logged; a search never fails because of it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections import deque
from dataclasses import replace
from typing import NamedTuple

from crawleruseragents import is_crawler
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils import timezone

from archive.models import Article
from glossary.matching import form_of
from insight.models import MAX_KEPT_LENGTH, SearchRecord
from search.pages.forms import SearchForm
from search.pages.signals import opened, repeated, searched
from search.results.request import ANY_OF, SearchRequest
from search.results.service import SearchResults, find

logger = logging.getLogger(__name__)

TYPING_SECONDS = 5
"""A query that continues one of the last few seconds is the same search, still being typed."""
OPENED_WITHIN = dt.timedelta(minutes=30)
"""How long after a search an opened article can belong to it."""
WRITE_EVERY_SECONDS = 1.0
STOP_SECONDS = 20.0
"""How long a process that ends waits for the thread. gunicorn ends it after 30."""
OPENED_BEFORE_WRITTEN = dt.timedelta(seconds=5)
"""How long an opened article waits for its search, which another process may have noted and not yet written."""
MAX_WAITING = 10_000
"""Notes that wait to be written at most; the oldest give way. More than a busy hour of one process."""


class Opening(NamedTuple):
    """An article that was opened from the answer to a query."""

    query: str
    article_id: int
    at: dt.datetime


class Repeat(NamedTuple):
    """A search that was answered by a page that somebody kept: nothing was searched, so it took no time."""

    asked: SearchRequest
    at: dt.datetime


_A_PERSON = "-"
"""The name of a browser that was told from crawlers before."""

Note = SearchRecord | Opening | Repeat


def connect_signals() -> None:
    """Listens to the search. Called once, when the app is ready."""
    searched.connect(_searched, dispatch_uid="insight.log")
    opened.connect(_opened, dispatch_uid="insight.log")
    repeated.connect(_repeated, dispatch_uid="insight.log")


# --- Noting: in the request ----------------------------------------------------------------------------

_waiting: deque[tuple[str, Note]] = deque(maxlen=MAX_WAITING)
"""Notes, each with the name that the browser gave itself: crawlers are told apart when there is time for it."""


def _searched(request: HttpRequest, asked: SearchRequest, found: SearchResults, **kwargs: object) -> None:
    if asked.page == 1:  # a further page is the same search, read on
        _note(request, record_of(asked, found, found.took_ms, timezone.now()))


def _opened(request: HttpRequest, article: Article, q: str, **kwargs: object) -> None:
    _note(request, Opening(q, article.pk, timezone.now()))


def _repeated(request: HttpRequest, match: ResolverMatch, **kwargs: object) -> None:
    asked = SearchForm(request.GET).search_request()
    if match.view_name == "search:marks":
        _note(request, Opening(asked.q, match.kwargs["pk"], timezone.now()))
    elif match.view_name == "search:results" and asked.q.strip() and asked.page == 1:
        _note(request, Repeat(asked, timezone.now()))


def _note(request: HttpRequest, note: Note) -> None:
    is_prefetched = "prefetch" in request.headers.get("Sec-Purpose", "")
    if settings.SEARCH_LOG_DAYS and not is_prefetched:
        _waiting.append((request.headers.get("User-Agent", ""), note))


# --- Writing: beside the requests ----------------------------------------------------------------------


def write() -> int:
    """Writes what waits, in one transaction. Returns how many notes of people (not crawlers) it wrote."""
    notes: list[SearchRecord | Opening] = []
    while _waiting:
        user_agent, note = _waiting.popleft()
        if user_agent and not is_crawler(user_agent):
            known = _searched_again(note) if isinstance(note, Repeat) else note
            notes += [known] if known else []
    if notes:
        with transaction.atomic():
            for note in notes:
                if isinstance(note, SearchRecord):
                    _store(note)
                elif not _store_opening(note) and timezone.now() - note.at < OPENED_BEFORE_WRITTEN:
                    _waiting.append((_A_PERSON, note))
    return len(notes)


def _searched_again(repeat: Repeat) -> SearchRecord | None:
    """What a kept page said is what the search says: a page is kept only as long as nothing changes."""
    found = find(replace(repeat.asked, page_size=1))
    return record_of(repeat.asked, found, 0.0, repeat.at) if found else None


def record_of(asked: SearchRequest, found: SearchResults, took_ms: float, at: dt.datetime) -> SearchRecord:
    """Returns the record of a search page that was answered, not yet stored."""
    answer = SearchRecord.Answer.FULL
    if not found.is_answered:
        answer = SearchRecord.Answer.NOTHING
    elif found.corrected:
        answer = SearchRecord.Answer.CORRECTED
    elif found.is_relaxed:
        answer = SearchRecord.Answer.RELAXED
    query = asked.q.strip()[:MAX_KEPT_LENGTH]
    return SearchRecord(
        query=query,
        form=form_of(query)[:MAX_KEPT_LENGTH],
        filters=_filters(asked),
        answer=answer,
        hits=found.total,
        corrected=found.corrected.query if found.corrected else "",
        took_ms=took_ms,
        created_at=at,
    )


def _store(record: SearchRecord) -> None:
    since = record.created_at - dt.timedelta(seconds=TYPING_SECONDS)
    just_now = SearchRecord.objects.filter(
        created_at__gt=since, created_at__lte=record.created_at, opened=None
    )
    for earlier in just_now.order_by("-created_at", "-pk"):
        if earlier.filters == record.filters and _continues(earlier.form, record.form):
            record.pk = earlier.pk  # the same search, typed on: it takes the place of what it was
            break
    record.save()


def _filters(asked: SearchRequest) -> dict[str, list[str | int]]:
    return {name: [*values] for name in (*ANY_OF, "term") if (values := getattr(asked, name))}


def _continues(earlier: str, later: str) -> bool:
    """Whether one of two different queries begins with the other: letters were added, or taken back."""
    shorter, longer = sorted((earlier, later), key=len)
    return shorter != longer and bool(shorter) and longer.startswith(shorter)


def _store_opening(opening: Opening) -> bool:
    """Gives an opened article to its search. Returns False where none is stored that it can belong to."""
    query = opening.query.strip()
    searches = SearchRecord.objects.filter(
        Q(form=form_of(query[:MAX_KEPT_LENGTH])) | Q(corrected=query),
        opened=None,
        created_at__range=(opening.at - OPENED_WITHIN, opening.at),
    )
    newest = searches.order_by("-created_at", "-pk").first()
    if newest and Article.objects.filter(pk=opening.article_id).exists():
        newest.opened_id = opening.article_id
        newest.save(update_fields=["opened"])
    return newest is not None


class Writer:
    """A thread that writes what waits, in the process that it was started in."""

    def __init__(self) -> None:
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread. To be called once, after the fork: threads do not survive one."""
        self._thread = threading.Thread(target=self._run, name="search-log", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Lets the thread end what it is writing, and writes what still waits."""
        self._end.set()
        if self._thread:
            self._thread.join(STOP_SECONDS)
        _write_or_say_why()

    def _run(self) -> None:
        while not self._end.wait(WRITE_EVERY_SECONDS):
            if _waiting:
                _write_or_say_why()


writer = Writer()


def _write_or_say_why() -> None:
    try:
        write()
    except DatabaseError:
        logger.exception("searches of the last seconds are missing from the search log")
    finally:
        connection.close()


# --- Forgetting ----------------------------------------------------------------------------------------


def prune(now: dt.datetime | None = None) -> int:
    """Deletes records older than SEARCH_LOG_DAYS; all of them when it is 0. Returns how many."""
    oldest = (now or timezone.now()) - dt.timedelta(days=settings.SEARCH_LOG_DAYS)
    deleted, _ = SearchRecord.objects.filter(created_at__lt=oldest).delete()
    return deleted
