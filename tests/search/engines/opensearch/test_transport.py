"""Which host is asked, and for how long, with servers that hang, refuse or answer."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoAnswer
from opensearchpy.exceptions import ConnectionTimeout, RequestError

from search.engines.base import Unreachable
from search.engines.opensearch.address import Address
from search.engines.opensearch.cluster import Cluster
from search.engines.opensearch.transport import (
    ANSWERED_BY,
    FIRST_SECONDS,
    KEPT_BY,
    HastyTransport,
    NotInTime,
)
from tests.cluster.starting import free_ports
from tests.waiting import until

INFO = {"version": {"distribution": "opensearch", "number": "2.19.6"}}


class Host:
    """A server that answers each request by a status and the address that was asked."""

    def __init__(self, status: int = 200) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                body = json.dumps({"path": self.path, **INFO}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *arguments: object) -> None:
                """Says nothing."""

        self.asked = asked
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def hanging() -> Iterator[int]:
    """A port that takes connections, and nobody answers there: what a stopped process is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


@pytest.fixture
def good(stack: ExitStack) -> Host:
    return started(stack)


def started(stack: ExitStack, status: int = 200) -> Host:
    host = Host(status)
    stack.callback(host.server.server_close)
    stack.callback(host.server.shutdown)
    return host


def client(*ports: int, timeout: float = 30) -> OpenSearch:
    """A client that asks the hosts in this order, each first one of the dead ones last."""
    return OpenSearch(
        [{"host": "127.0.0.1", "port": port} for port in ports],
        transport_class=HastyTransport,
        timeout=timeout,
        randomize_hosts=False,
    )


def test_one_that_hangs_is_asked_once_and_not_for_long(stack: ExitStack, good: Host) -> None:
    asking = client(stack.enter_context(hanging()), good.port)
    for _ in range(4):
        assert asking.info()["version"] == INFO["version"]
    assert len(good.asked) == 4
    [(_, dead)] = asking.transport.connection_pool.dead.queue  # left alone, not asked each time
    assert dead.port != good.port


def test_a_slow_host_is_not_taken_for_one_that_hangs(good: Host) -> None:
    asking = client(good.port, good.port)
    transport = asking.transport
    assert isinstance(transport, HastyTransport)
    assert transport._first() == FIRST_SECONDS
    transport._usual = 1.0  # seconds
    assert transport._first() == 4.0
    asking.info()
    assert transport._usual < 1.0


def test_one_that_is_alone_has_all_the_time(good: Host) -> None:
    transport = client(good.port).transport
    assert isinstance(transport, HastyTransport)
    assert transport._first() == 30


def test_no_host_has_longer_than_the_address_says(stack: ExitStack) -> None:
    asking = client(stack.enter_context(hanging()), stack.enter_context(hanging()), timeout=0.05)
    with pytest.raises(ConnectionTimeout):
        asking.info()


def test_one_host_is_asked_as_long_as_it_answers(stack: ExitStack, good: Host) -> None:
    other = started(stack)
    asking = client(good.port, other.port)
    for _ in range(3):
        asking.info()
    assert (len(good.asked), len(other.asked)) == (3, 0)


def test_what_one_host_keeps_is_asked_of_that_one_alone(stack: ExitStack, good: Host) -> None:
    other = started(stack)
    asking = client(good.port, other.port)
    keeper = asking.search(body={}, params={ANSWERED_BY: True})[ANSWERED_BY]
    asking.transport.mark_dead(asking.transport.connection_pool.connections[0])
    assert asking.search(body={}, params={ANSWERED_BY: True})[ANSWERED_BY] != keeper
    with pytest.raises(NotInTime):  # at once: it has not answered before
        asking.search(body={}, params={KEPT_BY: keeper})
    assert good.asked == other.asked == ["/_search"]  # and what is ours is not sent


def test_a_host_that_keeps_something_and_hangs_is_passed_over_from_then_on(
    stack: ExitStack, good: Host
) -> None:
    port = stack.enter_context(hanging())
    asking = client(port, good.port, timeout=0.1)
    with pytest.raises(NotInTime):
        asking.search(body={}, params={KEPT_BY: f"http://127.0.0.1:{port}"})
    assert good.asked == []
    assert _left_alone(asking) == [port]
    asking.info()
    assert good.asked == ["/"]


def test_a_write_that_waits_for_others_is_no_fault_of_who_was_asked(stack: ExitStack, good: Host) -> None:
    """The node with the primary hangs: whoever was asked would wait for it, and answers all else."""
    asking = client(stack.enter_context(hanging()), good.port)
    transport = asking.transport
    assert isinstance(transport, HastyTransport)
    with pytest.raises(NotInTime):
        asking.bulk(body=[{}], request_timeout=0.05)
    assert (good.asked, _left_alone(asking)) == ([], [])
    slow = client(good.port, good.port)
    slow.bulk(body=[{}], request_timeout=30)
    assert isinstance(slow.transport, HastyTransport)
    assert slow.transport._usual == 0  # and how long it took says nothing of searches


def test_two_that_hang_do_not_make_the_third_count_as_away(stack: ExitStack, good: Host) -> None:
    ports = [stack.enter_context(hanging()), stack.enter_context(hanging())]
    asking = client(*ports, good.port, timeout=0.1)
    with pytest.raises(NotInTime):
        asking.info()
    assert _left_alone(asking) == sorted(ports)
    asking.info()
    assert good.asked == ["/"]


def _left_alone(asking: OpenSearch) -> list[int]:
    return sorted(host.port for _, host in asking.transport.connection_pool.dead.queue)


def test_one_that_refuses_is_passed_over(good: Host) -> None:
    asking = client(*free_ports(1), good.port)
    assert asking.search(body={})["path"] == "/_search"


@pytest.mark.parametrize(("status", "error"), [(503, None), (400, RequestError)])
def test_what_another_host_may_answer_better_is_asked_of_it(
    stack: ExitStack, good: Host, status: int, error: type[Exception] | None
) -> None:
    asking = client(started(stack, status).port, good.port)
    if error is None:
        asking.info()
    else:
        with pytest.raises(error):
            asking.info()
    assert len(good.asked) == (error is None)
    assert not asking.transport.connection_pool.dead.queue  # it said something


def test_nobody_answers() -> None:
    with pytest.raises(NoAnswer):
        client(*free_ports(3)).info()


def test_one_host_that_hangs_does_not_make_the_cluster_count_as_away(stack: ExitStack, good: Host) -> None:
    port = stack.enter_context(hanging())
    cluster = Cluster(Address.of(f"opensearch://127.0.0.1:{good.port}/x?tls=off"))
    cluster.ask(lambda asking: asking.info())
    keeper = {KEPT_BY: f"http://127.0.0.1:{port}"}
    with pytest.raises(Unreachable, match="does not answer in time"):
        cluster.ask(lambda _: client(port, good.port, timeout=0.1).search(body={}, params=keeper))
    cluster.ask(lambda asking: asking.info())
    assert len(good.asked) == 3  # who it is, and twice what was asked
    with pytest.raises(Unreachable, match="no host of OpenSearch"):
        cluster.ask(lambda _: client(port, timeout=0.05).info())
    with pytest.raises(Unreachable):  # for a moment nobody waits for it
        cluster.ask(lambda asking: asking.info())
    assert len(good.asked) == 3


def test_one_alone_looks_whether_a_cluster_is_back(good: Host) -> None:
    cluster = Cluster(Address.of(f"opensearch://127.0.0.1:{good.port}/x?tls=off"))
    with pytest.raises(Unreachable) as away:
        cluster.ask(lambda _: client(*free_ports(1)).info())
    until(lambda: time.monotonic() > cluster._failure[0], "that it was left alone for long enough")  # type: ignore[index]

    def look(asking: OpenSearch) -> object:
        with pytest.raises(Unreachable) as others:
            cluster.ask(lambda asking: asking.info())
        assert others.value is away.value
        return asking.info()

    cluster.ask(look)
    cluster.ask(lambda asking: asking.info())
