"""Calls functions that read foreign files in a process of their own, which may use so much time and memory.

    with LimitedProcess() as process:
        weeks = process.call(read_weeks, "week.docx", data)

The process is no boundary: it is the same user on the same machine. It is there so that a file which takes for ever,
or all memory, takes neither from the site.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar

from archive.refusal import ImportRefused

CPU_SECONDS = 4
"""A site may use one more for the same file: to store it."""
MEMORY_BYTES = 768 * 1024**2
WALL_SECONDS = 60
LARGE = 5 * 1024**2
"""Bytes from which a file may take longer, and need more: an exported archive is one file."""
_ROOT = Path(__file__).resolve().parents[1]

P = ParamSpec("P")
T = TypeVar("T")


class LimitedProcess:
    """A child process, begun when it is first called, ended with the block; one that was killed is begun anew."""

    def __init__(
        self, seconds: int = CPU_SECONDS, memory: int = MEMORY_BYTES, wall: int = WALL_SECONDS
    ) -> None:
        self._limits = seconds, memory
        self._wall = wall
        self._child: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Returns what the function returns; raises what it raises, or ImportRefused when it needs too much.

        The child imports the function by its name: its module may need no settings and no models.
        """
        size = sum(len(value) for value in args if isinstance(value, str | bytes))
        times = max(1, -(-size // LARGE)) if size > LARGE else 1
        seconds, memory = self._limits[0] * times, self._limits[1] * times
        connection = self._started()
        try:
            connection.send((function, args, kwargs, seconds, memory))
            if not connection.poll(self._wall * times):
                self._end()
                raise ImportRefused("这份内容太大或太复杂，没有导入。请分成几份，或存成 .txt 再导入")
            answer = connection.recv()
        except (EOFError, OSError):  # killed by a limit
            self._end()
            answer = MemoryError()
        if isinstance(answer, MemoryError):
            raise ImportRefused(
                "这份内容太大或太复杂，没有导入。请分成几份，把图片另存为 PNG，或存成 .txt 再导入"
            )
        if isinstance(answer, Exception):
            raise answer
        value: T = answer[0]
        return value

    def _started(self) -> Connection:
        if self._connection is None:
            self._connection, theirs = Pipe()
            with theirs:
                # Our own module, our own interpreter; no setting or secret of ours is in its environment.
                self._child = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-E", "-m", "archive.limited", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    cwd=_ROOT,
                    env={},
                )
        return self._connection

    def _end(self) -> None:
        if self._connection is not None and self._child is not None:
            self._connection.close()
            self._child.kill()
            self._child.wait()
        self._connection = self._child = None


# --- In the child ----------------------------------------------------------------------------------------


def _serve(connection: Connection) -> None:
    while True:
        try:
            function, args, kwargs, seconds, memory = connection.recv()
        except EOFError:
            return
        _limit(seconds, memory)
        connection.send(_answer(function, args, kwargs))


def _answer(function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Any] | Exception:
    try:
        return (function(*args, **kwargs),)
    except Exception as error:  # noqa: BLE001 - raised again by who called
        return error.with_traceback(None)


def _limit(seconds: int, memory: int) -> None:
    """From now on so many seconds; reading a second file gives it its own."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    with Connection(os.dup(int(sys.argv[1]))) as parent:
        _serve(parent)
