"""Sends a request to an address that a member gave, and never into the inner network.

    address ─► https, a name, no password in it ─► looked up once ─► every address is public ─► connected to that very
    address, with the name for TLS ─► what is answered is read up to a limit; a redirect is not followed

So neither a name that leads inside, nor one that leads elsewhere at the second look, nor a redirect reaches a machine
of ours. Proxies of the environment are not used: they would look the name up again.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 10.0
LONGEST_SECONDS = 30.0
MOST_BYTES = 64 * 1024
HTTPS_PORT = 443
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Resolve = Callable[..., Iterable[tuple[Any, ...]]]


class AddressRefused(Exception):
    """An address that nothing is sent to. Its owner reads it."""


class NotSent(OSError):
    """Nobody got it: it may be tried again."""


class Uncertain(Exception):
    """It was sent, and there was no answer: nobody knows whether it was taken."""


class Reply(NamedTuple):
    """What was answered."""

    status: int
    text: str


class Target(NamedTuple):
    """An address, read."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_for_tests(self) -> bool:
        """Whether it is a receiver of our own tests: settings.ALERT_RECEIVERS_FOR_TESTS."""
        return f"{self.host}:{self.port}" in settings.ALERT_RECEIVERS_FOR_TESTS


def read_target(url: str) -> Target:
    """Returns what an address leads to. Raises AddressRefused for one that is not plain https."""
    if not url.isascii() or any(character <= " " or character in '\\"<>\x7f' for character in url):
        raise AddressRefused("网址里有空格、换行或者别的不该有的字符。")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise AddressRefused("这不是网址。") from None
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("网址里不能有用户名和密码。")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, host, port or HTTPS_PORT, path)
    if not host or (target.scheme != "https" and not target.is_for_tests):
        raise AddressRefused("网址要以 https:// 开头。")
    return target


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet, also where it is wrapped in another kind of address.

    >>> [is_public(one) for one in ("8.8.8.8", "10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1")]
    [True, False, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if wrapped is not None:
            found = wrapped
    return found.is_global and not found.is_multicast


def address_of(target: Target, resolve: Resolve = socket.getaddrinfo) -> str:
    """Returns the address to connect to. Raises AddressRefused when any that the name has is not public; NotSent."""
    try:
        found = [row[4][0] for row in resolve(target.host, target.port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotSent(f"{target.host}: {error}") from error
    if not found:
        raise NotSent(f"{target.host}: no address")
    if not target.is_for_tests and not all(is_public(str(address)) for address in found):
        raise AddressRefused("网址通向内部网络，没有发送。")
    return str(found[0])


def post(url: str, body: bytes, headers: Mapping[str, str], resolve: Resolve = socket.getaddrinfo) -> Reply:
    """Sends a body by POST and returns what was answered. Raises AddressRefused, NotSent, Uncertain."""
    target = read_target(url)
    connection = _Pinned(target, address_of(target, resolve))
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotSent(f"{target.host}: {error}") from error
        try:
            connection.request("POST", target.path, body, {"User-Agent": "xinwenku", **headers})
            response = connection.getresponse()
            return Reply(response.status, _text(response))
        except (OSError, http.client.HTTPException) as error:
            raise Uncertain(f"{target.host}: {error}") from error
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever its name leads to by now."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT_SECONDS)
        self._target, self._address = target, address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self._target.port), TIMEOUT_SECONDS)
        self.sock = plain
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self._target.host)


def _text(response: http.client.HTTPResponse) -> str:
    """Returns the beginning of an answer; who sends it byte by byte is not waited for."""
    until, content = time.monotonic() + LONGEST_SECONDS, b""
    while len(content) < MOST_BYTES and time.monotonic() < until:
        piece = response.read1(MOST_BYTES - len(content))
        if not piece:
            break
        content += piece
    return content.decode("utf-8", "replace")
