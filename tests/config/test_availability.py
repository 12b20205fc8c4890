"""A server that does not answer is asked by one thread at a time, and not by everybody who needs it."""

from __future__ import annotations

import logging

import pytest

from config.availability import AWAY_SECONDS, Availability


def test_a_server_that_is_away_is_asked_once_in_a_while_and_one_that_is_there_always(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = [0.0]
    server = Availability("a server", "nothing is kept", patience=4, clock=lambda: now[0])
    assert [server.may_ask() for _ in range(3)] == [True] * 3
    with caplog.at_level(logging.WARNING, "config.availability"):
        for _ in range(2):
            server.failed("does not answer")
            assert server.problem == "a server does not answer"
            assert [server.may_ask() for _ in range(3)] == [False] * 3
            now[0] += AWAY_SECONDS
            assert [server.may_ask() for _ in range(3)] == [True, False, False]
            now[0] += 4  # as long as the one who asks may wait
            assert not server.may_ask()
        server.failed("refuses the password")
        server.answered()
        server.answered()
    assert [server.may_ask() for _ in range(3)] == [True] * 3
    assert server.problem == ""
    assert [record.getMessage() for record in caplog.records] == [
        "a server does not answer: nothing is kept",
        "a server refuses the password: nothing is kept",
        "a server answers again",
    ]
