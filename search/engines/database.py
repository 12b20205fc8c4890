"""The engine without an index: reads every article. Slow and unranked, but always there and always right.

It answers when the index can not, and it is what the tests hold the other engines against.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property
from typing import Any, NoReturn

from django.db.models import Count

from archive.issue_text import text_of, with_section_names
from archive.models import Article, Issue, Revision
from glossary.folding import LETTER, fold
from glossary.models import Mention
from glossary.vocabulary import current_vocabulary
from search.engines.base import (
    Counts,
    EngineState,
    Hide,
    Hits,
    IndexQuery,
    LockName,
    ScoredDocument,
    TermCounts,
    Unsupported,
)
from search.engines.documents import Kind
from search.engines.fields import (
    COMPARISONS,
    FACETS,
    FIELDS,
    TEXT_FIELDS,
    date_number,
    number_date,
    refuse_unknown,
)
from search.query.tree import About, And, During, Everything, First, Leaf, Most, Node, Not, Or, Some, Where
from search.text import analysis
from search.text.analysis import NO_TERMS, TermFinder, Unit
from search.text.codes import trace_of
from search.text.runs import run_of, run_to_find, runs_of_text


class _Text:
    """A text and what is made of it, each when it is first asked for."""

    def __init__(self, text: str, terms: TermFinder, runs: Callable[[str], str]) -> None:
        self._text = text
        self._terms = terms
        self._runs = runs

    @cached_property
    def run(self) -> str:
        return self._runs(self._text)

    @cached_property
    def words(self) -> set[str]:
        return set(analysis.words(self._text, self._terms))

    @cached_property
    def mentioned(self) -> set[int]:
        return {match.term for match in self._terms.find(self._text)}

    @cached_property
    def folded(self) -> str:
        return fold(self._text)

    @cached_property
    def _letters(self) -> str:
        """All its letters and digits, one behind the other."""
        return re.sub(f"[^{LETTER}]", "", self.folded)

    def may_hold(self, unit: Unit) -> bool:
        """A cheap prefilter without false negatives: a unit's words are parts of the text, or it is a mention."""
        if unit.quantity:  # written in many ways
            return True
        return any(all(map(self._may_hold_word, form)) for form in unit.forms)

    def _may_hold_word(self, word: str) -> bool:
        if analysis.is_term_token(word):
            return any(analysis.term_token(term) == word for term in self.mentioned)
        return word in self.folded or trace_of(word) in self._letters


class ScannedArticle:
    """An article as a query tree looks at it."""

    def __init__(self, article: Article, terms: TermFinder) -> None:
        issue = article.issue
        self._terms = terms
        self.texts = {
            "": _Text(article.text, terms, runs_of_text),
            "title": _Text(article.title, terms, run_of),
        }
        self._take(issue, kind="article", pk=article.pk, position=article.position, section=article.section)

    def _take(self, issue: Issue, **own: Any) -> None:
        self.start_date, self.end_date = issue.start_date, issue.end_date
        self.values: dict[str, Any] = {
            **own,
            "start_date": date_number(issue.start_date),
            "end_date": date_number(issue.end_date),
            "end_month": issue.end_date.month,
            "columnist": issue.columnist,
            "issue": issue.slug,
        }

    def holds(self, leaf: Leaf) -> bool:
        """Returns whether the text (or only the title) holds the leaf's run, or all its units."""
        text = self.texts[leaf.field]
        if any(run in text.run for run in leaf.runs):
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
        return bool(
            value in wanted if condition.operator == "in" else COMPARISONS[condition.operator](value, wanted)
        )


class ScannedIssue(ScannedArticle):
    """An issue as a query tree looks at it: its own words, as they are written there."""

    def __init__(self, issue: Issue) -> None:
        self._terms = NO_TERMS
        self.texts = {
            "": _Text(text_of(issue), NO_TERMS, runs_of_text),
            "title": _Text(issue.title, NO_TERMS, run_of),
        }
        self._take(issue, kind="issue", pk=issue.pk, position=0, section="")


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
        case First(child=child):
            return matches(child, article)
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
        case Some(words=words, least=least, most=most):
            return least <= sum(matches(word, article) for word in words) <= most


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
        state = self.state()
        yield replace(state, content=state.name)

    def search(self, query: IndexQuery) -> Hits:
        if not query.sort_by:
            raise Unsupported(
                f"the database engine does not rank: sort by {'-end_date'!r}, or set SEARCH_URL"
            )
        refuse_unknown(sort_by=query.sort_by, facets=query.facets)
        found = [*self._scan(query.node, query.kind)]
        for name in reversed(query.sort_by):
            found.sort(
                key=lambda article: article.values[name.removeprefix("-")], reverse=name.startswith("-")
            )
        return Hits(
            len(found),
            [
                ScoredDocument(query.kind, article.values["pk"], 0.0)
                for article in found[query.start : query.end]
            ],
            {facet: _counted(facet, found) for facet in query.facets},
        )

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        return [sum(articles for _, articles in days) for days in self.counts_by_day(nodes)]

    def counts_by_day(self, nodes: Sequence[Node]) -> list[list[tuple[dt.date, int]]]:
        days: list[Counter[dt.date]] = [Counter() for _ in nodes]
        for article in self._scan(Everything()):  # once for all of them: each text is cut once
            for found, node in zip(days, nodes, strict=True):
                if matches(node, article):
                    found[article.end_date] += 1
        return [sorted(found.items()) for found in days]

    def term_counts(self) -> TermCounts:
        rows = (
            Mention.objects.published().values_list("term").annotate(articles=Count("article", distinct=True))
        )
        return TermCounts(Article.objects.published().count(), dict(rows))

    def containing(self, runs: Iterable[str], *, whole: bool = False) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {run: [] for run in runs}
        patterns = {run: _pattern(looked_up, whole) for run in found if (looked_up := run_to_find(run))}
        for article in self._scan(Everything()):
            text = article.texts[""]
            for run, pattern in patterns.items():
                # In a joined text `CoWoS` touches the `L` of `CoWoS-L`, but it is a word of its own.
                if pattern.search(text.run) or (whole and pattern.search(analysis.squeeze(text.folded))):
                    found[run].append(article.values["pk"])
        return found

    def _scan(self, node: Node, kind: Kind = "article") -> Iterator[ScannedArticle]:
        """Yields the articles (or issues) that match, the newest first."""
        if kind == "issue":
            issues = map(ScannedIssue, with_section_names(Issue.objects.published()))
            yield from (issue for issue in issues if matches(node, issue))
            return
        terms = current_vocabulary()
        articles = Article.objects.published().select_related("issue")
        for article in articles.order_by("-issue__end_date", "position", "pk").iterator(chunk_size=500):
            scanned = ScannedArticle(article, terms)
            if matches(node, scanned):
                yield scanned

    # --- What it never does

    def _unsupported(self, *asked: Any, **options: Any) -> NoReturn:
        _refuse("rank, and does not build an index")

    scores = similar = contents = write = build = activate = discard = _unsupported

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
    """Returns what finds a run; a whole one is no part of a longer Latin word or number."""
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
