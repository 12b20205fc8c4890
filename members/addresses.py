"""Where a request comes from: of the peer itself, or of what a proxy that is trusted says of it.

    peer ─ none of TRUSTED_PROXIES ─► its own address; X-Forwarded-For is what anyone can write
         └ a trusted proxy         ─► X-Forwarded-For from its end: the first one that is no trusted proxy

ClientAddressMiddleware puts the answer in the place of REMOTE_ADDR, so that everything behind it, libraries too,
needs to know nothing of proxies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from archive.networks import Network, is_within, networks, parsed

logger = logging.getLogger(__name__)


class ClientAddressMiddleware:
    """Makes REMOTE_ADDR the client's address. The first of all, and the only one that reads X-Forwarded-For."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._has_warned = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Not from `request.headers`, which would then keep what middleware behind this one takes out of META.
        peer, header = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
        trusted = networks(tuple(settings.TRUSTED_PROXIES))
        request.META["REMOTE_ADDR"] = forwarded_for(peer, header, trusted)
        if header and not trusted and not self._has_warned and _is_private(peer):
            self._has_warned = True
            logger.warning(
                "requests come through a proxy at %s that TRUSTED_PROXIES does not list: whoever stands behind it "
                "counts as one, and is limited as one",
                peer or "a socket file",
            )
        return self._get_response(request)


def client_address(request: HttpRequest) -> str:
    """Returns the address that a request comes from, in its shortest writing; empty when nobody can say.

    What is kept of people keeps this one; who counts takes `archive.counting.sender_of`.
    """
    address = parsed(request.META.get("REMOTE_ADDR", ""))
    return str(address) if address else ""


def forwarded_for(peer: str, header: str, trusted: Iterable[Network]) -> str:
    """Returns the client's address of a connection from `peer` that brought this X-Forwarded-For.

    Each proxy adds at the end whom it heard from. What stands before the last untrusted one may be made up.

    >>> local = networks(("127.0.0.1",))
    >>> forwarded_for("127.0.0.1", "6.6.6.6, 198.51.100.7", local)
    '198.51.100.7'
    >>> forwarded_for("198.51.100.7", "6.6.6.6", local)
    '198.51.100.7'
    """
    trusted = tuple(trusted)
    client = peer
    for said in reversed(header.split(",")):
        # Without an address, it is a proxy on this machine that uses a socket file.
        if not is_within(client, trusted) and not (trusted and client == ""):
            break
        if parsed(said) is None:  # a proxy's name for what it does not know
            break
        client = said.strip()
    address = parsed(client)
    return str(address) if address else client


def _is_private(peer: str) -> bool:
    address = parsed(peer)
    return address is None or address.is_private
