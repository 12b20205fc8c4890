"""Completions while typing: from what is published now, in a few milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from archive.models import Article, Issue
from archive.templatetags.archive_tags import dates_text
from archive.traditional import to_traditional
from glossary.vocabulary import KIND_LABELS, Vocabulary, current_vocabulary
from search.engines.base import EngineState, IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import visible
from search.results.completion import Completer, Entry, Span, spans_of
from search.results.reading import read
from search.results.request import SearchRequest
from search.results.service import count

MAX_TYPED = 60
"""Characters of what is typed that are looked at: no name is longer."""
MOST = 10
"""Lines of the list."""
MOST_TERMS, MOST_TITLES, FEWEST_TITLES = 6, 4, 2
COLUMNIST = "栏目作者"
_QUOTES = {'"': '"“”„＂', "「": "」", "『": "』"}
"""What opens a quotation of the query language, and all that would close it."""


@dataclass(frozen=True)
class Completion:
    """One line of the list: what it says, what kind of thing it is, and where it leads."""

    kind: str
    """`term`, `title`, `columnist` or `issue`: the group that it stands in."""
    text: str
    label: str
    """The kind of a term in words (`公司`), or the dates of the issue."""
    url: str
    query: str = ""
    """What the box holds once this is chosen; empty where it leads to a page of its own."""
    count: int | None = None
    """How many articles the query finds; None for an article or an issue, and where counting takes too long."""
    writing: str = ""
    """The writing by which a term was found, when it is not its name."""
    marks: Sequence[Span] = ()
    """Where `text` holds what is typed."""
    writing_marks: Sequence[Span] = ()

    def in_traditional(self) -> Self:
        """Returns it with what is read in traditional characters; it leads to the same address."""
        text, writing = to_traditional(self.text), to_traditional(self.writing)
        return replace(
            self, text=text, label=to_traditional(self.label), writing="" if writing == text else writing
        )


def complete(typed: str) -> list[Completion]:
    """Returns what `typed` may become, at most MOST lines.

    Terms that its last word begins (by letters, pinyin or initials), then articles with all of it in the title,
    columnists, and issues by their name or their date.
    """
    typed = typed[:MAX_TYPED]
    try:
        with visible.pinned() as state:
            completer = _completer(state, current_vocabulary())
            others = [*_columnists(completer, state, typed), *_issues(completer, typed)]
            titles = [*_titles(completer, typed, max(FEWEST_TITLES, MOST_TITLES - len(others)))]
            terms = [*_terms(completer, state, typed, min(MOST_TERMS, MOST - len(others) - len(titles)))]
            # Beside words that no article has together with them, names lead nowhere.
            return [*(filter(_finds, terms) if any(map(_finds, terms)) else terms), *titles, *others]
    except IndexUnavailable:  # a list that does not open: nobody is kept from searching
        return []


def _terms(completer: Completer, state: EngineState, typed: str, most: int) -> Iterator[Completion]:
    before, terms = completer.last_terms(typed, most)
    for found in terms:
        name = found.entry.name
        text = before + name
        start = len(before)
        is_name = found.writing == name
        yield Completion(
            "term",
            text=text,
            label=KIND_LABELS[found.entry.kind],
            url=_search_for(text),
            query=text,
            count=_count(text, before, state),
            writing="" if is_name else found.writing,
            marks=[(start, start + found.typed)] if is_name else [],
            writing_marks=[] if is_name else [(0, found.typed)],
        )


def _columnists(completer: Completer, state: EngineState, typed: str) -> Iterator[Completion]:
    before, columnists = completer.last_columnists(typed)
    for found in columnists:
        name = found.entry.name
        opening = next((quote for quote, closing in _QUOTES.items() if not {*closing} & {*name}), None)
        if opening:
            query = f"{before}作者:{opening}{name}{_QUOTES[opening][0]}"
            yield Completion(
                "columnist",
                text=name,
                label=COLUMNIST,
                url=_search_for(query),
                query=query,
                count=_count(query, before, state),
                marks=[(0, found.typed)],
            )


def _titles(completer: Completer, typed: str, most: int) -> Iterator[Completion]:
    ids = completer.titles(typed, most)
    articles = Article.objects.published().select_related("issue").headings().in_bulk(ids) if ids else {}
    for article in filter(None, map(articles.get, ids)):
        yield Completion(
            "title",
            text=article.title,
            label=str(article.issue.end_date),
            url=article.get_absolute_url(),
            marks=spans_of(typed, article.title),
        )


def _issues(completer: Completer, typed: str) -> Iterator[Completion]:
    ids = completer.issues(typed)
    issues = Issue.objects.published().in_bulk(ids) if ids else {}
    for issue in filter(None, map(issues.get, ids)):
        yield Completion(
            "issue",
            text=issue.title,
            label=dates_text(issue),
            url=issue.get_absolute_url(),
            marks=spans_of(typed, issue.title),
        )


def _finds(completion: Completion) -> bool:
    return completion.count != 0


def _search_for(query: str) -> str:
    return f"{reverse('search:results')}?{urlencode({'q': query}, errors='replace')}"


def _count(query: str, before: str, state: EngineState) -> int | None:
    """How many articles the query finds, which is more than mention a name: `芯片` stands in `芯片法案`, too."""
    if not current_engine().has_index:  # it would read the whole archive
        return None
    if before:
        return count(read(query), SearchRequest(query))
    return _count_of_name(query, state, current_vocabulary())


@lru_cache(maxsize=4096)
def _count_of_name(query: str, _state: EngineState, _vocabulary: Vocabulary) -> int:
    """Counted once for each state of index and glossary: whoever types begins with a name."""
    return count(read(query), SearchRequest(query))


@lru_cache(maxsize=1)
def _completer(state: EngineState, vocabulary: Vocabulary) -> Completer:
    """Made anew when index or glossary have changed."""
    counts = current_engine().term_counts().counts
    entries = [
        Entry(term.name, term.kind, tuple(term.writings), counts[pk])
        for pk, term in vocabulary.terms.items()
        if counts.get(pk)
    ]
    published = Article.objects.published()
    titles = published.order_by("-issue__end_date", "position").values_list("pk", "title")
    columnists = published.order_by().values_list("issue__columnist").annotate(Count("pk"))
    issues = Issue.objects.published().order_by("-end_date", "-pk")
    return Completer(
        entries,
        list(titles),
        [Entry(name, COLUMNIST, (), articles) for name, articles in columnists if name],
        [(issue.pk, _writings_of(issue)) for issue in issues],
    )


def _writings_of(issue: Issue) -> str:
    """The name of an issue and its days as people write them, one beside the other."""
    days = dict.fromkeys((issue.start_date, issue.end_date))
    forms = [f"{day}|{day.year}.{day.month}.{day.day}|{day.year}年{day.month}月{day.day}日" for day in days]
    return "|".join([issue.title, dates_text(issue), *forms])
