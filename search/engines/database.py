"""The engine without an index: reads every article. Slow and unranked, but always there and always right.

It answers when the index can not, and it is what the tests hold the other engines against.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import Any, NoReturn

from django.db.models import Count

from archive.models import Article, Revision
from glossary.folding import fold
from glossary.models import Mention
from glossary.vocabulary import current_vocabulary
from search.engines.base import (
    Counts,
    EngineState,
    Held,
    Hide,
    Hits,
    IndexQuery,
    LockName,
    ScoredDocument,
    TermCounts,
    Unsupported,
)
from search.engines.documents import Document, DocumentId
from search.engines.fields import FACETS, FIELDS, TEXT_FIELDS, date_number, number_date, refuse_unknown
from search.engines.position import Position
from search.query.tree import About, And, During, Everything, Leaf, Most, Node, Not, Or, Where
from search.text import analysis
from search.text.analysis import TermFinder, Unit

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


class _Text:
    """A text and what is made of it, each when it is first asked for."""

    def __init__(self, text: str, terms: TermFinder) -> None:
        self._text = text
        self._terms = terms

    @cached_property
    def squeezed(self) -> str:
        return "\n".join(analysis.squeeze(line) for line in self._text.splitlines())

    @cached_property
    def words(self) -> set[str]:
        return set(analysis.words(self._text, self._terms))

    @cached_property
    def mentioned(self) -> set[int]:
        return {match.term for match in self._terms.find(self._text)}

    @cached_property
    def _folded(self) -> str:
        return fold(self._text)

    def may_hold(self, unit: Unit) -> bool:
        """A cheap prefilter without false negatives: a unit's words are parts of the text, or it is a mention."""
        if unit.quantity:  # written in many ways
            return True
        if unit.term is not None:
            return unit.term in self.mentioned
        return any(all(word in self._folded for word in form) for form in unit.forms)


class ScannedArticle:
    """An article as a query tree looks at it."""

    def __init__(self, article: Article, terms: TermFinder) -> None:
        issue = article.issue
        self._terms = terms
        self.texts = {"": _Text(article.text, terms), "title": _Text(article.title, terms)}
        self.start_date, self.end_date = issue.start_date, issue.end_date
        self.values: dict[str, Any] = {
            "kind": "article",
            "pk": article.pk,
            "start_date": date_number(issue.start_date),
            "end_date": date_number(issue.end_date),
            "position": article.position,
            "columnist": issue.columnist,
            "issue": issue.slug,
        }

    def holds(self, leaf: Leaf) -> bool:
        """Returns whether the text (or only the title) holds the leaf's run, or all its units."""
        text = self.texts[leaf.field]
        if leaf.run and leaf.run in text.squeezed:
            return True
        if leaf.is_exact:
            return False
        units = leaf.units(self._terms)
        # Cutting a text takes ten times as long as all the rest: only one that can hold the words is cut.
        if not units or not all(map(text.may_hold, units)):
            return False
        return all(any(text.words.issuperset(form) for form in unit.forms) for unit in units)

    def mentions(self, writing: str) -> bool:
        """Returns whether the text mentions the term with this writing."""
        return analysis.term_named(writing, self._terms) in self.texts[""].mentioned

    def has(self, condition: Where) -> bool:
        """Returns whether a column has the value asked for."""
        refuse_unknown(filters=((condition.field, condition.operator),))
        value, wanted = self.values[condition.field], condition.value
        if condition.operator == "range":
            return bool(wanted[0] <= value <= wanted[1])
        if condition.field in TEXT_FIELDS:
            several = wanted if condition.operator == "in" else [wanted]
            return fold(value) in {fold(str(one)) for one in several}
        return (
            value in wanted if condition.operator == "in" else _COMPARISONS[condition.operator](value, wanted)
        )


def matches(node: Node, article: ScannedArticle) -> bool:
    """Returns whether `article` answers `node`: the meaning of a query, in its plainest form."""
    match node:
        case Leaf():
            return article.holds(node) or (
                not node.field and fold(node.text) == fold(article.values["columnist"])
            )
        case And(children=children):
            return all(matches(child, article) for child in children)
        case Or(children=children):
            return any(matches(child, article) for child in children)
        case Not(child=child):
            return not matches(child, article)
        case During(first=first, last=last):
            return article.start_date <= last and article.end_date >= first
        case About(term=term):
            return article.mentions(term)
        case Where():
            return article.has(node)
        case Everything():
            return True
        case Most():
            return _refuse("weigh words, so it does not relax a query")


class DatabaseEngine:
    """`database://`: nothing to build and nothing to rank by, so it refuses to, and orders by date alone."""

    has_index = False
    folder = None
    is_empty = False
    name = "database"

    def __init__(self, url: str) -> None:
        pass

    # --- Reading

    def state(self, index: str = "") -> EngineState:
        return EngineState(
            f"database:{Revision.objects.current()}", None, Article.objects.published().count()
        )

    @contextmanager
    def pinned(self, hide: Hide | None = None, index: str = "") -> Iterator[EngineState]:
        """Nothing is held back from it, so nothing has to be hidden; and a state of the database is not kept."""
        yield self.state()

    def search(self, query: IndexQuery) -> Hits:
        if not query.sort_by:
            raise Unsupported(
                f"the database engine does not rank: sort by {'-end_date'!r}, or set SEARCH_URL"
            )
        refuse_unknown(sort_by=query.sort_by, facets=query.facets)
        found = [*self._scan(query.node)]
        for name in reversed(query.sort_by):
            found.sort(
                key=lambda article: article.values[name.removeprefix("-")], reverse=name.startswith("-")
            )
        return Hits(
            len(found),
            [
                ScoredDocument("article", article.values["pk"], 0.0)
                for article in found[query.start : query.end]
            ],
            {facet: _counted(facet, found) for facet in query.facets},
        )

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        return [sum(1 for _ in self._scan(node)) for node in nodes]

    def counts_by_day(self, nodes: Sequence[Node]) -> list[list[tuple[dt.date, int]]]:
        return [sorted(Counter(article.end_date for article in self._scan(node)).items()) for node in nodes]

    def scores(self, nodes: Sequence[Node], document: DocumentId) -> list[float]:
        _refuse("rank")

    def term_counts(self) -> TermCounts:
        rows = (
            Mention.objects.published().values_list("term").annotate(articles=Count("article", distinct=True))
        )
        return TermCounts(Article.objects.published().count(), dict(rows))

    def similar(self, document: DocumentId, within: Node, start: int = 0, end: int | None = None) -> Hits:
        _refuse("rank")

    def containing(self, runs: Iterable[str], *, whole: bool = False) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {run: [] for run in runs}
        patterns = {
            run: _pattern(squeezed, whole) for run in found if (squeezed := analysis.squeeze(run).strip())
        }
        for article in self._scan(Everything()):
            text = article.texts[""].squeezed
            for run, pattern in patterns.items():
                if pattern.search(text):
                    found[run].append(article.values["pk"])
        return found

    def contents(self, index: str = "") -> tuple[EngineState, Iterator[Held]]:
        _refuse("keep an index to look into")

    def _scan(self, node: Node) -> Iterator[ScannedArticle]:
        """Yields the articles that match, the newest first."""
        terms = current_vocabulary()
        articles = Article.objects.published().select_related("issue")
        for article in articles.order_by("-issue__end_date", "position", "pk").iterator(chunk_size=500):
            scanned = ScannedArticle(article, terms)
            if matches(node, scanned):
                yield scanned

    # --- Writing

    def write(
        self, documents: Sequence[Document], gone: Iterable[DocumentId], position: Position, index: str = ""
    ) -> None:
        _refuse("write an index")

    def build(self, documents: Iterable[Document], position: Position) -> str:
        _refuse("build an index")

    def activate(self, index: str) -> None:
        _refuse("build an index")

    def discard(self, index: str) -> None:
        _refuse("build an index")

    def maintain(self, *, remove_old: bool = False) -> None:
        """There is nothing to do."""

    def repair(self, catch_up: Callable[[str], object], *, is_thorough: bool = True) -> bool:
        return False

    def lock(self, name: LockName, wait_seconds: float) -> nullcontext[None]:
        return nullcontext()

    def is_locked(self, name: LockName) -> bool:
        return False


def _refuse(what: str) -> NoReturn:
    raise Unsupported(f"the database engine does not {what}: set SEARCH_URL to one that does")


def _pattern(run: str, whole: bool) -> re.Pattern[str]:
    """Returns what finds a squeezed run; a whole one is no part of a longer Latin word or number."""
    kinds = ("[a-z]", "[0-9]")
    before, after = (next((kind for kind in kinds if re.match(kind, end)), "") for end in (run[0], run[-1]))
    escaped = re.escape(run)
    if whole:
        escaped = (f"(?<!{before})" if before else "") + escaped + (f"(?!{after})" if after else "")
    return re.compile(escaped)


def _counted(facet: str, articles: Sequence[ScannedArticle]) -> Counts:
    if facet == "term":
        terms = Counter(str(term) for article in articles for term in article.texts[""].mentioned)
        return sorted(terms.items(), key=lambda item: (-item[1], item[0]))
    column = FACETS[facet]
    values = [article.values[column] for article in articles]
    if FIELDS[column].type == "day":
        days = Counter(f"{number_date(value):{'%Y' if facet == 'year' else '%Y-%m'}}" for value in values)
        return sorted(days.items(), reverse=True)
    texts = Counter(value for value in values if value)
    return sorted(texts.items(), key=lambda item: (-item[1], item[0]))
