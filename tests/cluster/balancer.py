"""nginx before several hosts, with the blocks of docs/operations.md: of HTTPS (without its TLS) and of several hosts."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.network import Host
from tests.faults.connections import nginx_configuration
from tests.operations.page import blocks
from tests.waiting import until


def configuration(listen: str, servers: Sequence[str], folder: Path) -> str:
    """Returns a configuration that passes what `listen` gets on to these servers."""
    [upstream] = [block.text for block in blocks() if block.text.startswith("upstream ")]
    options = re.findall(r"^ *server \S+( .*;)$", upstream, re.MULTILINE)[0]
    listed = "".join(f"    server {server}{options}\n" for server in servers)
    upstream = re.sub(r"(?m)(^ *server .*\n)+", lambda _: listed, upstream, count=1)
    return nginx_configuration(folder, listen, "xinwenku", upstream)


class Balancer:
    """nginx on a host, that passes what it gets on to several servers."""

    def __init__(self, host: Host, port: int, folder: Path) -> None:
        self._host, self._folder = host, folder
        self._listen = f"{host.address}:{port}"
        self._log = folder / "nginx.log"
        self._process: subprocess.Popen[bytes] | None = None

    def pass_to(self, servers: Sequence[str]) -> None:
        """Starts it, or tells it of its servers. Returns when nobody is asked any more who is not among them."""
        path = self._folder / "nginx.conf"
        path.write_text(configuration(self._listen, servers, self._folder), encoding="utf-8")
        if self._process is None:
            self._process = self._host.start(["nginx", "-c", path, "-e", self._log, "-g", "daemon off;"])
            until(self._runs, "that nginx runs")
            return
        before = self._workers()
        self._process.send_signal(signal.SIGHUP)
        until(
            lambda: self._runs() and not before & self._workers(),
            "that nginx has read it, and ended what was open",
        )

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _runs(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text(encoding="utf-8")
        return (self._folder / "nginx.pid").exists() and bool(self._workers())

    def _workers(self) -> set[str]:
        assert self._process is not None
        pid = self._process.pid
        return {*Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()}


@contextmanager
def running(host: Host, port: int, servers: Sequence[str], folder: Path) -> Iterator[Balancer]:
    """Runs nginx on a host while inside."""
    made = Balancer(host, port, folder)
    try:
        made.pass_to(servers)
        yield made
    finally:
        made.stop()
