"""A whole site on several hosts: two that serve it, nginx before them, PostgreSQL, Redis, S3, three nodes of OpenSearch.

    with deployment(network) as site:
        site.url                    what a browser opens
        site.apps[0].kill()         a host that is lost

Its code is a copy of this checkout's, so that an upgrade puts another one in its place.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.cluster import balancer, opensearch, redis, s3
from tests.cluster.network import Host, Network
from tests.cluster.opensearch import Node, cluster_on, search_url
from tests.cluster.packages import is_on_path, need
from tests.cluster.postgres import Server, install, server
from tests.server.site import ROOT, SETTINGS_IN_ENVIRONMENT
from tests.waiting import until

PORT = 8000
"""Of the site, on each of its hosts and before them."""
PATIENCE_SECONDS = 40
"""How long a process has to end when it is told to."""


class App:
    """A host that serves the site: gunicorn and the worker, each a process that may be killed."""

    def __init__(self, host: Host, data: Path, code: Path, environment: Mapping[str, str]) -> None:
        self.host = host
        self.code = code
        self._data = data
        self._environment = {**environment, "HOST": host.address, "XWK_DATA_DIR": str(data)}
        self._server: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"{self.host.address}:{PORT}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def log(self) -> str:
        """Returns what server and worker have said so far."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self._data.glob("*.log")))

    def manage(self, *arguments: str, is_light: bool = False) -> str:
        """Runs a command of manage.py on this host (Host.weigh), and returns what it printed."""
        process = self.host.start(
            [sys.executable, "manage.py", *arguments],
            cwd=self.code,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.host.weigh(process, is_light=is_light)
        printed, said = process.communicate()
        assert process.returncode == 0, (
            f"{arguments} failed on {self.host.name}:\n{(printed + said).decode()}"
        )
        return printed.decode()

    def run_python(self, code: str) -> str:
        """Runs code with Django set up, on this host."""
        return self.manage("shell", "--no-imports", "-v", "0", "-c", code)

    def start(self, *, is_light: bool = False) -> None:
        """Starts server and worker, if they do not run. The worker is light as its unit says (docs/operations.md)."""
        if self._server is None:
            self._server = self._launch("server", "-m", "gunicorn", "config.wsgi")
            self.host.weigh(self._server, is_light=is_light)
        if self._worker is None:
            self._worker = self._launch("worker", "manage.py", "run_worker")
            self.host.weigh(self._worker, is_light=True)

    def serve(self) -> None:
        """Gives its server its share of the processor."""
        if self._server is not None:
            self.host.weigh(self._server, is_light=False)

    def _launch(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._data / f"{name}.log").open("ab") as log:
            return self.host.start(
                [sys.executable, *arguments], cwd=self.code, env=self._environment, stdout=log, stderr=log
            )

    def listens(self) -> bool:
        """Whether its server takes connections. It answers a moment later."""
        with suppress(OSError), socket.create_connection((self.host.address, PORT), timeout=5):
            return True
        return False

    def wait(self) -> None:
        """Returns when it answers."""
        until(self.answers, f"that {self.host.name} answers")

    def answers(self) -> bool:
        """Whether its server answers. Raises AssertionError when that has ended."""
        if self._server is not None and self._server.poll() is not None:
            raise AssertionError(f"the server of {self.host.name} has ended:\n{self.log[-3000:]}")
        with suppress(URLError, OSError), urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
        return False

    def kill(self) -> None:
        """Ends everything on it at once, as a power cut does."""
        self.kill_worker()
        self._server = _kill(self._server)

    def kill_worker(self) -> None:
        self._worker = _kill(self._worker)

    def stop(self) -> None:
        """Ends both as an upgrade does: what is being answered is answered."""
        for process in filter(None, (self._server, self._worker)):
            process.terminate()
        for process in filter(None, (self._server, self._worker)):
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                _kill(process)
        self._server = self._worker = None


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass
class Deployment:
    """All of it."""

    url: str
    apps: list[App]
    nodes: list[Node]
    database: Server
    cache: redis.Server
    folder: Path
    balancer: balancer.Balancer | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    """What there is to look at."""
    editor: str = ""
    """How to log in, as `set_up` said it."""


def fetch_programs() -> None:
    """Gets what the servers of a deployment need and this machine lacks. Raises CanNotStart.

    Before a network namespace is entered: from inside, nothing that has to be fetched can be reached.
    """
    install()
    need(is_on_path("nginx"), "nginx-light")
    need(is_on_path("redis-server"), "redis-server")
    opensearch.fetch()
    s3.program()


@contextmanager
def deployment(network: Network, *, quick: bool = True) -> Iterator[Deployment]:
    """Runs a site with the demo weeks while inside. Raises what says that a part of it can not be had here.

    `quick` is of OpenSearch's nodes (tests.cluster.opensearch).
    """
    fetch_programs()
    names = ("balancer", "app-1", "app-2", "database", "redis", "s3", "node-1", "node-2", "node-3")
    hosts = {name: network.host(name) for name in names}
    before, database = hosts["balancer"], hosts["database"]
    folder = Path(tempfile.mkdtemp(prefix="xinwenku-cluster-"))
    folder.chmod(0o755)  # nginx has workers of another user
    try:
        with (
            server(database.address, database.entry, synchronous_commit="on") as postgres,
            redis.server(hosts["redis"]) as cache,
            s3.server(host=hosts["s3"]) as figures,
            cluster_on([hosts[name] for name in names if name.startswith("node")], quick=quick) as nodes,
        ):
            environment = {
                **{name: value for name, value in os.environ.items() if name not in SETTINGS_IN_ENVIRONMENT},
                "DATABASE_URL": postgres.url,
                "SEARCH_URL": search_url(nodes),
                "CACHE_URL": cache.url,
                "MEDIA_STORAGE_URL": figures.url(),
                "SECRET_KEY": secrets.token_urlsafe(50),
                "ALLOWED_HOSTS": ",".join(host.address for host in hosts.values()),
                "TRUSTED_PROXIES": before.address,
                "LIMITS_LIFTED_FOR": "10.77.0.0/16,127.0.0.0/8",
                "SECOND_FACTOR_REQUIRED": "false",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "PORT": str(PORT),
                "PYTHONUTF8": "1",
            }
            code = copy_of_the_code(folder / "code")
            apps = []
            for name in ("app-1", "app-2"):
                data = folder / name
                data.mkdir(mode=0o700)
                apps.append(App(hosts[name], data, code, environment))
            site = Deployment(f"http://{before.address}:{PORT}", apps, nodes, postgres, cache, folder)
            try:
                site.editor = next(
                    (line for line in apps[0].manage("set_up").splitlines() if line.startswith("Log in")), ""
                )
                apps[1].manage("set_up")
                for app in apps:
                    app.start()
                for app in apps:
                    app.wait()
                with balancer.running(before, PORT, [app.address for app in apps], folder) as site.balancer:
                    site.addresses = {
                        "the site, by nginx": site.url,
                        **{app.host.name: app.url for app in apps},
                        **{node.name: f"http://{node.host.address}:{node.port}" for node in nodes},
                        "PostgreSQL": postgres.url,
                        "Redis": cache.url,
                        "S3": figures.url(),
                    }
                    yield site
            finally:
                for app in apps:
                    app.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_of_the_code(place: Path) -> Path:
    """Copies the site's code, as it is in this checkout, to a folder."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source = ROOT / name
        if source.is_file() and not name.startswith(
            ("tests/", "docs/images/", "benchmarks/", "fixtures/releases/")
        ):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place / name)
    return place
