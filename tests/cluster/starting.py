"""What the servers of tests have in common."""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from tests.cluster.network import HERE, Host
from tests.waiting import until

PATIENCE_SECONDS = 60


class CanNotStart(Exception):
    """A server's program is not there and can not be had, or it did not come up."""


class Process:
    """A server in a process of its own, which can be ended and started again at the same address."""

    def __init__(self, host: Host, port: int, log: Path) -> None:
        self.host = host
        self.port = port
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def _launch(self, command: Sequence[str | Path]) -> None:
        with self._log.open("ab") as log:
            self._process = self.host.start(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait(self, is_up: Callable[[], bool], name: str, patience: float = PATIENCE_SECONDS) -> None:
        """Returns when it answers. Raises CanNotStart, with the end of its log, when it has ended or takes too long."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            if is_up():
                return
            time.sleep(0.02)
        said = self._log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise CanNotStart(f"{name} did not come up:\n{said}")

    def pause(self) -> None:
        """Has it hang: connections are taken, and nothing is answered.

        Returns when each of its threads stands still: one takes the signal in its turn, and others go on until then.
        """
        self._signal(signal.SIGSTOP)
        if self._process:
            threads = Path(f"/proc/{self._process.pid}/task")
            until(lambda: all(_stands_still(thread) for thread in threads.iterdir()), "stopping a server")

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends it at once, as a power cut does."""
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()
            self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)


def _stands_still(thread: Path) -> bool:
    """Whether a thread is stopped, or has ended (proc(5): the state follows the name in parentheses)."""
    try:
        return (thread / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] in "TZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


class Server(Process, ABC):
    """A server that is there alone, with what it writes in a folder."""

    def __init__(self, folder: Path, host: Host = HERE, port: int | None = None) -> None:
        super().__init__(host, port or free_ports(1)[0], folder / "log")
        self._folder = folder

    @abstractmethod
    def start(self) -> None:
        """Starts it. Raises CanNotStart."""


Made = TypeVar("Made", bound=Server)


@contextmanager
def running(make: Callable[[Path], Made]) -> Iterator[Made]:
    """Runs a server, made with a temporary folder, while inside. Raises CanNotStart."""
    with tempfile.TemporaryDirectory(prefix="xinwenku-server-") as folder:
        made = make(Path(folder))
        try:
            made.start()
            yield made
        finally:
            made.kill()


def wait_for_ctrl_c(said: str) -> None:
    """Tells a person how to reach what runs, and returns when it has been looked at."""
    print(f"{said}\nEnds with Ctrl-C.", flush=True)
    with suppress(KeyboardInterrupt):
        signal.pause()


def free_ports(number: int) -> list[int]:
    """Returns ports of this machine that nobody listens to, all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
