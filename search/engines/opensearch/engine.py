"""The engine on OpenSearch: an index in a cluster that all hosts of a site share.

The server stores, finds and counts; a text's words and a query's meaning are ours (search.text, search.query).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from opensearchpy.exceptions import NotFoundError

from archive.announcements import announce
from glossary.plurals import plural
from glossary.vocabulary import current_vocabulary
from search.engines.base import (
    EngineState,
    Held,
    Hide,
    Hits,
    IndexQuery,
    IndexUnavailable,
    LockName,
    ScoredDocument,
    TermCounts,
    Unreachable,
)
from search.engines.documents import Document, DocumentId, Kind
from search.engines.fields import number_date, refuse_unknown
from search.engines.locks import SharedLocks
from search.engines.opensearch import aggregations
from search.engines.opensearch.address import Address, WrongAddress
from search.engines.opensearch.cluster import Cluster
from search.engines.opensearch.contents import read_contents
from search.engines.opensearch.indexes import Indexes
from search.engines.opensearch.mapping import VERSION
from search.engines.opensearch.reading import NOBODY_WAITS_SECONDS, Moments, View, without
from search.engines.opensearch.similarity import own_terms, rarity, rarity_of, similar_to
from search.engines.opensearch.translation import Query, Translator, any_of, unscored
from search.engines.opensearch.writing import Writer
from search.engines.position import Position
from search.engines.ranking import RECENCY_WEIGHT
from search.query.tree import Node
from search.text.runs import run_to_find

MANY = 200
"""Searches in one request."""

Answer = TypeVar("Answer")
Body = dict[str, Any]


class OpenSearchEngine:
    """`opensearch://user:password@host:9200,other:9200/name`: an index in a cluster (`.address`)."""

    has_index = True
    folder = None

    def __init__(self, url: str) -> None:
        try:
            address = Address.of(url)
        except WrongAddress as error:
            raise ImproperlyConfigured(f"SEARCH_URL=opensearch://…: {error}") from error
        self.name = f"opensearch://{address}"[-300:]
        cluster = Cluster(address)
        self.indexes = Indexes(cluster)
        self._moments = Moments(cluster, self.indexes)
        self._writer = Writer(cluster)
        self._locks = SharedLocks(f"{address.name}-{VERSION}")
        self._pinned: ContextVar[View | None] = ContextVar("pinned", default=None)

    @property
    def is_empty(self) -> bool:
        return self.indexes.is_empty

    # --- Reading

    def state(self, index: str = "") -> EngineState:
        return self._moments.state(index or self.indexes.alias)

    @contextmanager
    def pinned(self, hide: Hide | None = None, index: str = "") -> Iterator[EngineState]:
        with self._view(hide, index) as view:
            token = self._pinned.set(view)
            try:
                articles = self._read(self._articles)
                yield EngineState(view.name, view.moment.position, articles, content=view.name)
            finally:
                self._pinned.reset(token)

    def search(self, query: IndexQuery) -> Hits:
        refuse_unknown(sort_by=query.sort_by, facets=query.facets)
        return self._read(lambda view: self._page(view, query, self._scored(view, query.node, query.kind)))

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        def count(view: View) -> list[int]:
            bodies = [
                {"size": 0, "track_total_hits": True, "query": self._shown(view, node)} for node in nodes
            ]
            return [answer["hits"]["total"]["value"] for answer in self._ask(view, bodies)]

        return self._read(count)

    def counts_by_day(self, nodes: Sequence[Node]) -> list[list[tuple[dt.date, int]]]:
        days = {"days": {"terms": {"field": "end_date", "size": aggregations.MOST_VALUES}}}

        def count(view: View) -> list[list[tuple[dt.date, int]]]:
            bodies = [{"size": 0, "query": self._shown(view, node), "aggs": days} for node in nodes]
            return [
                sorted(
                    (number_date(bucket["key"]), bucket["doc_count"])
                    for bucket in answer["aggregations"]["days"]["buckets"]
                )
                for answer in self._ask(view, bodies)
            ]

        return self._read(count)

    def scores(self, nodes: Sequence[Node], document: DocumentId) -> list[float]:
        only = {"ids": {"values": [str(document)]}}

        def score(view: View) -> list[float]:
            queries = [self._scored(view, node, document.kind) for node in nodes]
            bodies = [
                {"size": 1, "query": {"bool": {"must": [query], "filter": [only]}}} for query in queries
            ]
            hits = [answer["hits"]["hits"] for answer in self._ask(view, bodies)]
            return [float(hit[0]["_score"]) if hit else 0.0 for hit in hits]

        return self._read(score)

    def term_counts(self) -> TermCounts:
        return self._read(self._term_counts)

    def similar(self, document: DocumentId, within: Node, start: int = 0, end: int | None = None) -> Hits:
        def look(view: View) -> Hits:
            terms = own_terms(self._ask(view, [_document(document)])[0])
            weights = rarity(terms, self._term_counts(view))
            others = {"bool": {"must_not": [{"ids": {"values": [str(document)]}}]}}
            allowed = self._shown(view, within)
            query = similar_to(weights, [allowed, others])
            return self._page(view, IndexQuery(within, start=start, end=end), query)

        return self._read(look)

    def containing(self, runs: Iterable[str], *, whole: bool = False) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {run: [] for run in runs}
        asked = {run: looked_up for run in found if (looked_up := run_to_find(run))}

        def look(view: View) -> None:
            size = max(view.moment.documents, 1)
            queries = [self._holding(view, run, whole=whole) for run in asked.values()]
            bodies = [
                {"size": size, "_source": False, "sort": ["pk"], "query": _shown(view, query)}
                for query in queries
            ]
            for run, answer in zip(asked, self._ask(view, bodies), strict=True):
                found[run] = [hit["sort"][0] for hit in answer["hits"]["hits"]]

        self._read(look)
        return found

    def contents(self, index: str = "") -> tuple[EngineState, Iterator[Held]]:
        state = self.state(index)
        return state, read_contents(self._moments, state.index)

    # --- Writing

    def write(
        self, documents: Sequence[Document], gone: Iterable[DocumentId], position: Position, index: str = ""
    ) -> None:
        name = index or self.indexes.live()
        with _found(self.indexes):
            self._writer.write(name, documents, gone, position)
            self._writer.finish(name, position)
        announce()

    def build(self, documents: Iterable[Document], position: Position) -> str:
        index = self.indexes.create()
        try:
            self._writer.write(index, documents, (), position)
            self._writer.finish(index, position)
        except BaseException:
            self.discard(index)
            raise
        return index

    def activate(self, index: str) -> None:
        with _found(self.indexes):
            self.indexes.activate(index)
        announce()

    def discard(self, index: str) -> None:
        self.indexes.remove(index)

    def maintain(self, *, remove_old: bool = False) -> None:
        if remove_old:
            with suppress(TimeoutError), self.lock("rebuild", 0):  # a new one is filled only by who holds it
                self.indexes.remove_old()

    def repair(self, catch_up: Callable[[str], object], *, is_thorough: bool = True) -> bool:
        try:
            self.state()
        except Unreachable:
            raise
        except IndexUnavailable:
            return self._activate_another(catch_up)
        return False

    def _activate_another(self, catch_up: Callable[[str], object]) -> bool:
        for index in self.indexes.names():
            try:
                with self.lock("write", 60):
                    catch_up(index)
                    self.activate(index)
            except Unreachable:
                raise
            except IndexUnavailable:  # one that was never finished, or is too far behind
                continue
            return True
        return False

    def lock(self, name: LockName, wait_seconds: float) -> AbstractContextManager[object]:
        return self._locks.hold(name, wait_seconds)

    def is_locked(self, name: LockName) -> bool:
        return self._locks.is_held(name)

    # --- What readers are made of

    @contextmanager
    def _view(self, hide: Hide | None = None, index: str = "") -> Iterator[View]:
        """What this thread has pinned, or the newest state of the index."""
        pinned = self._pinned.get()
        if index:
            moment = self._moments.open(index, patience=NOBODY_WAITS_SECONDS)
            try:
                yield View(moment)
            finally:
                self._moments.close(moment)
        elif pinned is not None:
            yield pinned
        else:
            with self._moments.newest() as moment:
                yield without(moment, hide(moment.position) if hide else ())

    def _read(self, read: Callable[[View], Answer]) -> Answer:
        """Returns what `read` makes of the state; of its next one, if nobody pinned it and the cluster lost it."""
        pinned = self._pinned.get()
        if pinned is not None:
            return self._again(pinned, read)
        with self._view() as view:
            try:
                return read(view)
            except (NotFoundError, Unreachable):
                self._moments.forget(view.moment)
        with self._view() as view:
            return self._again(view, read)

    def _again(self, view: View, read: Callable[[View], Answer]) -> Answer:
        """The same; of the same state alone. The node that kept it may be gone, and others have all that is in it."""
        try:
            return read(view)
        except (NotFoundError, Unreachable):
            self._moments.forget(view.moment)
            opened = self._moments.open(view.moment.index)
            if opened.stamp != view.moment.stamp:
                raise Unreachable("a node of OpenSearch was lost, and the index has changed since") from None
            view.moment.kept, view.moment.patience = opened.kept, self.indexes.cluster.address.timeout
            try:
                return read(view)
            except NotFoundError as error:
                raise Unreachable(f"OpenSearch does not keep what is being read ({error.error})") from error

    def _ask(self, view: View, bodies: Sequence[Body]) -> list[Any]:
        parts = (bodies[start : start + MANY] for start in range(0, len(bodies), MANY))
        return [answer for part in parts for answer in self._moments.ask(view.moment, part)]

    def _page(self, view: View, query: IndexQuery, matching: Query) -> Hits:
        end = view.moment.size if query.end is None else min(query.end, view.moment.size)
        order = [
            {name.removeprefix("-"): "desc" if name.startswith("-") else "asc"} for name in query.sort_by
        ]
        body = {
            "from": query.start if query.start < end else 0,
            "size": max(end - query.start, 0),
            "_source": False,
            "track_total_hits": True,
            "query": matching,
            "sort": [
                *(order or [{"_score": "desc"}]),
                {"end_date": "desc"},
                {"position": "asc"},
                {"pk": "asc"},
            ],
            "aggs": aggregations.asked(query.facets),
        }
        [answer] = self._ask(view, [body])
        return Hits(
            answer["hits"]["total"]["value"],
            [
                ScoredDocument(query.kind, hit["sort"][-1], 0.0 if order else float(hit["sort"][0]))
                for hit in answer["hits"]["hits"]
            ],
            {facet: aggregations.counted(facet, answer["aggregations"][facet]) for facet in query.facets},
        )

    def _shown(self, view: View, node: Node, kind: Kind = "article") -> Query:
        """What matches the documents of a kind that match a tree and are there to be found."""
        return _shown(view, self._translator(view, kind).query(node), kind)

    def _scored(self, view: View, node: Node, kind: Kind) -> Query:
        """The same, the newest scoring a little more."""
        query, moment = self._shown(view, node, kind), view.moment
        days = moment.last_day - moment.first_day
        if not days:
            return query
        # A straight line from 0 for the oldest to 1 for the newest.
        newness = {"linear": {"end_date": {"origin": moment.last_day, "scale": days / 2, "decay": 0.5}}}
        functions = [{"filter": {"match_all": {}}, "weight": 1}, {**newness, "weight": RECENCY_WEIGHT}]
        return {
            "function_score": {
                "query": query,
                "functions": functions,
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }

    def _translator(self, view: View, kind: Kind = "article") -> Translator:
        def rarities(queries: Sequence[Query]) -> list[float]:
            known = view.moment.counts
            found = {key: known[key] for query in queries if (key := repr(query)) in known}
            missing = {key: query for query in queries if (key := repr(query)) not in found}
            bodies = [
                {"size": 0, "track_total_hits": True, "query": _shown(view, query)}
                for query in missing.values()
            ]
            for key, answer in zip(missing, self._ask(view, bodies), strict=True):
                found[key] = answer["hits"]["total"]["value"]
            view.moment.remember(found)
            return [rarity_of(found[repr(query)], view.moment.documents) for query in queries]

        def best(query: Query) -> float:
            [answer] = self._ask(view, [{"size": 1, "_source": False, "query": query}])
            return float(answer["hits"]["max_score"] or 0)

        return Translator(current_vocabulary(), kind, rarities, best)

    def _holding(self, view: View, run: str, *, whole: bool) -> Query:
        """What matches the articles whose text holds a run of characters (Engine.containing)."""
        translator = self._translator(view)
        held = translator.run(run)
        if not whole:
            return held
        # In a joined text `CoWoS` touches the `L` of `CoWoS-L`, but it is a word of its own.
        several = plural(run)
        word = {
            "bool": {
                "filter": [translator.word(run), held],
                "must_not": [translator.run(several)] if several else [],
            }
        }
        return any_of([unscored(translator.run(run, whole=True)), word])

    def _term_counts(self, view: View) -> TermCounts:
        body = {"size": 0, "query": _shown(view, {"match_all": {}}), "aggs": aggregations.asked(["term"])}
        [answer] = self._ask(view, [body])
        counts = aggregations.counted("term", answer["aggregations"]["term"])
        return TermCounts(view.moment.documents, {int(term): number for term, number in counts})

    def _articles(self, view: View) -> int:
        if not view.hidden:
            return view.moment.documents
        body = {"size": 0, "track_total_hits": True, "query": _shown(view, {"match_all": {}})}
        return int(self._ask(view, [body])[0]["hits"]["total"]["value"])


def _shown(view: View, query: Query, kind: Kind = "article") -> Query:
    return {"bool": {"must": [query], "filter": [{"term": {"kind": kind}}], "must_not": view.shown}}


def _document(document: DocumentId) -> Body:
    query = {"ids": {"values": [str(document)]}}
    return {"size": 1, "_source": False, "docvalue_fields": ["terms"], "query": query}


@contextmanager
def _found(indexes: Indexes) -> Iterator[None]:
    """An index that is not there is one that can not answer."""
    try:
        yield
    except NotFoundError:
        raise indexes.missing() from None
