"""Keeps slow clients from holding up the others: a request takes a turn only once it is here as a whole.

    thread of gunicorn ─ headers, then the body into a file ─► a turn: Django answers ─► the answer is sent
                         (many wait here, at their pace)       (few: memory and CPU)     (and many here)

So a client that sends or reads a byte a second costs a waiting thread and nothing else. nginx does the same in front,
for more of them than there are threads (docs/operations.md).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

MAX_BODY = 310 * 1024**2
"""The largest upload: a zip of back issues, and its form."""
IN_MEMORY = 256 * 1024
FIRST_READ, LARGEST_READ = 64, 64 * 1024
"""The first bytes of a body are few: who sends one a second shall be known soon."""
PATIENCE_SECONDS = 20
LEAST_BYTES_A_SECOND = 1024
"""Who has not sent so many after these seconds, on average, is sent away."""
SEND_SECONDS = 60
"""How long one piece of an answer, mostly all of it, may take to be taken."""


class _TooSlow(Exception):
    pass


class Turns:
    """A semaphore that gives a turn to who has waited longest.

    Python's own gives it to whoever asks first once it is free: a client whose answer was just sent, and who asks
    again at once, goes past all that wait, some of them for seconds.
    """

    def __init__(self, at_once: int) -> None:
        self._changing = threading.Lock()
        self._free = at_once
        self.waiting: deque[threading.Lock] = deque()
        """A lock for each who waits, which opens with the turn."""

    def __enter__(self) -> None:
        with self._changing:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self.waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_error: object) -> None:
        with self._changing:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self._free += 1


class BufferedRequests:
    """A WSGI application around another one, which answers `at_once` requests in each process."""

    def __init__(
        self, application: Application, at_once: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._application = application
        self._turns = Turns(at_once)
        self._clock = clock

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if connection := environ.get("gunicorn.socket"):
            connection.settimeout(SEND_SECONDS)
        length = int(environ.get("CONTENT_LENGTH") or 0)  # gunicorn refuses what is no number
        if length > MAX_BODY:
            return _refusal(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "上传的内容太大，没有收下。")
        if not length:
            with self._turns:
                return self._application(environ, start_response)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                self._read(environ["wsgi.input"], length, body)
            except (_TooSlow, TimeoutError):
                return _refusal(
                    start_response, HTTPStatus.REQUEST_TIMEOUT, "上传得太慢，没有收完。请换个网络再试。"
                )
            body.seek(0)
            environ["wsgi.input"] = body
            with self._turns:
                return self._application(environ, start_response)

    def _read(self, source: Any, length: int, into: IO[bytes]) -> None:
        """Copies a body. Raises _TooSlow for one that does not come; one that is cut short is for Django to refuse."""
        began, done, size = self._clock(), 0, FIRST_READ
        while done < length and (piece := source.read(min(size, length - done))):
            into.write(piece)
            done += len(piece)
            seconds = self._clock() - began
            if seconds > PATIENCE_SECONDS and done < seconds * LEAST_BYTES_A_SECOND:
                raise _TooSlow
            size = min(2 * size, LARGEST_READ)


def _refusal(start_response: Callable[..., Any], status: HTTPStatus, said: str) -> list[bytes]:
    logger.warning("a request was refused: %s", status.phrase)
    content = said.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("Connection", "close"),
    ]
    start_response(f"{status.value} {status.phrase}", headers)
    return [content]
