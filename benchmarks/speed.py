"""Measures the speed of our engine beside stock Haystack, SQLite FTS5 and tantivy, on the same archive.

make bench: 10,000 articles, about a quarter of an hour. make bench ARTICLES=1000 OPTIONS=--without-stock: a minute.
OPTIONS=--with-opensearch has our engine on an OpenSearch of one node beside them, in the same tables: the time of its
queries is the processor's for us and for the node, after as many rounds as Java takes to compile what it does often.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks import report
from benchmarks.build import BUILT, OPENSEARCH, OURS, STOCK, build, say
from benchmarks.corpus import CLASSES, SEED, WORD_CLASSES, BenchQuery, vocabulary
from benchmarks.engines import ENGINES, serving_opensearch
from benchmarks.processes import EngineProcess, Server

NATIVE = ("FTS5", "tantivy")
CLIENTS = (1, 8)
DIFFERENT = 1_000
"""Searches that nobody made before, for each worker, after which its memory is read."""
WARM_UP = 10
"""Rounds of all queries."""


class Run:
    """One archive and everything that is measured on it."""

    def __init__(self, articles: int, data_dir: Path, options: argparse.Namespace) -> None:
        self.articles = articles
        self.data_dir = data_dir
        self.rounds: int = options.rounds
        self.repeats: int = options.repeats
        self.per_class: int = options.queries
        self.stock_per_class: int = options.stock_queries
        wanted = [OURS, OPENSEARCH, *(options.engines or ENGINES)]
        left_out = {STOCK: not options.with_stock, OPENSEARCH: not options.with_opensearch}
        self.engines = [name for name in ENGINES if name in wanted and not left_out.get(name)]
        self.queries: list[BenchQuery] = []
        self.result: dict[str, Any] = {"articles": articles}

    def measure(self) -> dict[str, Any]:
        say(f"makes {self.articles:,} articles")
        with EngineProcess(OURS, self.data_dir) as process:
            made = process.ask("make", self.articles, self.per_class, SEED)
        self.queries = made.queries
        self.result["corpus"] = made.statistics.describe()
        self.result["index"] = build(self._indexes(), self.data_dir)
        self.result["engine"] = self._search()
        self.result["pages"] = self._pages()
        changes = self._change()
        self.result["change_s"] = {name: [taken for taken, _ in times] for name, times in changes.items()}
        self.result["first_after_change_ms"] = [first for _, first in changes[OURS]]
        return self.result

    def _search(self) -> dict[str, Any]:
        """Times every query. The engines take turns, so that other load on the machine hits all of them."""
        times: dict[str, dict[str, dict[str, list[float]]]] = {
            name: {state: defaultdict(list) for state in ("first", "cold", "warm")} for name in self.engines
        }
        hits: dict[str, dict[str, int]] = {name: {} for name in self.engines}
        if OPENSEARCH in self.engines:
            say("asks OpenSearch until it is warm")
            with EngineProcess(OPENSEARCH, self.data_dir) as process:
                process.ask("search", [query.text for query in self.queries] * WARM_UP)
        for number in range(self.rounds):
            chance = random.Random(number)
            say(f"asks every engine, fresh processes, round {number + 1} of {self.rounds}")
            with ExitStack() as stack:
                processes = {
                    name: stack.enter_context(EngineProcess(name, self.data_dir))
                    for name in self.engines
                    if name != STOCK or number == 0  # a second for each query: once is what there is time for
                }
                for name, process in processes.items():
                    times[name]["first"]["all"].append(process.ask("open"))
                for repeat in range(1 + self.repeats):
                    for name in chance.sample([*processes], len(processes)):
                        queries = self._stock_queries() if name == STOCK else self.queries
                        if name == STOCK and repeat > 1:
                            continue
                        shuffled = chance.sample(queries, len(queries))
                        answers = processes[name].ask("search", [query.text for query in shuffled])
                        for query, (took, total) in zip(shuffled, answers, strict=True):
                            times[name]["warm" if repeat else "cold"][query.kind].append(took)
                            hits[name][query.text] = total
        return {
            "times_ms": times,
            "hits": self._hits(hits),
            "answers_less": self._answers_less(hits),
        }

    def _hits(self, hits: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
        """Counts the articles that the queries of each class match, over the queries that all engines were asked."""
        counted: dict[str, dict[str, int]] = {kind: {} for kind in CLASSES}
        asked = self._stock_queries() if STOCK in self.engines else self.queries
        for query in asked:
            for name in self.engines:
                counted[query.kind][name] = counted[query.kind].get(name, 0) + hits[name][query.text]
        return counted

    def _answers_less(self, hits: dict[str, dict[str, int]]) -> list[str]:
        """Returns the word queries for which we found fewer articles than a native engine: there must be none.

        Neither may there be one of any class for which we find another number on OpenSearch.
        """
        differ = [
            f"{text}: ours {total}, {OPENSEARCH} {hits[OPENSEARCH][text]}"
            for text, total in hits[OURS].items()
            if OPENSEARCH in self.engines and total != hits[OPENSEARCH][text]
        ]
        return differ + [
            f"{query.text}: ours {hits[OURS][query.text]}, {name} {hits[name][query.text]}"
            for query in self.queries
            if query.kind in WORD_CLASSES
            for name in NATIVE
            if name in self.engines and hits[OURS][query.text] < hits[name][query.text]
        ]

    def _pages(self) -> dict[str, Any]:
        say("asks for whole pages through gunicorn")
        pages = {OURS: self._pages_of("config.wsgi", "config.settings", self.queries, self.repeats)}
        if OPENSEARCH in self.engines:
            pages[OPENSEARCH] = self._pages_of(
                "config.wsgi",
                "config.settings",
                self.queries,
                self.repeats,
                environment=ENGINES[OPENSEARCH].environment(),
            )
        if STOCK in self.engines:
            stock = ("benchmarks.stock.wsgi", "benchmarks.stock.settings", self._stock_queries(), 1)
            pages[STOCK] = self._pages_of(*stock, "--config", "benchmarks/stock/gunicorn.conf.py")
        return pages

    def _pages_of(
        self,
        application: str,
        settings: str,
        queries: Sequence[BenchQuery],
        repeats: int,
        *options: str,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, Any]:
        texts = [query.text for query in queries]
        random.Random(0).shuffle(texts)
        keeps_pages = application == "config.wsgi"
        times = {}
        for clients in CLIENTS:
            with Server(application, settings, self.data_dir, *options, environment=environment) as server:
                times[f"cold, {clients}"] = server.pages(texts, clients)
                for _ in range(4 if keeps_pages else 1):  # until every worker has read every word
                    server.pages(texts, clients, anew=keeps_pages)
                times[f"warm, {clients}"] = server.pages(texts * repeats, clients, anew=keeps_pages)
                if keeps_pages:
                    for _ in range(4):  # until every worker has made every page
                        server.pages(texts, clients)
                    times[f"kept, {clients}"] = server.pages(texts * repeats, clients)
                if clients == CLIENTS[-1] and keeps_pages:
                    server.pages(_different(DIFFERENT * len(server.memory())), clients)
                memory = server.memory()
                started = server.restart()
        return {"times_ms": times, "memory_mb": memory, "worker_starts_s": started}

    def _change(self) -> dict[str, list[tuple[float, float]]]:
        taken = {}
        for name in self._indexes():
            say(f"changes articles under {name}")
            with EngineProcess(name, self.data_dir) as process:
                process.ask("open")
                numbers = range(0, self.articles, max(1, self.articles // 7))
                taken[name] = [process.ask("change", number) for number in numbers]
        return taken

    def _indexes(self) -> list[str]:
        return [name for name in BUILT if name in self.engines]

    def _stock_queries(self) -> list[BenchQuery]:
        by_kind = {kind: [query for query in self.queries if query.kind == kind] for kind in CLASSES}
        return [query for queries in by_kind.values() for query in queries[: self.stock_per_class]]


def _different(number: int) -> list[str]:
    """Makes so many searches of one to three words of the archive."""
    chance, words = random.Random(SEED), vocabulary().words[:20_000].tolist()
    return [" ".join(chance.sample(words, chance.randint(1, 3))) for _ in range(number)]


def machine() -> dict[str, Any]:
    """Describes the machine, and its load when the run began."""
    model = next(_cpu_models(), platform.processor() or "unknown")
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_at_start": os.getloadavg()[0],
        "date": time.strftime("%Y-%m-%d"),
    }


def _cpu_models() -> Iterator[str]:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000], metavar="N")
    parser.add_argument(
        "--without-stock", dest="with_stock", action="store_false", help="saves most of the time"
    )
    parser.add_argument(
        "--with-opensearch", action="store_true", help="runs a node of it, and measures ours on that"
    )
    parser.add_argument("--engines", nargs="+", choices=ENGINES, help="only these beside ours (all)")
    parser.add_argument("--queries", type=int, default=15, help="of each class (15)")
    parser.add_argument("--stock-queries", type=int, default=3, help="of each class for stock (3)")
    parser.add_argument("--rounds", type=int, default=3, help="fresh processes for the cold times (3)")
    parser.add_argument("--repeats", type=int, default=5, help="warm repetitions in each round (5)")
    parser.add_argument("--json", type=Path, help="where to write all single times")
    options = parser.parse_args()
    results = {"machine": machine(), "runs": []}
    for articles in options.articles:
        with (
            tempfile.TemporaryDirectory(prefix="xinwenku-bench-") as data_dir,
            serving_opensearch() if options.with_opensearch else nullcontext(),
        ):
            results["runs"].append(Run(articles, Path(data_dir), options).measure())
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    print(report.markdown(results))
    if any(run["engine"]["answers_less"] for run in results["runs"]):
        sys.exit("our engine answered less than another: its times mean nothing")


if __name__ == "__main__":
    main()
