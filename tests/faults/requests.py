"""Fuzzed requests over HTTP to a site that is really served: is each of them answered, and none by a 5xx?"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from tests.faults.fuzzing import Fuzzer, Sent
from tests.faults.processes import main, spread
from tests.server.site import Site

CLIENTS = 4
LONGEST_WAIT = 90
TOLD = (503, 507)
"""What is said on purpose: the disk is full, the database is busy, the site is not ready."""
ERROR = re.compile(r"ERROR django\.request|Error handling request|WORKER TIMEOUT|CRITICAL")
KEPT = 20
"""Failures that are told in full."""

PEOPLE = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
for name, group in (("member", ""), ("editor", "编辑"), ("chief", "主编")):
    user = User.objects.create_user(f"fuzzing-{name}", is_staff=bool(group))
    user.groups.set(Group.objects.filter(name=group))
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    print(session.session_key)
"""


class Client(threading.Thread):
    """Sends its share of the requests, one after the other."""

    def __init__(self, site: Site, fuzzer: Fuzzer, count: int) -> None:
        super().__init__()
        self._site, self._fuzzer, self._count = site, fuzzer, count
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.slowest: list[tuple[float, str]] = []
        self.failures: list[str] = []
        self.unanswered: list[str] = []

    def run(self) -> None:
        for _ in range(self._count):
            sent = self._fuzzer.request()
            started = time.monotonic()
            status = self._send(sent)
            took = time.monotonic() - started
            self.seconds.append(took)
            self.slowest = sorted([*self.slowest, (round(took, 2), f"{sent.method} {sent.route}")])[-5:]
            self.statuses[str(status)] += 1
            if status >= 500 and status not in TOLD:
                self.failures.append(f"{status} {sent.method} {sent.route}: {sent.raw[:2000]!r}")
            if not status and sent.route != "garbage":
                self.unanswered.append(f"{sent.method} {sent.route}: {sent.raw[:2000]!r}")

    def _send(self, sent: Sent) -> int:
        """Returns the status, 0 for no answer at all."""
        try:
            with socket.create_connection(("127.0.0.1", self._site.port), LONGEST_WAIT) as connection:
                with suppress(
                    BrokenPipeError, ConnectionResetError
                ):  # it may have answered before all was sent
                    connection.sendall(sent.raw)
                if sent.route == "garbage":
                    connection.shutdown(socket.SHUT_WR)
                response = HTTPResponse(connection, method=sent.method)
                response.begin()
                response.read()
                return response.status
        except (OSError, HTTPException):
            return 0


def run(requests: int, seed: int) -> dict[str, Any]:
    os.environ["LIMITS_LIFTED_FOR"] = "127.0.0.0/8"
    site = Site.in_folder(Path(os.environ["XWK_DATA_DIR"]))
    site.manage("set_up")
    sessions = ["", *site.run_python(PEOPLE).split()]
    with site.served():
        clients = [
            Client(site, Fuzzer(seed * CLIENTS + number, sessions), requests // CLIENTS)
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        still_answers = site.get("/").status
    compared = site.try_to_manage("check_index")
    statuses = sum((client.statuses for client in clients), Counter[str]())
    log = site.log
    return {
        "requests": sum(statuses.values()),
        "statuses": dict(sorted(statuses.items())),
        "failures": [one for client in clients for one in client.failures][:KEPT],
        "unanswered": [one for client in clients for one in client.unanswered][:KEPT],
        "errors_in_the_log": [log[found.start() :][:3000] for found in ERROR.finditer(log)][:KEPT],
        "ms": spread([second for client in clients for second in client.seconds]),
        "slowest": sorted(one for client in clients for one in client.slowest)[-5:],
        "still_answers": still_answers,
        "index_differs": compared.returncode,
    }


if __name__ == "__main__":
    main(run)
