"""Runs engines and web servers in processes of their own, so that each starts with cold caches."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from benchmarks.engines import ENGINES

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
REQUEST_SECONDS = 60
ANEW = {"Authorization": "Basic none"}
"""A page for somebody is made for this request alone (config/page_cache); in an open archive, it is the same page."""


class EngineProcess:
    """An engine in a new process. `ask` calls one of the functions of `_Answers` there."""

    def __init__(self, name: str, data_dir: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, data_dir, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, function: str, *arguments: Any) -> Any:
        self._pipe.send((function, arguments))
        is_answer, value = self._pipe.recv()
        if not is_answer:
            raise RuntimeError(value)
        return value

    def __enter__(self) -> EngineProcess:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pipe.close()
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.kill()


class _Answers:
    """The functions that an engine's process offers. Times are in milliseconds unless they say otherwise.

    Those of queries are the processor's: each engine answers in the thread that asks it, from files that the system
    has in memory, or in a server of its own, whose time is added. A clock would add what others do on the machine, and
    the more of that, the longer a query takes.
    """

    def __init__(self, name: str, data_dir: Path) -> None:
        self._engine = ENGINES[name](data_dir)
        self._data_dir = data_dir

    def make(self, *arguments: Any) -> Any:
        from benchmarks import archive

        archive.prepare()
        return archive.make(*arguments)

    def build(self) -> dict[str, float]:
        """Builds the index. Returns seconds of the clock and of the processor (all processes), and the most MB."""
        started, worked = time.perf_counter(), self._worked_in_all()
        self._engine.build()
        return {
            "build_s": time.perf_counter() - started,
            "processor_s": self._worked_in_all() - worked,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    def size(self) -> int:
        return self._engine.size()

    def open(self) -> float:
        """Returns the time of the first query. The code is loaded then, the words of the queries are not read."""
        self._engine.open()
        started = self._worked()
        self._engine.search("预热")
        return (self._worked() - started) * 1000

    def search(self, texts: Sequence[str]) -> list[tuple[float, int]]:
        """Returns the time and the number of matches of each query."""
        taken = []
        for text in texts:
            self._engine.before_search()
            started = self._worked()
            answer = self._engine.search(text)
            taken.append(((self._worked() - started) * 1000, answer.total))
        return taken

    def _worked(self) -> float:
        return time.thread_time() + self._engine.elsewhere()

    def _worked_in_all(self) -> float:
        return sum(os.times()[:4]) + self._engine.elsewhere()

    def change(self, number: int) -> tuple[float, float]:
        """Changes the article with that number.

        Returns the seconds of the clock until a search finds the new text, and the time of the first search after the
        change.
        """
        from archive.models import Article

        article = Article.objects.order_by("pk")[number]
        word = f"zq{number}x"
        body = f"{article.body}\n<p>{word}</p>"
        started = time.perf_counter()
        self._engine.change(article.pk, body)
        asked = self._worked()
        found = self._engine.search(word)
        first = (self._worked() - asked) * 1000
        while found.ids != [article.pk]:
            time.sleep(0.001)
            found = self._engine.search(word)
        return time.perf_counter() - started, first


def _serve(name: str, data_dir: Path, pipe: Connection) -> None:
    set_environment(ENGINES[name].settings, data_dir)
    os.environ.update(ENGINES[name].environment())
    import django

    django.setup()
    answers = _Answers(name, data_dir)
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((True, getattr(answers, function)(*arguments)))
        except Exception:  # noqa: BLE001 - whatever it is, the other side raises it
            pipe.send((False, traceback.format_exc()))


def set_environment(settings: str, data_dir: Path) -> dict[str, str]:
    """Makes this process and its children those of a site in this folder."""
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": settings,
            "XWK_DATA_DIR": str(data_dir),
            "SECRET_KEY": "only-for-benchmarks",
            "LIMITS_LIFTED_FOR": "127.0.0.0/8",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECOND_FACTOR_REQUIRED": "false",
            "PYTHONPATH": str(ROOT),
        }
    )
    for name in ("DATABASE_URL", "SEARCH_URL", "CACHE_URL", "DEBUG", "HTTPS"):
        os.environ.pop(name, None)
    return dict(os.environ)


class Server:
    """A gunicorn on a free port of 127.0.0.1 with the workers and threads of gunicorn.conf.py."""

    def __init__(
        self,
        application: str,
        settings: str,
        data_dir: Path,
        *options: str,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        environment = {**set_environment(settings, data_dir), **environment, "PORT": str(self.port)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, *options], cwd=ROOT, env=environment
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def pages(self, texts: Sequence[str], clients: int, *, anew: bool = False) -> list[float]:
        """Requests the result pages, `clients` at a time over keep-alive connections.

        Returns how long each took, in the order of `texts`. With `anew` each page is made, and none
        comes as it was kept.
        """
        times = [0.0] * len(texts)

        def ask(client: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)
            for place in range(client, len(texts), clients):
                started = time.perf_counter()
                headers = ANEW if anew else {}
                connection.request("GET", f"/search/?q={quote(texts[place])}", headers=headers)
                response = connection.getresponse()
                response.read()
                times[place] = (time.perf_counter() - started) * 1000
                if response.status != http.HTTPStatus.OK:
                    raise RuntimeError(f"{texts[place]!r} was answered with status {response.status}")
            connection.close()

        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(ask, range(clients)))
        return times

    def memory(self) -> list[dict[str, float]]:
        """Returns of each worker, in MB: what is resident, its share of that, and what of it is its own or shared."""
        names = {
            "rss": ["Rss"],
            "pss": ["Pss"],
            "private": ["Private_Clean", "Private_Dirty"],
            "shared": ["Shared_Clean", "Shared_Dirty"],
        }
        return [
            {name: sum(_kilobytes(child, line) for line in lines) / 1024 for name, lines in names.items()}
            for child in self._workers()
        ]

    def worked(self) -> float:
        """Returns the processor's seconds that the workers have used."""
        # The clock of another process has this number in Linux (MAKE_PROCESS_CPUCLOCK), as clock_getcpuclockid gives.
        return sum(time.clock_gettime((~worker << 3) | 2) for worker in self._workers())

    def restart(self) -> float:
        """Ends all workers at once. Returns the seconds until a new one has answered."""
        for worker in self._workers():
            os.kill(worker, signal.SIGKILL)
        started = time.perf_counter()
        self.pages(["预热"], clients=1, anew=True)
        return time.perf_counter() - started

    def _workers(self) -> list[int]:
        pid = self._process.pid
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())]

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.pages(["预热"] * 8, clients=8)  # every worker has answered once
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.1)
            else:
                return


def _kilobytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
