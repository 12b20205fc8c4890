"""A query tree in OpenSearch's words: which documents match, and how well.

A leaf matches by its words or by its run of characters, as search.engines.whoosh.evaluation says it. Scores are
Lucene's BM25 and no other engine's; what they are added from is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from glossary.folding import fold
from search.engines.documents import ISSUE_FIELDS, Kind
from search.engines.fields import TEXT_FIELDS, date_number, refuse_unknown
from search.engines.opensearch.mapping import (
    FOLDED,
    RUN_FIELDS,
    SEPARATOR,
    TITLE_RUN_FIELDS,
    marked,
    marked_inside,
    pairs,
    token,
)
from search.engines.ranking import FIELD_WEIGHTS, FIRST_SCORE, LEAST_SHARE, NEAR_BEST
from search.query.tree import About, And, During, Everything, First, Leaf, Most, Node, Not, Or, Some, Where
from search.text import analysis
from search.text.analysis import NO_TERMS, TermFinder, Unit

Query = dict[str, Any]
NOTHING: Query = {"match_none": {}}
ROUNDING = 1e-6
"""What a sum of shares may be off by."""
RUN_SCORE = 1.35
RUN_IN_TITLE_SCORE = 3.4
"""What a whole run adds, in Lucene's scores: RUN_WEIGHT and RUN_IN_TITLE_WEIGHT for one of middling rarity."""
LONG_RUN = 100
"""Characters; where a longer run stands, it says nothing more that it stands there whole."""

Count = Callable[[Sequence[Query]], list[int]]
"""Tells how many documents match each of some queries."""
Best = Callable[[Query], float]
"""Tells what the best match of a query scores."""


class Translator:
    """Translates the trees of queries for documents of a kind."""

    def __init__(
        self, terms: TermFinder, kind: Kind, rarity: Callable[[Sequence[Query]], list[float]], best: Best
    ) -> None:
        self._terms = terms if kind == "article" else NO_TERMS
        self._kind = kind
        self._rarity = rarity
        self._best = best

    def query(self, node: Node) -> Query:
        """Returns the query that matches what `node` matches."""
        match node:
            case Leaf():
                return self._leaf(node)
            case And(children=children):
                return self._all(children)
            case Or(children=children):
                return any_of(map(self.query, children))
            case First(child=child):
                return {"bool": {"must": [self.query(child), constant({"match_all": {}}, FIRST_SCORE)]}}
            case Not():
                return self._all((node,))
            case During(first=first, last=last):
                starts_in_time = {"range": {"start_date": {"lte": date_number(last)}}}
                ends_in_time = {"range": {"end_date": {"gte": date_number(first)}}}
                return {"bool": {"filter": [starts_in_time, ends_in_time]}}
            case About(term=name):
                term = analysis.term_named(name, self._terms)
                return NOTHING if term is None else self._word(analysis.term_token(term), is_title=False)
            case Most():
                return self._most(node)
            case Some():
                return self._some(node)
            case Where():
                return {"bool": {"filter": [where(node)]}}
            case Everything():
                return {"bool": {"filter": [{"match_all": {}}]}}

    def _all(self, children: tuple[Node, ...]) -> Query:
        return {
            "bool": {
                "must": [self.query(child) for child in children if not isinstance(child, Not)],
                "must_not": [self.query(child.child) for child in children if isinstance(child, Not)],
            }
        }

    def _leaf(self, leaf: Leaf) -> Query:
        is_title = bool(leaf.field)
        units = leaf.units(self._terms)
        # However a code is joined it is the same answer, so its runs add to a score by their one writing alone.
        word = units[0].word if len(units) == 1 and self._kind == "article" else ""
        scores = [] if word else self._run_scores(leaf, is_title)
        # What is found by its run and what stands there whole are the same, and asked once, where no end is Latin.
        runs = [self.run(run, is_title=is_title) for run in leaf.runs]
        is_same = bool(scores) and scores[0]["constant_score"]["filter"] == runs[0]
        matching = [scores.pop(0)] if is_same else []
        matching += map(unscored, runs[is_same:])
        if not is_title and leaf.text:
            matching.append(unscored({"term": {FOLDED.format("columnist"): fold(leaf.text)}}))
        adding = self._code_scores(word, is_title) if word else scores
        # Where a run of several words stands, they stand, too: what they add is told by the titles.
        in_title_alone = is_title or (leaf.is_exact and len(units) > 1)
        parts = [self._unit(unit, in_title_alone) for unit in units]
        if leaf.is_exact:
            adding += parts
        elif parts:
            matching.append(parts[0] if len(parts) == 1 else {"bool": {"must": parts}})
        if not matching:
            return NOTHING
        return {"bool": {"must": [any_of(matching)], "should": adding}} if adding else any_of(matching)

    def _run_scores(self, leaf: Leaf, is_title: bool) -> list[Query]:
        """What a run adds to a score where it is whole."""
        if not leaf.runs:
            return []
        if self._kind == "issue":
            return [constant(self.run(leaf.run, is_title=is_title, whole=True), 1.0)]
        whole = len(leaf.run) <= LONG_RUN
        scores = [constant(self.run(leaf.run, is_title=is_title, whole=whole), RUN_SCORE)]
        if whole:
            scores.append(constant(self.run(leaf.run, is_title=True, whole=True), RUN_IN_TITLE_SCORE))
        return scores

    def _code_scores(self, word: str, is_title: bool) -> list[Query]:
        in_title = constant({"term": {"title": token(word)}}, RUN_IN_TITLE_SCORE)
        return [in_title] if is_title else [{"term": {"text": token(word)}}, in_title]

    def run(self, run: str, *, is_title: bool = False, whole: bool = False) -> Query:
        """Returns what matches the texts (or titles) that hold a run; a whole one is no part of a longer word."""
        field = (TITLE_RUN_FIELDS if is_title else RUN_FIELDS)[self._kind]
        text = marked(run) if whole else marked_inside(run)
        if len(text) == 1:
            return {"prefix": {field: {"value": text}}}
        asked = pairs(text)
        if len(asked) == 1:
            return {"term": {field: {"value": asked[0]}}}
        return {"match_phrase": {field: {"query": SEPARATOR.join(asked)}}}

    def word(self, word: str) -> Query:
        """Returns what matches the texts that hold a word as we cut it."""
        return {"term": {"text": token(word)}}

    def _unit(self, unit: Unit, is_title: bool) -> Query:
        """A document holds a unit in one of its forms; the form that scores best counts."""
        forms = [
            parts[0] if len(parts) == 1 else {"bool": {"must": parts}}
            for form in unit.forms
            if (parts := [self._word(word, is_title) for word in form])
        ]
        return forms[0] if len(forms) == 1 else {"dis_max": {"queries": forms}}

    def _word(self, word: str, is_title: bool) -> Query:
        found = token(word)
        if self._kind == "issue":
            return unscored({"term": {ISSUE_FIELDS["title" if is_title else "text"]: found}})
        if is_title:
            return {"term": {"title": {"value": found, "boost": FIELD_WEIGHTS["title"]}}}
        scored = {
            name: {"term": {name: {"value": found, "boost": weight}}}
            for name, weight in FIELD_WEIGHTS.items()
        }
        return {"bool": {"must": [scored.pop("text")], "should": [*scored.values()]}}

    def _most(self, node: Most) -> Query:
        """Documents that hold the greater part of the words, weighed by rarity."""
        queries = [self._unit(unit, is_title=False) for unit in node.units(self._terms)]
        if not queries:
            return NOTHING
        weights = self._rarity(queries)
        shares = [weight / sum(weights) for weight in weights]
        held = {
            "bool": {"should": [constant(query, share) for query, share in zip(queries, shares, strict=True)]}
        }
        least = max(LEAST_SHARE, NEAR_BEST * self._best(held)) - ROUNDING
        functions = [{"filter": query, "weight": share} for query, share in zip(queries, shares, strict=True)]
        return {
            "function_score": {
                "query": {
                    "bool": {
                        "filter": [{"function_score": {"query": held, "min_score": least}}],
                        "should": queries,
                    }
                },
                "functions": functions,
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }

    def _some(self, node: Some) -> Query:
        """Documents that hold so many of the words."""
        words = [self._leaf(word) for word in node.words]
        held = [unscored(word) for word in words]
        enough = [{"bool": {"should": held, "minimum_should_match": node.least}}] if node.least else []
        more = (
            [{"bool": {"should": held, "minimum_should_match": node.most + 1}}]
            if node.most < len(words)
            else []
        )
        return {"bool": {"filter": enough or [{"match_all": {}}], "must_not": more, "should": words}}


def where(condition: Where) -> Query:
    """Returns what matches the documents whose column has a value."""
    name, operator, value = condition.field, condition.operator, condition.value
    refuse_unknown(filters=((name, operator),))
    if name in TEXT_FIELDS:
        wanted = [*value] if operator == "in" else [value]
        return {"terms": {FOLDED.format(name): [fold(str(one)) for one in wanted]}}
    match operator:
        case "exact":
            return {"term": {name: value}}
        case "in":
            return {"terms": {name: [*value]}}
        case "range":
            return {"range": {name: {"gte": value[0], "lte": value[1]}}}
    return {"range": {name: {operator: value}}}


def any_of(queries: Any) -> Query:
    """Returns what matches any of the queries; their scores are added."""
    queries = [*queries]
    if len(queries) == 1:
        only: Query = queries[0]
        return only
    return {"bool": {"should": queries, "minimum_should_match": 1}} if queries else NOTHING


def constant(query: Query, score: float) -> Query:
    """Returns the same query, scoring the same for every match."""
    return {"constant_score": {"filter": query, "boost": score}}


def unscored(query: Query) -> Query:
    """Returns the same query, adding nothing to a score."""
    return {"bool": {"filter": [query]}}
