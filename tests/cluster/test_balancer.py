"""nginx before several hosts, as docs/operations.md has it: a GET goes to another host, a form never."""

from __future__ import annotations

import http.client
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cluster import balancer
from tests.cluster.network import HERE
from tests.cluster.starting import free_ports

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx"),
]
OK = b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Host:
    """Takes requests, and answers them or dies with them."""

    def __init__(self, stack: ExitStack, answer: bytes) -> None:
        self.asked: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self._answer = answer
        stack.callback(self.socket.close)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            with one:
                self.asked.append(one.recv(65536).split(b" ")[0].decode())
                one.sendall(self._answer)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def test_a_host_that_is_taken_out_is_asked_no_more(stack: ExitStack, tmp_path: Path) -> None:
    one, other = Host(stack, OK), Host(stack, OK)
    [port] = free_ports(1)
    nginx = stack.enter_context(balancer.running(HERE, port, [one.address, other.address], tmp_path))
    nginx.pass_to([other.address])
    assert [ask(port, "POST") for _ in range(4)] == [200] * 4
    assert (len(one.asked), len(other.asked)) == (0, 4)


def served(stack: ExitStack, folder: Path, *addresses: str) -> int:
    [port] = free_ports(1)
    stack.enter_context(balancer.running(HERE, port, addresses, folder))
    return port


def ask(port: int, method: str) -> int:
    body = urlencode({"a": "b"}) if method == "POST" else None
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, "/", body)
        return connection.getresponse().status


@pytest.mark.parametrize(("method", "status", "is_asked"), [("GET", 200, True), ("POST", 502, False)])
def test_a_host_that_dies_with_a_request(
    stack: ExitStack, tmp_path: Path, method: str, status: int, is_asked: bool
) -> None:
    dying, living = Host(stack, b""), Host(stack, OK)
    port = served(stack, tmp_path, dying.address, living.address)
    answers = [ask(port, method) for _ in range(2)]  # one for each host, in whatever order
    assert dying.asked == [method]
    assert sorted(answers) == sorted([status, 200])
    assert len(living.asked) == 1 + is_asked


def test_a_host_that_is_not_there_loses_no_form(stack: ExitStack, tmp_path: Path) -> None:
    living = Host(stack, OK)
    port = served(stack, tmp_path, f"127.0.0.1:{free_ports(1)[0]}", living.address)
    assert [ask(port, "POST") for _ in range(3)] == [200] * 3
    assert living.asked == ["POST"] * 3


def test_it_serves_each_host_that_there_is(stack: ExitStack, tmp_path: Path) -> None:
    hosts = [Host(stack, OK), Host(stack, OK), Host(stack, OK)]
    port = served(stack, tmp_path, *(host.address for host in hosts))
    for _ in range(6):
        ask(port, "GET")
    assert [host.asked for host in hosts] == [["GET"] * 2] * 3
