"""Foretells what a change of a term does, before it is saved: to the articles that mention it, and to searches.

    the term as it would be ─► a matcher with its writings instead ─► articles that it would read otherwise
                                                             └─► searches that hold a writing ─► hits now and then

Nothing is stored and nothing is locked. A search is tried on the index as it is: where its query would be read as
the term, the articles that would then mention the term stand in for the term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db.models import Count, Max

from archive.models import Article
from glossary.matching import Matcher, form_of
from glossary.models import Mention, Term
from glossary.vocabulary import current_vocabulary
from insight.models import GoldenQuery, SearchRecord
from search.indexing.visible import containing
from search.query.parser import parse
from search.query.tree import About, And, Leaf, Node, Not, Or, Where
from search.results.request import SearchRequest
from search.results.service import count
from search.text.analysis import TermFinder

NEW_TERM = -1
"""The id of a term that has none yet."""
MAX_READ = 3000
"""Articles that are read at most, the newest first."""
MAX_TRIED = 30
"""Searches affected by the change that are counted at most."""
MAX_LOOKED_AT = 1000
"""Different queries of the log that are considered at most, the most frequent first."""


class SearchImpact(NamedTuple):
    """A query, how often members asked it, and its number of hits before and after the change."""

    query: str
    searches: int
    is_golden: bool
    before: int
    after: int


@dataclass
class TermImpact:
    """What a change of a term would do."""

    gained: list[Article] = field(default_factory=list)
    """Published articles that would mention the term and do not now, newest first."""
    lost: list[Article] = field(default_factory=list)
    kept: int = 0
    """Published articles that mention it before and after."""
    others: list[tuple[Term, int]] = field(default_factory=list)
    """Other terms that fewer articles would mention: a longer writing takes their place."""
    searches: list[SearchImpact] = field(default_factory=list)
    is_cut: bool = False
    """There are more articles to read than MAX_READ."""


def term_impact(writings: Sequence[str], term: Term | None = None) -> TermImpact:
    """Returns what it would do if `term` (a new one, when None) had exactly these `writings`.

    Raises IndexUnavailable when no index can answer.
    """
    vocabulary = current_vocabulary()
    number = term.pk if term else NEW_TERM
    now = {form for form, owner in vocabulary.matcher.writings.items() if owner == number}
    then = {form_of(writing) for writing in writings}
    others = {form: owner for form, owner in vocabulary.matcher.writings.items() if owner != number}
    matcher = Matcher({**others, **dict.fromkeys(then - others.keys(), number)})
    impact = TermImpact()
    mentioning = set(Mention.objects.published().filter(term=number).values_list("article", flat=True))
    _impact_on_articles(impact, now ^ then, number, mentioning, matcher)
    would_mention = mentioning - {article.pk for article in impact.lost} | {a.pk for a in impact.gained}
    impact.kept = len(mentioning) - len(impact.lost)
    impact.searches = _impact_on_searches(number, would_mention, matcher)
    return impact


def _impact_on_articles(
    impact: TermImpact, changed: Iterable[str], number: int, mentioning: set[int], matcher: Matcher
) -> None:
    current = current_vocabulary().matcher
    held = {article for ids in containing(changed).values() for article in ids}
    articles = Article.objects.published().filter(pk__in=held).select_related("issue")
    fewer: Counter[int] = Counter()
    impact.is_cut = len(held) > MAX_READ
    for article in articles.order_by("-issue__end_date", "position")[:MAX_READ]:
        text = article.text
        before = {match.term for match in current.find(text)}
        after = {match.term for match in matcher.find(text)}
        if number in after and article.pk not in mentioning:
            impact.gained.append(article)
        if number not in after and article.pk in mentioning:
            impact.lost.append(article)
        fewer.update(before - after - {number})
    terms = Term.objects.in_bulk(list(fewer))
    impact.others = [(terms[pk], articles) for pk, articles in fewer.most_common() if pk in terms]


def _impact_on_searches(number: int, would_mention: set[int], matcher: Matcher) -> list[SearchImpact]:
    current = current_vocabulary()
    stand_in = _StandIn(number, would_mention, current, matcher)
    tried: list[SearchImpact] = []
    for query, searches, is_golden in _queries():
        if not _is_concerned(query, number, current, matcher):
            continue
        read = parse(query, matcher)
        tree, words = (stand_in.in_place(node) if node else None for node in (read.tree, read.words))
        before = count(parse(query, current), SearchRequest(query))
        tried.append(
            SearchImpact(
                query,
                searches,
                is_golden,
                before,
                count(replace(read, tree=tree, words=words), SearchRequest(query)),
            )
        )
        if len(tried) == MAX_TRIED:
            break
    return tried


def _queries() -> list[tuple[str, int, bool]]:
    """Returns golden queries, then the most frequent ones of the log: query, how often asked, whether it is golden."""
    rows = SearchRecord.objects.order_by().values("form").annotate(asked=Count("pk"), query=Max("query"))
    logged = {row["form"]: row for row in rows.order_by("-asked")[:MAX_LOOKED_AT]}
    golden = {form_of(query): query for query in GoldenQuery.objects.values_list("query", flat=True)}
    first = [(query, logged[form]["asked"] if form in logged else 0, True) for form, query in golden.items()]
    return first + [(row["query"], row["asked"], False) for form, row in logged.items() if form not in golden]


def _is_concerned(query: str, number: int, current: TermFinder, matcher: TermFinder) -> bool:
    return any(match.term == number for match in [*current.find(query), *matcher.find(query)])


class _StandIn:
    """Puts the articles that would mention the term in place of the term, wherever a query asks for it."""

    def __init__(self, number: int, articles: set[int], current: TermFinder, matcher: TermFinder) -> None:
        self._number = number
        self._current = current
        self._matcher = matcher
        titles = Article.objects.published().filter(pk__in=articles).values_list("pk", "title")
        titled = [pk for pk, title in titles if self._finds_it(matcher, title)]
        self._articles = {
            "": Where("pk", "in", tuple(sorted(articles))),
            "title": Where("pk", "in", tuple(sorted(titled))),
        }

    def in_place(self, node: Node) -> Node:
        match node:
            case And(children=children):
                return And(tuple(map(self.in_place, children)))
            case Or(children=children):
                return Or(tuple(map(self.in_place, children)))
            case Not(child=child):
                return Not(self.in_place(child))
            case About(term=writing) if self._is_asked_for(writing):
                return self._articles[""]
            case Leaf(is_exact=False) if self._is_asked_for(node.text):
                run = Leaf(node.text, is_exact=True, field=node.field)
                return Or((run, And(tuple(self._units(node)))))
        return node

    def _is_asked_for(self, text: str) -> bool:
        return self._finds_it(self._current, text) or self._finds_it(self._matcher, text)

    def _finds_it(self, finder: TermFinder, text: str) -> bool:
        return any(match.term == self._number for match in finder.find(text))

    def _units(self, leaf: Leaf) -> Iterable[Node]:
        for unit in leaf.units(self._matcher):
            # Searched as a run of characters: as a word, the index would still cut it with today's glossary.
            is_term = unit.term == self._number
            yield self._articles[leaf.field] if is_term else Leaf(unit.text, is_exact=True, field=leaf.field)
