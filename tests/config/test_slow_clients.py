"""Who sends slowly takes no turn of those who do not; how that serves is measured by tests/faults/connections.py."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from config.slow_clients import IN_MEMORY, LEAST_BYTES_A_SECOND, MAX_BODY, BufferedRequests, Turns
from tests.waiting import patience, until


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers with what was sent."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


class Answer:
    status = ""

    def __call__(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status = status


def send(application: BufferedRequests, source: Any, length: int | str) -> tuple[str, bytes]:
    answer = Answer()
    body = b"".join(application({"wsgi.input": source, "CONTENT_LENGTH": str(length)}, answer))
    return answer.status, body


class Trickle:
    """A client that sends so many bytes a second, by a clock that it moves."""

    def __init__(self, bytes_a_second: float) -> None:
        self.now, self.read_bytes, self._pace = 0.0, 0, bytes_a_second

    def clock(self) -> float:
        return self.now

    def read(self, size: int) -> bytes:
        self.now += size / self._pace
        self.read_bytes += size
        return b"x" * size


@pytest.mark.parametrize("size", [0, 1, 1000, IN_MEMORY - 1, IN_MEMORY + 1, 3 * IN_MEMORY])
def test_a_body_arrives_as_it_was_sent(size: int) -> None:
    sent = bytes(number % 251 for number in range(size))
    assert send(BufferedRequests(echo, 1), io.BytesIO(sent), size) == ("200 OK", sent)


def test_a_body_that_is_cut_short_is_passed_on_as_it_is() -> None:
    assert send(BufferedRequests(echo, 1), io.BytesIO(b"half"), 1000) == ("200 OK", b"half")


def test_who_sends_a_byte_a_second_is_sent_away_soon() -> None:
    slow = Trickle(1)
    status, said = send(BufferedRequests(echo, 1, slow.clock), slow, 100_000)
    assert status == "408 Request Timeout"
    assert "上传得太慢" in said.decode()
    assert slow.now < 120


def test_who_has_a_bad_line_is_waited_for() -> None:
    patient = Trickle(2 * LEAST_BYTES_A_SECOND)
    status, body = send(BufferedRequests(echo, 1, patient.clock), patient, 1_000_000)
    assert (status, len(body), patient.now > 400) == ("200 OK", 1_000_000, True)


def test_what_no_upload_can_be_is_not_read_at_all() -> None:
    source = Trickle(1)
    assert send(BufferedRequests(echo, 1), source, MAX_BODY + 1)[0] == "413 Request Entity Too Large"
    assert source.read_bytes == 0


def test_who_has_not_sent_all_yet_takes_no_turn() -> None:
    """One turn, and a client that waits in the middle of its body: another one is answered meanwhile."""
    begun, go_on = threading.Event(), threading.Event()

    class Waiting:
        def read(self, size: int) -> bytes:
            begun.set()
            assert go_on.wait(patience())
            return b"x" * size

    application = BufferedRequests(echo, 1)
    answers: list[tuple[str, bytes]] = []
    slow = threading.Thread(target=lambda: answers.append(send(application, Waiting(), 10)))
    slow.start()
    try:
        assert begun.wait(patience())
        assert send(application, io.BytesIO(b"quick"), 5) == ("200 OK", b"quick")
        assert answers == []
    finally:
        go_on.set()
        slow.join()
    assert answers == [("200 OK", b"x" * 10)]


def test_so_many_are_answered_at_once_and_reading_the_answer_takes_no_turn() -> None:
    inside, most = [0], [0]
    lock, all_in = threading.Lock(), threading.Barrier(2)

    def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        all_in.wait(patience())  # of six, two by two
        with lock:
            inside[0] -= 1
        start_response("200 OK", [])
        return iter([b"answer"])

    application = BufferedRequests(counted, 2)
    threads = [threading.Thread(target=send, args=(application, io.BytesIO(), 0)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [2]


def test_who_has_waited_longest_is_next() -> None:
    turns = Turns(1)
    came: list[str] = []

    def ask(name: str) -> None:
        with turns:
            came.append(name)

    def begun(name: str, waiting: int) -> threading.Thread:
        thread = threading.Thread(target=ask, args=(name,))
        thread.start()
        until(lambda: len(turns.waiting) == waiting, f"{name} waits")
        return thread

    with turns:
        others = [begun("first", 1), begun("second", 2)]
    ask("who was answered and asks again")
    for other in others:
        other.join()
    assert came == ["first", "second", "who was answered and asks again"]
    with turns:  # nobody left a turn behind
        assert not turns.waiting
