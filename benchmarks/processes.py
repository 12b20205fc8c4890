"""Runs engines and web servers in processes of their own, so that each starts with cold caches."""

from __future__ import annotations

import http.client
import itertools
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.engines import ENGINES

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
REQUEST_SECONDS = 60


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
    """The functions that an engine's process offers. Times are in milliseconds unless they say otherwise."""

    def __init__(self, name: str, data_dir: Path) -> None:
        self._engine = ENGINES[name](data_dir)
        self._data_dir = data_dir

    def make(self, *arguments: Any) -> Any:
        from benchmarks import archive

        archive.prepare()
        return archive.make(*arguments)

    def build(self) -> dict[str, float]:
        """Builds the index. Returns wall-clock seconds, CPU seconds, and the peak of memory in MB."""
        started, worked = time.perf_counter(), time.process_time()
        self._engine.build()
        return {
            "build_s": time.perf_counter() - started,
            "processor_s": time.process_time() - worked,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    def size(self) -> int:
        return self._engine.size()

    def open(self) -> None:
        self._engine.open()
        self._engine.search("预热")  # the code is loaded, the words of the queries are not read

    def search(self, texts: Sequence[str]) -> list[tuple[float, int]]:
        """Returns the time and the number of matches of each query."""
        taken = []
        for text in texts:
            started = time.perf_counter()
            answer = self._engine.search(text)
            taken.append(((time.perf_counter() - started) * 1000, answer.total))
        return taken

    def change(self, number: int) -> float:
        """Changes the article with that number and returns the seconds until a search finds the new text."""
        from archive.models import Article

        article = Article.objects.order_by("pk")[number]
        word = f"zq{number}x"
        body = f"{article.body}\n<p>{word}</p>"
        started = time.perf_counter()
        self._engine.change(article.pk, body)
        while self._engine.search(word).ids != [article.pk]:
            time.sleep(0.001)
        return time.perf_counter() - started


def _serve(name: str, data_dir: Path, pipe: Connection) -> None:
    _set_environment(ENGINES[name].settings, data_dir)
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


def _set_environment(settings: str, data_dir: Path) -> dict[str, str]:
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": settings,
            "XWK_DATA_DIR": str(data_dir),
            "SECRET_KEY": "only-for-benchmarks",
            "PYTHONPATH": str(ROOT),
        }
    )
    for name in ("DATABASE_URL", "SEARCH_URL", "CACHE_URL", "DEBUG", "HTTPS"):
        os.environ.pop(name, None)
    return dict(os.environ)


class Server:
    """A gunicorn on a free port of 127.0.0.1 with the workers and threads of gunicorn.conf.py."""

    def __init__(self, application: str, settings: str, data_dir: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        self._numbers = itertools.count()
        environment = {**_set_environment(settings, data_dir), "PORT": str(self._port)}
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

        Returns how long each took, in the order of `texts`. With `anew` no address was ever asked for before, so
        that each page is made and none comes as it was kept (config/page_cache.py).
        """
        times = [0.0] * len(texts)

        def ask(client: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=REQUEST_SECONDS)
            for place in range(client, len(texts), clients):
                started = time.perf_counter()
                unasked = f"&unasked={next(self._numbers)}" if anew else ""
                connection.request("GET", f"/search/?q={quote(texts[place])}{unasked}")
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
        """Returns the resident and the proportional set size of each worker, in MB."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [
            {"rss": _kilobytes(child, "Rss") / 1024, "pss": _kilobytes(child, "Pss") / 1024}
            for child in children
        ]

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


def _kilobytes(pid: str, name: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
