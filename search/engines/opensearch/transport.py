"""How one request goes to a cluster of several hosts: who is asked, how long, and who next.

A process asks the same host as long as it answers, other processes others. One that refuses, or says nothing, is left
alone for a while, and another one is asked: so each process waits once for a host that hangs. The first that is asked
has less time than the next one, all together have what the address says. A state that one host keeps is asked of that
one alone (reading.py): whoever else is asked would wait for it, too, and would seem to hang itself.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from opensearchpy.connection import Connection
from opensearchpy.connection_pool import ConnectionSelector
from opensearchpy.exceptions import ConnectionError as NoAnswer
from opensearchpy.exceptions import ConnectionTimeout, TransportError
from opensearchpy.transport import Transport

TRIES = 3
"""How many hosts are asked, one after another, before the cluster counts as away."""
FIRST_SECONDS = 0.6
"""How long the first host has to answer, at least, where the address gives twice as much or more."""
TIMES_AS_USUAL = 4
"""How many times as long as usual it has: a machine that is slow is not one that hangs."""
NEWEST_SHARE = 0.05
"""What an answer adds to what is usual."""
BUSY = (429, 502, 503, 504)
"""Answers of a host that another one, or the same one later, may give better."""
KEPT_BY = "kept_by"
"""A parameter of ours, not of the server: the one host that may be asked."""
ANSWERED_BY = "answered_by"
"""Another one: the answer says by this name who gave it, as KEPT_BY takes it."""


class NotInTime(ConnectionTimeout):
    """One host did not do its share in time; of the cluster that says nothing."""


class TheSame(ConnectionSelector):
    """Asks the first host that answers: each process has put them in an order of its own."""

    def select(self, connections: Sequence[Connection]) -> Connection:
        return connections[0]


class HastyTransport(Transport):
    """opensearch-py's, with another patience for each host."""

    def __init__(self, hosts: Any, *, timeout: float, **options: Any) -> None:
        super().__init__(hosts, timeout=timeout, selector_class=TheSame, **options)
        self._timeout = timeout
        self._is_alone = len(hosts) == 1  # there is nobody else to ask
        self._usual = 0.0

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: float | None = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Asks one host after another. Raises TransportError: what the last one said, or that it said nothing.

        A request that comes with a `timeout` of its own (a write) waits for other nodes than the one that is asked:
        that nothing comes is no fault of that one.
        """
        given = dict(params or {})
        keeper, is_named = given.pop(KEPT_BY, ""), given.pop(ANSWERED_BY, False)
        method, given, body, ignore, timeout = self._resolve_request_args(
            method, given, body, ignore, timeout
        )
        ends = time.monotonic() + self._timeout
        patience, has_waited, asked = self._first(), False, set[Connection]()
        for last in [False] * (TRIES - 1) + [True]:
            host = self._host(keeper, asked)
            asked.add(host)
            started = time.monotonic()
            try:
                _, said, data = host.perform_request(
                    method, url, given, body, headers=headers, ignore=ignore, timeout=timeout or patience
                )
            except TransportError as error:
                says_nothing, now = isinstance(error, NoAnswer), time.monotonic()
                waits_for_others = timeout is not None and isinstance(error, ConnectionTimeout)
                if says_nothing and not waits_for_others:
                    self.mark_dead(host)
                is_over = bool(keeper) or last or waits_for_others  # others would wait as long
                if says_nothing and timeout is None and now - started > patience / 2:  # and refused nothing
                    is_over |= has_waited or self._is_alone or now >= ends
                    patience, has_waited = ends - now, True
                if not is_over and (says_nothing or error.status_code in BUSY[1:]):
                    continue
                if says_nothing and (keeper or waits_for_others or (has_waited and self._has_others())):
                    raise NotInTime("TIMEOUT", str(error.error), error.info) from error
                raise
            if timeout is None:
                self._usual += NEWEST_SHARE * (time.monotonic() - started - self._usual)
            self.connection_pool.mark_live(host)
            kind = {name.lower(): value for name, value in said.items()}.get("content-type")
            answer = self.deserializer.loads(data, kind) if data else data
            return {**answer, ANSWERED_BY: host.host} if is_named else answer
        raise AssertionError("a last try returns or raises")

    def _host(self, keeper: str, asked: Collection[Connection]) -> Connection:
        """Returns who is to be asked next. Raises NotInTime when that can only be one that has not answered before."""
        first: Connection = self.get_connection()
        hosts: list[Connection] = [*self.connection_pool.connections]
        if not keeper:
            return next((host for host in hosts if host not in asked), first)
        for host in hosts:
            if host.host == keeper:
                return host
        raise NotInTime("TIMEOUT", f"{keeper} has not answered before", None)

    def _has_others(self) -> bool:
        """Whether there are hosts that nothing is known against."""
        return not self._is_alone and bool(self.connection_pool.connections)

    def _first(self) -> float:
        """How long the first host has to answer, in seconds."""
        if self._is_alone:
            return self._timeout
        return min(self._timeout / 2, max(FIRST_SECONDS, TIMES_AS_USUAL * self._usual))
