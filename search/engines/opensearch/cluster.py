"""The hosts of a cluster as one: what one does not answer is asked of the next, and errors are the port's.

A cluster that does not answer is left alone for a moment, so that no request waits for it one after another.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)

from search.engines.base import IndexUnavailable, Unreachable
from search.engines.opensearch.address import Address
from search.engines.opensearch.transport import BUSY, HastyTransport, NotInTime

SERVERS = (2, 19), (3, 0)
"""The first version of the server that will do, and the first that nobody has tried."""
LEFT_ALONE_SECONDS = 2.0
CONNECTIONS = 8
"""That a process keeps open to each host: as many as it answers requests at once, and some of its own work."""
WRITE_SECONDS = 15.0
"""How long a host may take to write: it waits for the other copies, and for a new primary when one is lost."""

Answer = TypeVar("Answer")
Json = dict[str, Any]


class Cluster:
    """A client of a cluster. Threads share it; each process has its own connections."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._client: OpenSearch | None = None
        self._process = 0
        self._failure: tuple[float, IndexUnavailable] | None = None

    def ask(self, question: Callable[[OpenSearch], Answer]) -> Answer:
        """Returns what the cluster answers. Raises Unreachable when nobody does, IndexUnavailable when it refuses.

        NotFoundError is raised as it is: what is not there means something else each time.
        """
        failure = self._failure
        if failure is not None:
            if time.monotonic() < failure[0]:
                raise failure[1]
            # One looks whether it is back. Nobody waits with that one.
            self._failure = time.monotonic() + LEFT_ALONE_SECONDS, failure[1]
        try:
            answer = question(self._connected())
        except NotFoundError:
            raise
        except OpenSearchException as error:
            reason = self._said(error)
            said_nothing = not isinstance(getattr(error, "status_code", None), int)
            if said_nothing and not isinstance(error, NotInTime):
                self._failure = time.monotonic() + LEFT_ALONE_SECONDS, reason
            raise reason from error
        self._failure = None
        return answer

    def _connected(self) -> OpenSearch:
        with self._lock:
            if self._client is None or self._process != os.getpid():
                address = self.address
                client = OpenSearch(
                    [{"host": host, "port": port} for host, port in address.hosts],
                    http_auth=(address.user, address.password) if address.user else None,
                    use_ssl=address.is_encrypted,
                    verify_certs=True,
                    ca_certs=address.authorities,
                    transport_class=HastyTransport,
                    timeout=address.timeout,
                    pool_maxsize=CONNECTIONS,
                )
                _refuse_other_server(client.info())
                self._client, self._process = client, os.getpid()
            return self._client

    def _said(self, error: OpenSearchException) -> IndexUnavailable:
        """What went wrong, in words."""
        where = f"OpenSearch at {self.address}"
        if isinstance(error, SSLError):
            return Unreachable(
                f"{where} can not be trusted ({error.info}): look at its certificates, and at ca="
            )
        if isinstance(error, AuthenticationException | AuthorizationException) and "block" not in str(error):
            return IndexUnavailable(
                f"{where} refuses {self.address.user or 'a visitor without a name'!r} (HTTP {error.status_code}): "
                "look at the user, the password and what that user may do"
            )
        if isinstance(error, TransportError) and isinstance(error.status_code, int):
            said = f"HTTP {error.status_code}, {reason_of(error)}"
            if error.status_code in BUSY or error.status_code >= 500 or "block" in said:
                return Unreachable(
                    f"{where} can not do its work now ({said}): look at its health and its disks"
                )
            return IndexUnavailable(f"{where} refused a request ({said})")
        if isinstance(error, NotInTime):
            return Unreachable(f"a host of {where} does not answer in time ({str(error)[:200]})")
        return Unreachable(f"no host of {where} answers ({str(error)[:200]})")


def reason_of(error: TransportError) -> str:
    """Returns the server's own words of an error."""
    info = error.info
    causes = info.get("error") if isinstance(info, Mapping) else None
    if isinstance(causes, Mapping):
        [cause, *_] = causes.get("root_cause") or [causes]
        return f"{cause.get('type')}: {str(cause.get('reason'))[:200]}"
    return str(error.error)[:200]


def _refuse_other_server(info: Json) -> None:
    """Raises IndexUnavailable unless it is an OpenSearch whose answers were tried."""
    version = info.get("version", {})
    kind, number = version.get("distribution", "elasticsearch"), str(version.get("number", "0"))
    first, untried = SERVERS
    known = tuple(int(part) if part.isdecimal() else 0 for part in number.split(".")[:2])
    if kind != "opensearch" or not first <= known < untried:
        raise IndexUnavailable(
            f"the server that SEARCH_URL names is {kind} {number}: this site works with OpenSearch from "
            f"{first[0]}.{first[1]} on, before {untried[0]}.{untried[1]}"
        )
