"""A body is one message, or is refused in words."""

from __future__ import annotations

import doctest

import pytest

from assistants import messages
from assistants.messages import Code, Refused, read_message

REFUSED = {
    b"": Code.PARSE_ERROR,
    b"{": Code.PARSE_ERROR,
    b"\xff": Code.PARSE_ERROR,
    b'{"jsonrpc": "2.0", "id": NaN}': Code.PARSE_ERROR,
    b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "ping"}': Code.PARSE_ERROR,
    b"9" * 5000: Code.PARSE_ERROR,
    b"[" * 20_000: Code.PARSE_ERROR,
    b"[]": Code.INVALID_REQUEST,
    b'[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]': Code.INVALID_REQUEST,
    b'"ping"': Code.INVALID_REQUEST,
    b"{}": Code.INVALID_REQUEST,
    b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}': Code.INVALID_REQUEST,
    b'{"jsonrpc": "2.0", "id": 1}': Code.INVALID_REQUEST,
    b'{"jsonrpc": "2.0", "id": 1, "method": 7}': Code.INVALID_REQUEST,
    b'{"jsonrpc": "2.0", "id": null, "method": "ping"}': Code.INVALID_REQUEST,
    b'{"jsonrpc": "2.0", "id": true, "method": "ping"}': Code.INVALID_REQUEST,
    b'{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}': Code.INVALID_REQUEST,
    b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}': Code.INVALID_REQUEST,
    b'{"jsonrpc": "2.0", "id": 1, "result": {}}': Code.INVALID_REQUEST,
}


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: repr(body[:40]))
def test_what_is_no_message_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_message(body)
    assert refused.value.code == REFUSED[body]
    assert refused.value.said.endswith(("。", "）"))


def test_a_request_has_an_id_and_a_notification_has_none() -> None:
    assert not read_message(b'{"jsonrpc": "2.0", "id": 0, "method": "ping"}').is_notification
    assert read_message(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}').is_notification


def test_doctests() -> None:
    result = doctest.testmod(messages)
    assert (result.attempted > 0, result.failed) == (True, 0)
