"""Suggestions while typing: from what is published now, in a few milliseconds."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse

from archive.models import Article
from archive.traditional import to_traditional
from glossary.vocabulary import KIND_LABELS, Vocabulary, current_vocabulary
from search.engines.whoosh.generations import IndexUnavailable
from search.engines.whoosh.snapshot import Snapshot
from search.indexing import visible
from search.results.completion import Completer, Entry

MAX_TYPED = 60
"""Characters of what is typed that are looked at: no name is longer."""


@dataclass(frozen=True)
class Suggestion:
    """One line of the list: what it says, what kind of thing it is, and where it leads."""

    text: str
    label: str
    """The kind of a term in words (`公司`), or the issue of an article."""
    url: str
    count: int | None = None
    """How many articles mention a term; None for an article."""
    writing: str = ""
    """The writing by which a term was found, when it is not its name."""

    def in_traditional(self) -> Self:
        """Returns it with what is read in traditional characters; it leads to the same address."""
        text, writing = to_traditional(self.text), to_traditional(self.writing)
        return replace(
            self, text=text, label=to_traditional(self.label), writing="" if writing == text else writing
        )


def suggest(typed: str) -> list[Suggestion]:
    """Returns terms that `typed` begins (by letters, pinyin or initials), then articles with it in the title."""
    typed = typed[:MAX_TYPED]
    try:
        snapshot = visible.snapshot()
    except IndexUnavailable:  # a list that does not open: nobody is kept from searching
        return []
    vocabulary = current_vocabulary()
    completer = _completers.of(snapshot, vocabulary)
    search = reverse("search:results")
    terms = [
        Suggestion(
            text=found.entry.name,
            label=KIND_LABELS[found.entry.kind],
            url=f"{search}?{urlencode({'q': found.entry.name})}",
            count=found.entry.count,
            writing=found.writing if found.writing != found.entry.name else "",
        )
        for found in completer.terms(typed)
    ]
    ids = completer.titles(typed)
    articles = Article.objects.published().select_related("issue").headings().in_bulk(ids) if ids else {}
    return terms + [
        Suggestion(articles[pk].title, str(articles[pk].issue.end_date), articles[pk].get_absolute_url())
        for pk in ids
        if pk in articles
    ]


class _Completers:
    """The completer of the newest state, made when index or glossary have changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[Snapshot, Vocabulary] | None = None
        self._completer = Completer([], [])

    def of(self, snapshot: Snapshot, vocabulary: Vocabulary) -> Completer:
        with self._lock:
            if self._state is None or self._state[0] is not snapshot or self._state[1] is not vocabulary:
                self._completer = _make(snapshot, vocabulary)
                self._state = (snapshot, vocabulary)
            return self._completer


_completers = _Completers()


def _make(snapshot: Snapshot, vocabulary: Vocabulary) -> Completer:
    mentioned = snapshot.mentions.of(np.flatnonzero(snapshot.live))
    counts = np.bincount(mentioned, minlength=max(vocabulary.terms, default=0) + 1)
    entries = [
        Entry(term.name, term.kind, tuple(term.writings), int(counts[pk]))
        for pk, term in vocabulary.terms.items()
        if counts[pk]
    ]
    titles = Article.objects.published().order_by("-issue__end_date", "position").values_list("pk", "title")
    return Completer(entries, list(titles))
