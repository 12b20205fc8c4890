"""Servers that are none of ours to use: the site says so in words, and what one host does not answer another does."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client
from pytest_django.fixtures import Settings

from search.engines.base import IndexUnavailable, Unreachable
from search.engines.opensearch.engine import OpenSearchEngine
from search.engines.registry import engine_for
from tests.cluster.opensearch import free_ports
from tests.conftest import WeekMaker

OURS = {"version": {"distribution": "opensearch", "number": "2.19.6"}}


class Server:
    """Answers every request the same, but for the one that asks who it is; and counts what was asked."""

    def __init__(self, who: Any, status: int = 200, answer: Any = None) -> None:
        self.asked: list[str] = []
        self.askers: set[str | None] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                outer.asked.append(self.path)
                outer.askers.add(self.headers.get("Authorization"))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                is_who = self.path == "/" and status != 401
                body = json.dumps(who if is_who else answer or {}).encode()
                self.send_response(200 if is_who else status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = _answer

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@contextmanager
def serving(*servers: Server, dead: int = 0) -> Iterator[str]:
    """Gives a SEARCH_URL of these servers, behind some ports that nobody listens to."""
    with ExitStack() as stack:
        for server in servers:
            threading.Thread(target=server.http.serve_forever, daemon=True).start()
            stack.callback(server.http.server_close)
            stack.callback(server.http.shutdown)
        ports = [*free_ports(dead), *(server.http.server_port for server in servers)]
        yield f"opensearch://{','.join(f'127.0.0.1:{port}' for port in ports)}/news?tls=off"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"version": {"number": "8.15.0"}}, "is elasticsearch 8.15.0"),
        ({"version": {"distribution": "opensearch", "number": "1.3.20"}}, "is opensearch 1.3.20"),
        ({"version": {"distribution": "opensearch", "number": "3.1.0"}}, "is opensearch 3.1.0"),
        ({}, "is elasticsearch 0"),
    ],
)
def test_another_server_is_refused_in_words(who: Any, said: str) -> None:
    with serving(server := Server(who)) as url:
        with pytest.raises(IndexUnavailable, match=said) as refused:
            OpenSearchEngine(url).state()
        assert "works with OpenSearch from 2.19 on, before 3.0" in str(refused.value)
        assert server.asked == ["/"]


def certified(folder: Path, *, days: int) -> tuple[ssl.SSLContext, Path]:
    """Makes a certificate of 127.0.0.1 that signs itself. Returns what serves with it, and the file of who signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


@pytest.mark.parametrize(
    ("days", "knows_who_signed", "said"),
    [
        (9, True, "there is no usable search index"),
        (9, False, "can not be trusted .*self-signed certificate"),
        (-1, True, "can not be trusted .*certificate has expired"),
    ],
)
def test_a_host_is_asked_under_its_certificate_or_not_at_all(
    tmp_path: Path, days: int, knows_who_signed: bool, said: str
) -> None:
    server = Server(OURS, 404)
    context, public = certified(tmp_path, days=days)
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    with serving(server) as url:
        url = url.replace("://", "://reader:s%40cret@").replace(
            "tls=off", f"ca={public}" if knows_who_signed else ""
        )
        with pytest.raises(IndexUnavailable, match=said):
            OpenSearchEngine(url).state()
    told = f"Basic {base64.b64encode(b'reader:s@cret').decode()}"
    assert server.askers == ({told} if "usable" in said else set())


def test_who_may_not_ask_is_told_who_was_refused() -> None:
    with (
        serving(Server(OURS, 401)) as url,
        pytest.raises(IndexUnavailable, match=r"refuses 'reader' \(HTTP 401") as no,
    ):
        OpenSearchEngine(url.replace("://", "://reader:secret@")).state()
    assert "secret" not in str(no.value)


@pytest.mark.parametrize(
    ("status", "said"),
    [(503, "can not do its work now .HTTP 503"), (429, "can not do its work now"), (400, "refused")],
)
def test_what_a_cluster_says_is_passed_on(status: int, said: str) -> None:
    error = {
        "error": {
            "type": "t",
            "reason": "no room",
            "root_cause": [{"type": "disk", "reason": "no room left"}],
        }
    }
    with serving(Server(OURS, status, error)) as url, pytest.raises(IndexUnavailable, match=said) as refused:
        OpenSearchEngine(url).state()
    assert "no room left" in str(refused.value)


def test_a_host_that_answers_is_enough() -> None:
    with serving(server := Server(OURS, 404), dead=2) as url:
        engine = OpenSearchEngine(url)
        assert [engine.is_empty for _ in range(6)] == [True] * 6
        assert len(server.asked) == 7


def test_what_there_is_is_asked_of_no_node_but_the_one_that_is_asked() -> None:
    """It would pass the question on to the one that manages the cluster, and wait for that, which may hang."""
    with serving(server := Server(OURS, answer={"news-v1.1-20250321-101500-082461": {}})) as url:
        engine = OpenSearchEngine(url)
        assert not engine.is_empty
        assert engine.indexes.live() == "news-v1.1-20250321-101500-082461"
        with pytest.raises(KeyError):  # no mapping is there
            engine.indexes.built_at("news-v1.1-20250321-101500-082461")
    assert len(server.asked) == 4
    assert all("local=true" in asked for asked in server.asked[1:])


def test_where_nobody_answers_no_request_waits_for_it_again() -> None:
    with serving(server := Server(OURS, 404)) as url:
        engine = OpenSearchEngine(url)
        assert engine.is_empty
    with pytest.raises(Unreachable, match="no host of OpenSearch") as first:
        engine.state()
    with pytest.raises(Unreachable) as second:
        engine.state()
    assert second.value is first.value  # not asked again so soon
    assert len(server.asked) == 2


@pytest.mark.django_db
def test_the_site_serves_on_without_its_cluster(
    settings: Settings, make_issue: WeekMaker, client: Client
) -> None:
    make_issue({"甲": "芯片"})
    settings.SEARCH_URL = f"opensearch://127.0.0.1:{free_ports(1)[0]}/news?tls=off"
    page = client.get("/search/", {"q": "芯片"})
    assert (page.status_code, page.context["found"].total) == (200, 1)
    assert "不按相关度排列" in page.context["found"].notice
    assert engine_for(settings.SEARCH_URL).has_index
    assert client.get("/readyz").status_code == 503
