"""Where a request comes from: told by the connection, and by X-Forwarded-For only from a proxy that is trusted."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from members.addresses import ClientAddressMiddleware, client_address


def seen(rf: RequestFactory, peer: str, forwarded: str | None = None) -> HttpRequest:
    """The request as a view sees it."""
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = rf.get("/", REMOTE_ADDR=peer, headers=headers)
    ClientAddressMiddleware(lambda _: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        # Nobody who is not trusted is believed.
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "192.0.2.1", "198.51.100.7"),
        ("198.51.100.7", "127.0.0.1", "198.51.100.7"),
        # A proxy is, but not what it was told.
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "6.6.6.6,192.0.2.1 , 10.1.2.3", "192.0.2.1"),
        ("::1", "2001:DB8:0:0::1", "2001:db8::1"),
        ("", "192.0.2.1", "192.0.2.1"),  # a socket file
        # One that knows nothing better is the client itself.
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.1, 10.1.2.3:8080", "127.0.0.1"),
        ("127.0.0.1", "10.1.2.3, 10.1.2.4", "10.1.2.3"),
        # One address, one writing.
        ("::ffff:198.51.100.7", "192.0.2.1", "198.51.100.7"),
        ("::ffff:127.0.0.1", "192.0.2.1", "192.0.2.1"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(
    rf: RequestFactory, settings: Any, peer: str, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1", "::1", "10.0.0.0/8"]
    assert client_address(seen(rf, peer, forwarded)) == address


def test_without_a_proxy_nobody_is_believed(rf: RequestFactory, settings: Any) -> None:
    settings.TRUSTED_PROXIES = []
    for peer in ("127.0.0.1", "::1", ""):
        assert client_address(seen(rf, peer, "192.0.2.1")) == peer


def test_a_proxy_that_nobody_listed_is_named_in_the_log(
    rf: RequestFactory, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_PROXIES = []
    middleware = ClientAddressMiddleware(lambda _: HttpResponse())
    for peer in ("8.8.8.8", "127.0.0.1", "127.0.0.1"):
        middleware(rf.get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": "192.0.2.1"}))
    assert [one.getMessage().partition(" that")[0] for one in caplog.records] == [
        "requests come through a proxy at 127.0.0.1"
    ]
