"""Makes documents of what was prepared of rows: here, or for a whole archive in processes beside this one.

    rows, prepared ─► batches ─┬─► python -m search.indexing.cutting ─┬─► documents, in the order of the rows
                               └─► python -m search.indexing.cutting ─┘

Cutting is most of what a rebuild does. The others know neither Django nor the database: they get the glossary's
writings and texts through a pipe, and end when it does. One that dies is an error of the rebuild, which is done again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from glossary.matching import Matcher
from search.engines.documents import Document, document_of
from search.text.analysis import TermFinder

MOST_PROCESSES = 4
"""What one process writes keeps no more than so many busy."""
WORTH_FROM = 1_000
"""Rows from which a process that has to start first is a gain."""
AT_ONCE = 50
"""Rows that go through a pipe at a time."""
_ROOT = Path(__file__).resolve().parents[2]


class Row(NamedTuple):
    """A row of the archive on its way to a document."""

    name: Any
    """What it is called by who asks for its document."""
    prepared: Mapping[str, Any]
    """What Haystack prepared of it."""


Made = tuple[Any, Document | str]
"""The name of a row, with its document or what is wrong with it."""


def processes_for(rows: int) -> int:
    """Returns how many processes are worth starting for so many rows: one for each core of a machine that has more."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_PROCESSES) if rows >= WORTH_FROM and cores > 1 else 0


def made_of(row: Row, terms: TermFinder) -> Made:
    """Returns the document of a row. A full memory is raised; whatever else is wrong is the row's, and returned."""
    try:
        return row.name, document_of(row.prepared, terms)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one of them, the others go on
        return row.name, repr(error)


def made_beside(rows: Iterable[Row], writings: Mapping[str, int], processes: int) -> Iterator[Made]:
    """Yields what `made_of` returns for each row, in order, made by so many processes.

    `writings` are the glossary's, with their terms. Raises EOFError when one of the processes dies.
    """
    rows = iter(rows)
    with ExitStack() as stack:
        free = deque(stack.enter_context(_Process(writings)) for _ in range(processes))
        busy: deque[_Process] = deque()
        while True:
            while free and (batch := [*islice(rows, AT_ONCE)]):
                free[0].send(batch)
                busy.append(free.popleft())
            if not busy:
                return
            made = busy[0].receive()
            free.append(busy.popleft())
            if batch := [*islice(rows, AT_ONCE)]:  # it goes on while these are written
                free[0].send(batch)
                busy.append(free.popleft())
            yield from made


class _Process:
    """A process that makes documents, one batch at a time; it ends with the block, or with this process."""

    def __init__(self, writings: Mapping[str, int]) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603 - our own module, our own interpreter
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=_ROOT,
            )
        self.send(dict(writings))

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._child.kill()
        self._child.wait()

    def send(self, what: object) -> None:
        self._connection.send(what)

    def receive(self) -> list[Made]:
        """Returns what became of the batch that was sent. Raises what stopped it."""
        answer = self._connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return [(name, _unpacked(made)) for name, made in answer]


# --- In the other process ----------------------------------------------------------------------------------


def _serve(connection: Connection) -> None:
    try:
        terms = Matcher(connection.recv())
        while True:
            connection.send(_answer(connection.recv(), terms))
    except (EOFError, ConnectionError):  # the other side has what it wanted, or is no more
        return


def _answer(batch: list[Row], terms: TermFinder) -> list[tuple[Any, Any]] | Exception:
    try:
        return [(name, _packed(made)) for name, made in (made_of(row, terms) for row in batch)]
    except (OSError, MemoryError) as error:
        return error.with_traceback(None)


def _packed(made: Document | str) -> Any:
    """Words as one text, numbers as bytes: six hundred small things take ten times as long through a pipe."""
    if isinstance(made, str):
        return made
    packed = {field: ("\n".join(words), array("I", words.values())) for field, words in made.words.items()}
    return replace(made, words=packed)  # type: ignore[arg-type]


def _unpacked(made: Any) -> Document | str:
    if isinstance(made, str):
        return made
    document: Document = made
    packed: Mapping[str, Any] = document.words
    words = {field: dict(zip(text.split("\n"), numbers)) for field, (text, numbers) in packed.items()}  # noqa: B905
    return replace(document, words=words)


if __name__ == "__main__":
    with Connection(os.dup(int(sys.argv[1]))) as parent:
        _serve(parent)
