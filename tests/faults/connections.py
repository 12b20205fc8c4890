"""Idle and slow connections, to gunicorn alone and to nginx in front of it: are the others answered meanwhile?

Slow ones are of three kinds: headers that come a byte a second, a body that does, and a page that is read a byte a
second. nginx runs with the server block of docs/operations.md, without its TLS.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.faults.processes import main, spread
from tests.server.site import ROOT, Site, _free_port
from tests.waiting import until

LONGEST_WAIT = 120
"""Seconds after which a reader gives up."""
ASKED = ("/", "/issues/", "/search/?q=HBM4&page={}", "/api/v1/issues?page={}", "/topics/")


class Slow:
    """Connections that do next to nothing, for as long as they are let."""

    def __init__(self, port: int, idle: int, slow: int) -> None:
        self._port = port
        self._stop = threading.Event()
        self.opened = self.cut_off = 0
        kinds: list[Callable[[socket.socket], Iterator[None]]] = [slow_headers, slow_body, slow_reader]
        self._sockets = [(self._open(), kinds[number % 3]) for number in range(slow)]
        self._idle = [self._open() for _ in range(idle)]
        self._thread = threading.Thread(target=self._drip)
        self._thread.start()

    def _open(self) -> socket.socket:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        one.connect(("127.0.0.1", self._port))
        self.opened += 1
        return one

    def _drip(self) -> None:
        """One step of each, every second. Who was cut off comes again, as an attacker would."""
        working = [(one, kind, kind(one)) for one, kind in self._sockets]
        while not self._stop.wait(1):
            for place, (one, kind, steps) in enumerate(working):
                try:
                    next(steps)
                except (OSError, StopIteration):
                    one.close()
                    self.cut_off += 1
                    try:
                        again = self._open()
                    except OSError:
                        continue
                    working[place] = (again, kind, kind(again))
            for place, idle in enumerate(self._idle):
                if _is_closed(idle):
                    idle.close()
                    self.cut_off += 1
                    self._idle[place] = self._open()
        for one, _, _ in working:
            one.close()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()
        for one in self._idle:
            one.close()


def slow_headers(one: socket.socket) -> Iterator[None]:
    one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    while True:
        one.sendall(b"x")
        yield


def slow_body(one: socket.socket) -> Iterator[None]:
    head = "POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
    one.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
    while True:
        one.sendall(b"x")
        yield


def slow_reader(one: socket.socket) -> Iterator[None]:
    """Asks for more than its own buffer takes: a style sheet, uncompressed, eight times over."""
    request = "GET /static/js/desk.js HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: identity\r\n\r\n"
    one.sendall(request.encode() * 8)
    one.setblocking(False)
    while True:
        with suppress(BlockingIOError):  # it is not answered yet
            if not one.recv(1):
                return
        yield


def _is_closed(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        return one.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def ask(port: int, until_: float, number: int) -> dict[str, Any]:
    """Reads pages as people do, each on a connection of its own."""
    seconds, statuses, asked = [], Counter[str](), 0
    while time.monotonic() < until_:
        started = time.monotonic()
        connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT)
        try:
            connection.request("GET", ASKED[asked % len(ASKED)].format(number * 100_000 + asked))
            statuses[str(connection.getresponse().status)] += 1
        except OSError as error:
            statuses[type(error).__name__] += 1
        finally:
            connection.close()
        seconds.append(time.monotonic() - started)
        asked += 1
        time.sleep(0.1)
    return {"seconds": seconds, "statuses": statuses}


def measure(port: int, idle: int, slow: int, seconds: float) -> dict[str, Any]:
    """Returns how two readers fared while these connections were open."""
    held = Slow(port, idle, slow)
    try:
        time.sleep(2)  # all of them have begun
        answers: list[dict[str, Any]] = []
        end = time.monotonic() + seconds
        readers = [
            threading.Thread(target=lambda n=n: answers.append(ask(port, end, n)))  # type: ignore[misc]
            for n in range(2)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    finally:
        held.end()
    statuses = sum((answer["statuses"] for answer in answers), Counter[str]())
    return {
        "answers": sum(statuses.values()),
        "ok": statuses.pop("200", 0),
        "others": dict(statuses),
        "ms": spread([second for answer in answers for second in answer["seconds"]]),
        "opened": held.opened,
        "cut_off": held.cut_off,
    }


def nginx_configuration(folder: Path, listen: str, behind: str, upstream: str = "") -> str:
    """The sample of docs/operations.md, without TLS, in this folder: what `listen` gets goes to `behind`.

    That is a host with a port, or what an `upstream` block is called.
    """
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    [sample] = [
        block for block in re.findall(r"```nginx\n(.*?)```", text, re.DOTALL) if "proxy_pass" in block
    ]
    before, *servers = re.split(r"(?m)^server ", sample)
    [served] = [server for server in servers if "proxy_pass" in server]
    served = re.sub(r"(?m)^ *(listen|ssl_\w+|http2) .*\n", "", served)
    served = served.replace("{", f"{{\n    listen {listen};", 1).replace(
        "http://127.0.0.1:8000", f"http://{behind}"
    )
    kept = "\n".join(
        f"{kind}_temp_path {folder}/nginx-{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    return (
        f"{user}\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nworker_processes 1;\n"
        f"events {{ worker_connections 2048; }}\nhttp {{\naccess_log off;\n{kept}\n{upstream}\n{before}\nserver {served}\n}}\n"
    )


@contextmanager
def nginx_before(site: Site) -> Iterator[int]:
    """Runs nginx in front of a site; yields its port."""
    port, path = _free_port(), site.data / "nginx.conf"
    path.write_text(
        nginx_configuration(site.data, f"127.0.0.1:{port}", f"127.0.0.1:{site.port}"), encoding="utf-8"
    )
    nginx = subprocess.Popen(
        ["nginx", "-c", str(path), "-e", str(site.data / "nginx.log"), "-g", "daemon off;"]
    )

    def answers() -> bool:
        assert nginx.poll() is None, (site.data / "nginx.log").read_text(encoding="utf-8")
        try:
            with socket.create_connection(("127.0.0.1", port)):
                return True
        except OSError:
            return False

    try:
        until(answers, "that nginx listens")
        yield port
    finally:
        nginx.terminate()
        nginx.wait()


def run(seconds: float, idle: int, slow: int) -> dict[str, Any]:
    os.environ["TRUSTED_PROXIES"] = "127.0.0.1"
    os.environ["LIMITS_LIFTED_FOR"] = "127.0.0.0/8"
    site = Site.in_folder(Path(os.environ["XWK_DATA_DIR"]))
    site.manage("set_up")
    with ExitStack() as stack:
        stack.enter_context(site.served())
        measured = {
            "alone, nobody slow": measure(site.port, 0, 0, seconds),
            "alone": measure(site.port, idle, slow, seconds),
        }
        if shutil.which("nginx"):
            port = stack.enter_context(nginx_before(site))
            measured["behind nginx"] = measure(port, idle, slow, seconds)
    return {
        "measured": measured,
        "idle": idle,
        "slow": slow,
        "workers_lost": site.log.count("WORKER TIMEOUT"),
    }


if __name__ == "__main__":
    main(run)
