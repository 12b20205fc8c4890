"""Completions while typing: from what is published now, in a few milliseconds."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.urls import reverse

from archive.models import Article
from archive.traditional import to_traditional
from glossary.vocabulary import KIND_LABELS, Vocabulary, current_vocabulary
from search.engines.base import EngineState, IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import visible
from search.results.completion import Completer, Entry

MAX_TYPED = 60
"""Characters of what is typed that are looked at: no name is longer."""


@dataclass(frozen=True)
class Completion:
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


def complete(typed: str) -> list[Completion]:
    """Returns terms that `typed` begins (by letters, pinyin or initials), then articles with it in the title."""
    typed = typed[:MAX_TYPED]
    try:
        with visible.pinned() as state:
            completer = _completers.of(state, current_vocabulary())
    except IndexUnavailable:  # a list that does not open: nobody is kept from searching
        return []
    search = reverse("search:results")
    terms = [
        Completion(
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
        Completion(articles[pk].title, str(articles[pk].issue.end_date), articles[pk].get_absolute_url())
        for pk in ids
        if pk in articles
    ]


class _Completers:
    """The completer of the newest state, made when index or glossary have changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[EngineState, Vocabulary] | None = None
        self._completer = Completer([], [])

    def of(self, state: EngineState, vocabulary: Vocabulary) -> Completer:
        with self._lock:
            if self._state is None or self._state[0] != state or self._state[1] is not vocabulary:
                self._completer = _make(vocabulary)
                self._state = (state, vocabulary)
            return self._completer


_completers = _Completers()


def _make(vocabulary: Vocabulary) -> Completer:
    counts = current_engine().term_counts().counts
    entries = [
        Entry(term.name, term.kind, tuple(term.writings), counts[pk])
        for pk, term in vocabulary.terms.items()
        if counts.get(pk)
    ]
    titles = Article.objects.published().order_by("-issue__end_date", "position").values_list("pk", "title")
    return Completer(entries, list(titles))
