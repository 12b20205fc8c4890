"""A Redis of its own for a while, from the system's package: for tests, and to look at.

    .venv/bin/python -m tests.cluster.redis      # prints CACHE_URL and serves until Ctrl-C

It answers on 127.0.0.1 alone, with a password, keeps everything in memory, and forgets it when it ends.
"""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import redis

from tests.cluster import starting
from tests.cluster.network import HERE, Host
from tests.cluster.packages import is_on_path, need


class Server(starting.Server):
    """A Redis."""

    def __init__(self, folder: Path, host: Host) -> None:
        super().__init__(folder, host)
        self.password = secrets.token_hex(8)

    @property
    def url(self) -> str:
        """Its address, as CACHE_URL takes it."""
        return f"redis://:{self.password}@{self.host.address}:{self.port}/0"

    def start(self) -> None:
        """Starts it, empty. Raises CanNotStart."""
        need(is_on_path("redis-server"), "redis-server")
        self._launch([
            "redis-server", "--port", str(self.port), "--bind", self.host.address, "--requirepass", self.password,
            "--save", "", "--appendonly", "no", "--dir", self._folder,
        ])  # fmt: skip
        self._wait(self._answers, "Redis")

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url, socket_timeout=1) as client:
            return bool(client.ping())
        return False


def server(host: Host = HERE) -> AbstractContextManager[Server]:
    """Runs a Redis while inside. Raises CanNotStart."""
    return starting.running(lambda folder: Server(folder, host))


def main() -> None:
    with server() as made:
        starting.wait_for_ctrl_c(f"CACHE_URL={made.url}")


if __name__ == "__main__":
    main()
