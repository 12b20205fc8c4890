"""Hosts for tests on one machine: network namespaces on a bridge where root may make them, else loopback addresses.

A namespace is a host of its own: it has an address, and a cable that can be cut. A loopback address (127.77.0.11) is no
more than a name for processes that belong together. In both, all hosts have the ports that they would have in production.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

INSIDE = "XWK_CLUSTER_NAMESPACE"
"""Set in the process that `enter` began: everything that it makes ends with it."""
_ENTER = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
_BRIDGE = "10.77.0.1/24"


def may_enter() -> bool:
    """Whether this machine lets us make namespaces with a bridge between them."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        return False
    bridge = "ip link add probe type bridge && ip link add one type veth peer name two"
    done = subprocess.run([*_ENTER, "sh", "-c", bridge], check=False, capture_output=True)
    return done.returncode == 0


def enter(module: str, arguments: Sequence[str]) -> NoReturn:
    """Goes on as `python -m module` in namespaces of its own. When it ends, all that it has started is ended."""
    os.environ[INSIDE] = "1"
    os.execvp("unshare", [*_ENTER, sys.executable, "-m", module, *arguments])  # noqa: S606


@dataclass(eq=False)
class Host:
    """A place for processes, with an address of its own."""

    name: str
    address: str
    entry: tuple[str, ...] = ()
    """What begins a command that runs there."""
    cut_from: set[str] = field(default_factory=set)

    def start(self, command: Sequence[str | Path], **options: Any) -> subprocess.Popen[bytes]:
        """Starts a process there, in a group of its own: Ctrl-C is for who started it."""
        return subprocess.Popen([*self.entry, *map(str, command)], start_new_session=True, **options)

    def weigh(self, process: subprocess.Popen[bytes], *, is_light: bool) -> None:
        """Has a process and its children come after the others that want the processor, or gives them their share.

        What `CPUWeight` of a systemd unit does, and what having processors of its own does for a host. Does nothing
        where the kernel knows no groups of processes, or we may not tell it.
        """
        with suppress(OSError):
            Path(f"/proc/{process.pid}/autogroup").write_text("5" if is_light else "0", encoding="ascii")

    def cut_off(self, others: Sequence[Host]) -> None:
        """Has nothing go from here to these hosts any more, without a word: what they ask is never answered."""
        for other in others:
            self._ip("route", "add", "blackhole", other.address)
            self.cut_from.add(other.address)

    def reconnect(self) -> None:
        """Undoes `cut_off`."""
        while self.cut_from:
            self._ip("route", "del", "blackhole", self.cut_from.pop())

    def _ip(self, *arguments: str) -> None:
        subprocess.run([*self.entry, "ip", *arguments], check=True)


HERE = Host("this machine", "127.0.0.1")


class Network:
    """The hosts that there are."""

    def __init__(self, stack: ExitStack) -> None:
        self.has_cables = INSIDE in os.environ
        self._stack = stack
        self._numbers = iter(range(11, 250))
        if self.has_cables:
            _run("ip", "link", "set", "lo", "up")
            _run("ip", "link", "add", "bridge", "type", "bridge")
            _run("ip", "address", "add", _BRIDGE, "dev", "bridge")
            _run("ip", "link", "set", "bridge", "up")

    def host(self, name: str) -> Host:
        """Makes a host."""
        number = next(self._numbers)
        if not self.has_cables:
            return Host(name, f"127.77.{os.getpid() % 250}.{number}")
        # The namespace is there for as long as this process is.
        holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo; exec sleep 100000"], stdout=subprocess.PIPE
        )
        self._stack.callback(holder.kill)
        assert holder.stdout is not None
        holder.stdout.readline()
        address, cable = f"10.77.0.{number}", f"cable{number}"
        entry = ("nsenter", f"--net=/proc/{holder.pid}/ns/net")
        _run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        _run("ip", "link", "set", cable, "master", "bridge", "up")
        for command in (
            ("link", "set", "lo", "up"),
            ("address", "add", f"{address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
        ):
            _run(*entry, "ip", *command)
        return Host(name, address, entry)


@contextmanager
def network() -> Iterator[Network]:
    """Makes a network, for as long as one is inside."""
    with ExitStack() as stack:
        yield Network(stack)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
