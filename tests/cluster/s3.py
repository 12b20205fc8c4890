"""A real S3 store of its own for a while, versitygw on a folder: for tests, and to look at.

    .venv/bin/python -m tests.cluster.s3      # prints MEDIA_STORAGE_URL and serves until Ctrl-C

Go builds it once, from where this machine's Go fetches modules, into build/versitygw: some three minutes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from tests.cluster import starting
from tests.cluster.network import HERE, Host
from tests.cluster.starting import CanNotStart

MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
BUILD = Path(__file__).resolve().parent.parent.parent / "build" / "versitygw"


def program() -> Path:
    """Returns the program, built when it is not there yet. Raises CanNotStart."""
    if found := shutil.which("versitygw"):
        return Path(found)
    built = BUILD / "versitygw"
    if not built.exists():
        go = shutil.which("go")
        if go is None:
            raise CanNotStart("there is no versitygw on this machine, and no Go to build it")
        done = subprocess.run(
            [go, "install", MODULE],
            env={**os.environ, "GOBIN": str(BUILD)},
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        if done.returncode:
            raise CanNotStart(f"versitygw could not be built:\n{done.stderr[-2000:]}")
    return built


class Server(starting.Server):
    """An S3 store with one bucket."""

    bucket = "figures"

    def __init__(
        self,
        folder: Path,
        host: Host = HERE,
        certificate: tuple[Path, Path] | None = None,
        port: int | None = None,
    ) -> None:
        super().__init__(folder, host, port)
        self.access, self.secret = "archive", secrets.token_hex(8)
        self.certificate = certificate
        self.objects = folder / "data" / self.bucket
        """Where it keeps the objects of the bucket, each as a file."""

    def url(self, bucket: str = bucket, secret: str = "", prefix: str = "", **options: str) -> str:
        """Its address, as MEDIA_STORAGE_URL takes it."""
        scheme = "https" if self.certificate else "http"
        more = "".join(f"&{name}={value}" for name, value in options.items())
        keys = f"{self.access}:{secret or self.secret}"
        return f"s3://{keys}@{bucket}/{prefix}?endpoint={scheme}://{self.host.address}:{self.port}{more}"

    def start(self) -> None:
        """Starts it, with the objects that it had. Raises CanNotStart."""
        self.objects.mkdir(parents=True, exist_ok=True)
        sidecar = self._folder / "sidecar"
        sidecar.mkdir(exist_ok=True)
        tls = [f"--cert={self.certificate[0]}", f"--key={self.certificate[1]}"] if self.certificate else []
        self._launch([
            program(), f"--port={self.host.address}:{self.port}", f"--access={self.access}", f"--secret={self.secret}",
            "--quiet", *tls, "posix", f"--sidecar={sidecar}", self.objects.parent,
        ])  # fmt: skip
        self._wait(self._answers, "versitygw")

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection((self.host.address, self.port), timeout=1):
            return True
        return False


def server(certificate: tuple[Path, Path] | None = None, host: Host = HERE) -> AbstractContextManager[Server]:
    """Runs an S3 store while inside; with TLS, when there are a certificate and its key. Raises CanNotStart."""
    return starting.running(lambda folder: Server(folder, host, certificate))


def main() -> None:
    with server() as made:
        starting.wait_for_ctrl_c(f"MEDIA_STORAGE_URL='{made.url()}'")


if __name__ == "__main__":
    main()
