"""A PostgreSQL of its own for a while, from the system's packages: tests on it, or a person who looks at it.

    python -m tests.cluster.postgres                        # prints DATABASE_URL and serves until Ctrl-C
    python -m tests.cluster.postgres COMMAND [ARGUMENT]…    # runs COMMAND with it, and exits as COMMAND did

The cluster lies in a temporary folder and is removed at the end. It answers on 127.0.0.1 alone, at a port of the
operating system's choice, with a password. Nothing of it outlives a power cut: it does not sync, which halves the time
of tests. Where PostgreSQL is missing, and apt may install it, it is installed.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.cluster.packages import need
from tests.cluster.starting import free_ports

SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}
"""Of a server whose data is worth nothing."""


def programs() -> Path:
    """Returns the folder of `initdb`, `pg_ctl` and the like: the newest that is installed.

    Raises FileNotFoundError, with what to install, when there is none.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    raise FileNotFoundError("There is no PostgreSQL here: apt-get install postgresql")


def install() -> None:
    """Installs PostgreSQL, unless it is there. Raises CanNotStart where that can not be."""
    need(_is_installed, "postgresql", "postgresql-client")


def _is_installed() -> bool:
    with suppress(FileNotFoundError):
        return bool(programs())
    return False


class Server:
    """A server in a temporary folder, on a host of the tests or on this machine."""

    def __init__(
        self, folder: Path, host: str = "127.0.0.1", entry: Sequence[str] = (), **settings: str
    ) -> None:
        self._folder, self._owner, self._entry = folder, _owner(), entry
        shutil.chown(folder, self._owner)
        password, [port] = secrets.token_hex(16), free_ports(1)
        self._maintenance = f"postgres://xinwenku:{password}@{host}:{port}/postgres"
        self.url = f"postgres://xinwenku:{password}@{host}:{port}/xinwenku"
        secret, data = folder / "password", folder / "data"
        secret.write_text(password, encoding="ascii")
        shutil.chown(secret, self._owner)
        self._as_owner(
            "initdb", f"--pgdata={data}", "--username=xinwenku", f"--pwfile={secret}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        with (data / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write("host all all all scram-sha-256\n")
        options = [f"-c {name}={value}" for name, value in {**SETTINGS, **settings}.items()]
        options += [f"-p {port}", f"-c listen_addresses={host}", f"-k {folder}"]
        self._control = ("pg_ctl", f"--pgdata={data}", "--silent", "--wait")
        self._started_with = (f"--log={folder / 'log'}", f"--options={' '.join(options)}")

    def start(self) -> None:
        """Starts it, and makes an empty database: `url` is its address, as DATABASE_URL takes it."""
        self._as_owner(*self._control, *self._started_with, "start")
        self._as_owner("createdb", f"--maintenance-db={self._maintenance}", "xinwenku")

    def restart(self) -> None:
        """Ends every connection at once, and starts again, as an update of the server's package does."""
        self._as_owner(*self._control, "--mode=fast", *self._started_with, "restart")

    def stop(self) -> None:
        self._as_owner(*self._control, "--mode=immediate", "stop")

    def _as_owner(self, program: str, *arguments: str) -> None:
        _as(self._owner, self._entry, programs() / program, *arguments)


@contextmanager
def server(host: str = "127.0.0.1", entry: Sequence[str] = (), **settings: str) -> Iterator[Server]:
    """Runs a server while inside."""
    folder = Path(tempfile.mkdtemp(prefix="xinwenku-postgres-"))
    try:
        made = Server(folder, host, entry, **settings)
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str:
    """Whom the server runs as: it refuses root."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _as(owner: str, entry: Sequence[str], *command: str | Path) -> None:
    """Runs a command as another user. Raises CalledProcessError, having printed what it said."""
    group = pwd.getpwnam(owner).pw_gid
    switch = (
        ["setpriv", f"--reuid={owner}", f"--regid={group}", "--clear-groups"] if os.geteuid() == 0 else []
    )
    done = subprocess.run(
        [*entry, *switch, *command],
        cwd="/",
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()


def main(command: list[str]) -> int:
    """Runs `command` with a DATABASE_URL of its own; without one, serves until it is interrupted."""
    install()
    with server() as made:
        if command:
            return subprocess.run(
                command, env={**os.environ, "DATABASE_URL": made.url}, check=False
            ).returncode
        print(f"DATABASE_URL={made.url}\nEnds with Ctrl-C.", flush=True)
        try:
            sys.stdin.read() if not sys.stdin.isatty() else _wait()
        except KeyboardInterrupt:
            print()
    return 0


def _wait() -> None:
    import signal

    signal.pause()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
