"""The port to the index: what every engine does, its plain types and its errors.

    results, indexing ─► Engine ─┬─ engines/whoosh       an index in a folder of this machine
                                 ├─ engines/opensearch   an index in a cluster that several hosts share
                                 └─ engines/database     no index: reads every article

Nothing but integers, texts, bytes, days, lists and trees passes here, so that an engine may be a service elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from search.engines.documents import Document, DocumentId, Kind
from search.engines.position import Position
from search.query.tree import Node

# --- Errors --------------------------------------------------------------------------------------------


class IndexUnavailable(Exception):
    """The engine can not answer: no index was built, it is damaged, or a service does not respond."""


class Unreachable(IndexUnavailable):
    """The service that keeps the index does not answer. The index may be sound: it is waited for, not built anew."""


class OtherVersion(IndexUnavailable):
    """The index was built by other code than ours: it would answer, and silently miss."""


class PositionLost(IndexUnavailable):
    """The index follows a sequence of changes that is not this database's: another history, or one trimmed since."""


class Unsupported(IndexUnavailable):
    """This engine never does what was asked of it; another would."""


class DocumentsRefused(Exception):
    """A service can not take some documents in as they are. Others than these are not at fault."""

    def __init__(self, reasons: Mapping[DocumentId, str]) -> None:
        super().__init__("; ".join(f"{document}: {reason}" for document, reason in reasons.items()))
        self.reasons = dict(reasons)


# --- What is asked, and what is answered ---------------------------------------------------------------


@dataclass(frozen=True)
class IndexQuery:
    """One page of the documents of a kind that answer a tree, and the counts of facets over all of them.

    `sort_by` holds names of columns, with `-` for descending; without it the best come first. Equals come newest
    first, so that no page repeats a document of another.
    """

    node: Node
    sort_by: tuple[str, ...] = ()
    start: int = 0
    end: int | None = None
    facets: tuple[str, ...] = ()
    """Names of search.engines.fields.FACETS."""
    kind: Kind = "article"


class ScoredDocument(NamedTuple):
    """A document of an answer. Its score is 0 where nothing was ranked."""

    kind: Kind
    pk: int
    score: float


Counts = list[tuple[str, int]]
"""Values as text with their counts: days the newest first, others the most frequent first, then by value."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The documents from `start` to `end`, and how many match in all."""

    total: int
    documents: list[ScoredDocument]
    facets: Mapping[str, Counts]


@dataclass(frozen=True)
class EngineState:
    """An index as it is at one moment."""

    name: str
    """The same in every process that reads the same state, and never again another state's."""
    position: Position | None
    """How far it follows the changes; None for an engine that has nothing to follow with."""
    documents: int
    """Articles in it."""
    index: str = ""
    built_at: str = ""
    content: str = ""
    """Of a pinned state: the same on every host whose index holds the same, and another for anything else. Pages are
    kept under it."""


class TermCounts(NamedTuple):
    """In how many of `documents` each glossary term stands, by its id."""

    documents: int
    counts: Mapping[int, int]


class Held(NamedTuple):
    """A document as an index holds it."""

    id: DocumentId | None
    """None for one that says two things about what it is, or none at all."""
    year: int
    digest: bytes


LockName = Literal["write", "rebuild", "maintain"]
"""Held by who writes to an index that others read, who fills a new one, and who looks after it all the time."""
Hide = Callable[[Position], Collection[DocumentId]]
"""Returns the documents that nobody may see although an index at that position may still hold them."""


class Engine(Protocol):
    """Threads and processes share it. Everything that reads raises IndexUnavailable when the engine can not answer.

    It holds articles and issues. What is found and counted are articles, but by a search for issues, and `contents`.
    An issue matches by its own words (archive.issue_text), as they are written there: no term's other writings.
    """

    name: str
    """What this index is called where several share one database: `host:/var/lib/…/index`."""
    has_index: bool
    """Whether it keeps a copy of the archive, which must be built and follow the changes."""
    folder: Path | None
    """Where it keeps files on this machine, if it does."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever built here, by any version."""

    # --- Reading

    def state(self, index: str = "") -> EngineState:
        """Returns the state of the live index (or of another) without opening it."""

    def pinned(self, hide: Hide | None = None, index: str = "") -> AbstractContextManager[EngineState]:
        """Answers everything that this thread asks inside from one state, without the documents that `hide` names.

        Inside of another `pinned`, it is that one's state.
        """

    def search(self, query: IndexQuery) -> Hits:
        """Answers a query. Raises ValueError for a column or facet that there is not. Nobody may change the answer."""

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        """Returns how many documents match each of the trees."""

    def counts_by_day(self, nodes: Sequence[Node]) -> list[list[tuple[dt.date, int]]]:
        """Returns for each tree the last days of the issues of its matches, ascending, with their number."""

    def scores(self, nodes: Sequence[Node], document: DocumentId) -> list[float]:
        """Returns what each tree by itself scores for one document; 0 where it does not match."""

    def term_counts(self) -> TermCounts:
        """Returns how many documents mention each term of the glossary."""

    def similar(self, document: DocumentId, within: Node, start: int = 0, end: int | None = None) -> Hits:
        """Returns the documents that share most glossary terms with one, of those that match `within`."""

    def containing(self, runs: Iterable[str], *, whole: bool = False) -> dict[str, list[int]]:
        """Returns for each run of characters the articles whose text holds it, in any script and spacing.

        With `whole`, a Latin end of a run touches no other letter or digit: `SK` is not in `SKU`.
        """

    def contents(self, index: str = "") -> tuple[EngineState, Iterator[Held]]:
        """Returns a state of the live index (or of another), and all that it holds then, whatever is wrong with it."""

    # --- Writing

    def write(
        self, documents: Sequence[Document], gone: Iterable[DocumentId], position: Position, index: str = ""
    ) -> None:
        """Writes documents in place of what was held of them, and takes others out, in one commit at `position`.

        To the live index only for who holds `lock("write")`.
        """

    def build(self, documents: Iterable[Document], position: Position) -> str:
        """Fills a new index that nobody reads yet, for who holds `lock("rebuild")`. Returns its name.

        Raises DocumentsRefused with all that it can not take in; without these it can be built.
        """

    def activate(self, index: str) -> None:
        """Makes an index the live one, at one moment for everybody."""

    def discard(self, index: str) -> None:
        """Removes an index that was not to go live."""

    def maintain(self, *, remove_old: bool = False) -> None:
        """Does what keeps the index fast, and with `remove_old` removes the indexes that nobody needs any more.

        What another process is in the way of is done the next time.
        """

    def repair(self, catch_up: Callable[[str], object], *, is_thorough: bool = True) -> bool:
        """Makes sure that a sound index is live if there is one. Returns whether another one is live now.

        `catch_up` brings an index up to date before it goes live. Without `is_thorough`, what was found sound an
        hour ago is not read again.
        """

    def lock(self, name: LockName, wait_seconds: float) -> AbstractContextManager[object]:
        """Holds a lock, for all processes that share the index. Raises TimeoutError when it is not free in time."""

    def is_locked(self, name: LockName) -> bool:
        """Returns whether anybody holds it."""
