"""States of an index that do not change while somebody reads them: OpenSearch's points in time.

Each lies on one host, which alone is asked for it (transport.py). When that one does not answer, the state is opened
on another, which has all that is in it.

A process keeps one of the newest state, for all its threads. Whether there is a newer one is asked each time, of one
small document; where hosts announce what they change (archive.announcements), only after a change.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from opensearchpy.exceptions import NotFoundError

from archive.announcements import Known
from search.engines.base import EngineState, IndexUnavailable, Unreachable
from search.engines.documents import DocumentId
from search.engines.opensearch.cluster import Cluster
from search.engines.opensearch.indexes import Indexes
from search.engines.opensearch.mapping import POSITION
from search.engines.opensearch.translation import Query
from search.engines.opensearch.transport import ANSWERED_BY, BUSY, KEPT_BY
from search.engines.position import Position

KEPT = "5m"
"""How long the cluster keeps a state that nobody asks. One that is gone is opened again."""
NOBODY_WAITS_SECONDS = 15.0
"""How long a host may take for what is read when nobody waits for it: all that is in an index, a new one's titles."""
MAX_COUNTS = 5_000
_POSITION_QUERY = {"ids": {"values": [POSITION]}}
_WHOLE = {"allow_partial_search_results": "false"}
"""An answer of some of the documents is none."""
_NEAR = {"preference": "_local"}
"""Whoever is asked asks its own copy, if it has one: no other node that hangs is waited for."""

Stamp = tuple[str, int, int]
"""The index, and when its position was written: another one for each state."""


class Kept(NamedTuple):
    """A point in time: the name that the cluster gave it, and the host that keeps it."""

    pit: str
    host: str


@dataclass(eq=False)
class Moment:
    """A state of an index, which a host of the cluster keeps for us."""

    stamp: Stamp
    kept: Kept
    position: Position
    documents: int
    """Articles in it."""
    size: int
    """Documents of all kinds."""
    first_day: int
    last_day: int
    readers: int = 0
    is_replaced: bool = False
    patience: float = 0.0
    """Seconds that its host has for an answer, where it has more than the first that is asked for something."""
    counts: dict[str, int] = field(default_factory=dict)
    """How many documents match queries that were counted, by what they ask."""

    @property
    def name(self) -> str:
        index, number, term = self.stamp
        return f"{index}:{term}.{number}"

    @property
    def index(self) -> str:
        return self.stamp[0]

    def remember(self, counts: Mapping[str, int]) -> None:
        """Keeps counts for the next who needs them; all are dropped when they become too many."""
        if len(self.counts) > MAX_COUNTS:
            self.counts = {}
        self.counts.update(counts)


@dataclass(frozen=True, eq=False)
class View:
    """What a thread reads: a moment without some documents."""

    moment: Moment
    hidden: tuple[DocumentId, ...] = ()

    @property
    def name(self) -> str:
        """The same for the same state without the same documents."""
        return self.moment.name + (f" without {sorted(map(str, self.hidden))}" if self.hidden else "")

    @property
    def shown(self) -> list[Query]:
        """What leaves out the hidden ones."""
        return [{"ids": {"values": [str(document) for document in self.hidden]}}] if self.hidden else []


class Moments:
    """Opens states, shares the newest among threads, and closes those that nobody reads."""

    def __init__(self, cluster: Cluster, indexes: Indexes) -> None:
        self._cluster = cluster
        self._indexes = indexes
        self._lock = threading.Lock()
        self._newest: Moment | None = None
        self._known_stamp = Known(self.stamp)

    @contextmanager
    def newest(self) -> Iterator[Moment]:
        """Holds the newest state of the live index. Raises IndexUnavailable."""
        stamp = self._known_stamp.get(self._indexes.alias)
        unused = None
        with self._lock:
            moment = self._newest
            if moment is None or moment.stamp != stamp:
                moment = self.open(stamp[0])
                unused = self._replace(moment)
            moment.readers += 1
        try:
            self.close(unused)
            yield moment
        finally:
            with self._lock:
                moment.readers -= 1
                is_unused = moment.is_replaced and not moment.readers
            if is_unused:
                self.close(moment)

    def forget(self, moment: Moment) -> None:
        """Has the state opened anew by whoever asks next: the cluster no longer keeps it."""
        self._known_stamp.forget()
        with self._lock:
            if self._newest is moment:
                self._newest = None

    def _replace(self, moment: Moment) -> Moment | None:
        """Makes a moment the newest. Returns the one before, if nobody reads it: others wait while this is done."""
        before, self._newest = self._newest, moment
        if before is None:
            return None
        before.is_replaced = True
        return None if before.readers else before

    def stamp(self, index: str) -> Stamp:
        """Returns which state of an index (or of the live one, by the alias) readers find now."""
        try:
            found = self._cluster.ask(
                lambda client: client.get(
                    index=index, id=POSITION, params={"realtime": "false", "_source": "false", **_NEAR}
                )
            )
        except NotFoundError:
            raise self._indexes.missing() from None
        return found["_index"], found["_seq_no"], found["_primary_term"]

    def state(self, index: str) -> EngineState:
        """Returns the state of an index without opening it."""
        found = self._look({"index": index})
        stamp = _stamp(found)
        moment = _moment(found, Kept("", ""))
        return EngineState(
            moment.name, moment.position, moment.documents, stamp[0], self._indexes.built_at(stamp[0])
        )

    def open(self, index: str, *, patience: float = 0.0) -> Moment:
        """Opens the state of an index as it is now. Raises OtherVersion when other code built it."""
        self._indexes.built_at(index)
        try:
            opened = self._cluster.ask(
                lambda client: client.create_pit(
                    index=index,
                    params={
                        "keep_alive": KEPT,
                        "allow_partial_pit_creation": "false",
                        ANSWERED_BY: True,
                        **_NEAR,
                    },
                )
            )
        except NotFoundError:
            raise self._indexes.missing() from None
        kept = Kept(opened["pit_id"], opened[ANSWERED_BY])
        moment = _moment(self._look({"pit": {"id": kept.pit, "keep_alive": KEPT}}, kept.host, patience), kept)
        moment.patience = patience
        return moment

    def close(self, moment: Moment | None) -> None:
        """Lets go of a state. One that can not be let go of now goes by itself."""
        if moment is None:
            return
        body, params = {"pit_id": [moment.kept.pit]}, {KEPT_BY: moment.kept.host}
        with suppress(IndexUnavailable, NotFoundError):
            self._cluster.ask(lambda client: client.delete_pit(body=body, params=params))

    def _look(self, where: dict[str, Any], host: str = "", patience: float = 0.0) -> Any:
        """Returns what the position's document and the documents around it say, of a point in time on its host."""
        body = {
            "size": 1,
            "query": _POSITION_QUERY,
            "seq_no_primary_term": True,
            "aggs": {
                "all": {
                    "global": {},
                    "aggs": {
                        "kinds": {"terms": {"field": "kind"}},
                        "first": {"min": {"field": "end_date"}},
                        "last": {"max": {"field": "end_date"}},
                    },
                }
            },
        }
        index = where.get("index")
        params: dict[str, Any] = {**_WHOLE, **_NEAR}
        if host:  # it has answered a moment ago
            body["pit"] = where["pit"]
            seconds = max(patience, self._cluster.address.timeout)
            params = {**_WHOLE, KEPT_BY: host, "request_timeout": seconds}
        try:
            found = self._cluster.ask(lambda client: client.search(index=index, body=body, params=params))
        except NotFoundError:
            raise self._indexes.missing() from None
        if not found["hits"]["hits"]:
            raise IndexUnavailable("the search index says not how far it is: run `manage.py rebuild_index`")
        return found

    def ask(self, moment: Moment, bodies: Sequence[dict[str, Any]]) -> list[Any]:
        """Returns the answers of a state to some searches. Raises NotFoundError when it is no longer kept."""
        pit = {"id": moment.kept.pit, "keep_alive": KEPT}
        params: dict[str, Any] = {KEPT_BY: moment.kept.host}
        if moment.patience:
            params["request_timeout"] = moment.patience
        if len(bodies) == 1:
            body = {**bodies[0], "pit": pit}
            return [self._cluster.ask(lambda client: client.search(body=body, params={**_WHOLE, **params}))]
        lines = [
            line
            for body in bodies
            for line in ({"allow_partial_search_results": False}, {**body, "pit": pit})
        ]
        answers: list[Any] = self._cluster.ask(lambda client: client.msearch(body=lines, params=params))[
            "responses"
        ]
        for answer in answers:
            if "error" in answer:
                raise _error_of(answer)
        return answers


def _error_of(answer: Any) -> Exception:
    status, said = answer["status"], str(answer["error"])[:300]
    if status == 404:
        lost: Exception = NotFoundError(404, said, answer)
        return lost
    kind = Unreachable if status in BUSY or status >= 500 else IndexUnavailable
    return kind(f"OpenSearch refused a search (HTTP {status}, {said})")


def _stamp(found: Any) -> Stamp:
    [hit] = found["hits"]["hits"]
    return hit["_index"], hit["_seq_no"], hit["_primary_term"]


def _moment(found: Any, kept: Kept) -> Moment:
    around = found["aggregations"]["all"]
    kinds = {bucket["key"]: bucket["doc_count"] for bucket in around["kinds"]["buckets"]}
    return Moment(
        stamp=_stamp(found),
        kept=kept,
        position=Position.from_json(found["hits"]["hits"][0]["_source"][POSITION]["position"]),
        documents=kinds.get("article", 0),
        size=sum(kinds.values()),
        first_day=int(around["first"]["value"] or 0),
        last_day=int(around["last"]["value"] or 0),
    )


def without(moment: Moment, hidden: Collection[DocumentId]) -> View:
    """Returns a moment without some documents."""
    return View(moment, tuple(sorted(hidden)))
