"""A real OpenSearch on this machine, made of its published packages: for tests and benchmarks, and to look at.

    make opensearch                                        one node; prints the SEARCH_URL that reaches it
    .venv/bin/python -m tests.cluster.opensearch --nodes 3

Maven fetches the packages from where this machine's Maven is told to, once, into build/opensearch; it and a JDK are
installed where apt may. There is no TLS and no
password: a node listens to this machine alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.cluster.network import Host
from tests.cluster.packages import need
from tests.cluster.starting import CanNotStart, Process, free_ports

HERE = Path(__file__).resolve().parent / "server"
BUILD = HERE.parent.parent.parent / "build" / "opensearch"
HEAP = os.environ.get("XWK_OPENSEARCH_HEAP", "512m")
PATIENCE_SECONDS = 180
"""For a node to answer, on a machine that has other things to do. It takes 10 to 20 seconds."""
_JAVA = (
    "-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:MaxDirectMemorySize=128m -Djna.nosys=true "
    "-Dio.netty.noUnsafe=true -Dio.netty.noKeySetOptimization=true -Dio.netty.recycler.maxCapacityPerThread=0 "
    "-Dlog4j.shutdownHookEnabled=false -Dlog4j2.disable.jmx=true -Dfile.encoding=UTF-8 "
    "--add-opens=java.base/java.nio=ALL-UNNAMED"
).split()
_LOGGING = """
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %-5p %c{1.} %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def fetch() -> Path:
    """Returns the class path's folder; fetches and compiles what is not there yet. Raises CanNotStart."""
    try:
        need(lambda: all(map(shutil.which, ("java", "javac", "mvn"))), "default-jdk-headless", "maven")
    except CanNotStart as error:
        raise CanNotStart(f"OpenSearch for tests needs Maven and a JDK 17 or later. {error}") from error
    sources = [HERE / "pom.xml", HERE / "TestNode.java"]
    stamp = "".join(source.read_text(encoding="utf-8") for source in sources)
    marker = BUILD / "fetched"
    if marker.exists() and marker.read_text(encoding="utf-8") == stamp:
        return BUILD
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    lib, classes = f"{BUILD / 'lib'}", f"{BUILD / 'classes'}"
    copy = [
        "mvn",
        "-B",
        "-q",
        "-f",
        str(sources[0]),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={lib}",
    ]
    for command in (copy, ["javac", "-nowarn", "-cp", f"{lib}/*", "-d", classes, str(sources[1])]):
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise CanNotStart(
                f"the packages of OpenSearch can not be had: {command[0]} failed:\n{done.stdout}{done.stderr}"
            )
    marker.write_text(stamp, encoding="utf-8")
    return BUILD


class Node(Process):
    """A node of a cluster, with its data in a folder."""

    def __init__(
        self,
        home: Path,
        host: Host,
        port: int,
        transport: int,
        seeds: Mapping[str, str],
    ) -> None:
        """`seeds` are the nodes of the cluster: their names, and where they speak to each other."""
        self.name = name = host.name
        self.home = home / name
        super().__init__(host, port, self.home / "logs" / "console.log")
        settings = {
            "cluster.name": "tests",
            "node.name": name,
            "network.host": host.address,
            "http.port": port,
            "transport.port": transport,
            "http.type": "netty4",
            "transport.type": "netty4",
            "path.data": str(self.home / "data"),
            "path.logs": str(self.home / "logs"),
            "node.processors": 2,
            "action.auto_create_index": False,
            "cluster.routing.allocation.disk.threshold_enabled": False,
            # How soon a node that does not answer is given up, and its shards are others'.
            "cluster.fault_detection.follower_check.timeout": "2s",
            "cluster.fault_detection.leader_check.timeout": "2s",
        }
        if len(seeds) > 1:
            settings["discovery.seed_hosts"] = [*seeds.values()]
            settings["cluster.initial_cluster_manager_nodes"] = [*seeds]
        else:
            settings["discovery.type"] = "single-node"
        for folder in ("config", "logs", "tmp"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        lines = [f"{key}: {json.dumps(value)}\n" for key, value in settings.items()]
        (self.home / "config" / "opensearch.yml").write_text("".join(lines), encoding="utf-8")
        (self.home / "config" / "log4j2.properties").write_text(_LOGGING, encoding="utf-8")

    def start(self, *, quick: bool = True) -> None:
        """Starts the process. `quick` code is compiled once: up in half the time, and slower afterwards."""
        build = fetch()
        self._launch([
            "java", f"-Xms{HEAP}", f"-Xmx{HEAP}", *(["-XX:TieredStopAtLevel=1"] if quick else []), *_JAVA,
            f"-Djava.io.tmpdir={self.home / 'tmp'}",
            "-cp", f"{build / 'classes'}:{build / 'lib'}/*", "TestNode", self.home,
        ])  # fmt: skip

    def wait(self, nodes: int) -> None:
        """Returns when it answers as one of so many nodes. Raises CanNotStart."""
        address = f"http://{self.host.address}:{self.port}/_cluster/health?wait_for_nodes={nodes}&timeout=1s"

        def is_up() -> bool:
            with suppress(OSError, URLError), urlopen(address, timeout=5) as answer:
                return bool(json.load(answer)["number_of_nodes"] >= nodes)
            return False

        self._wait(is_up, f"OpenSearch node {self.name}", PATIENCE_SECONDS)

    @property
    def pid(self) -> int:
        """Of its process; 0 while it does not run."""
        return self._process.pid if self._process else 0

    def processor_seconds(self) -> float:
        """Returns how long processors have worked for it."""
        return processor_seconds(self.pid) if self.pid else 0.0

    def stop(self) -> None:
        """Ends it cleanly."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            self.kill()


@contextmanager
def cluster(nodes: int = 1, *, quick: bool = True) -> Iterator[list[Node]]:
    """Runs a cluster on this machine while inside, its data in a temporary folder. Raises CanNotStart."""
    with cluster_on([Host(f"node-{number}", "127.0.0.1") for number in range(nodes)], quick=quick) as made:
        yield made


@contextmanager
def cluster_on(hosts: Sequence[Host], *, quick: bool = True) -> Iterator[list[Node]]:
    """Runs a cluster with a node on each host. Raises CanNotStart."""
    with tempfile.TemporaryDirectory(prefix="opensearch-") as folder, ExitStack() as stack:
        ports = free_ports(2 * len(hosts))
        http, transport = ports[: len(hosts)], ports[len(hosts) :]
        seeds = {host.name: f"{host.address}:{port}" for host, port in zip(hosts, transport, strict=True)}
        made = [
            Node(Path(folder), host, *between, seeds)
            for host, *between in zip(hosts, http, transport, strict=True)
        ]
        for node in made:
            stack.callback(node.stop)
            node.start(quick=quick)
        for node in made:
            node.wait(len(hosts))
        yield made


def processor_seconds(pid: int) -> float:
    """Returns how long processors have worked for a process."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e9


def search_url(nodes: Sequence[Node], name: str = "xinwenku", timeout: float | None = None) -> str:
    """Returns the SEARCH_URL of an index on these nodes."""
    hosts = ",".join(f"{node.host.address}:{node.port}" for node in nodes)
    return f"opensearch://{hosts}/{name}?tls=off" + (f"&timeout={timeout}" if timeout else "")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make opensearch", description=__doc__)
    parser.add_argument("--nodes", type=int, default=1, help="of the cluster (1)")
    options = parser.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        with cluster(options.nodes, quick=False) as nodes:
            print(f"SEARCH_URL='{search_url(nodes)}'", flush=True)
            print("Ctrl-C ends it, and its data with it.", flush=True)
            with suppress(KeyboardInterrupt):
                ended.wait()
    except CanNotStart as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
