"""Where the time of a query goes that nobody asked before, part by part, beside FTS5's whole answer to it.

    python -m benchmarks.stages                        2,000 generated articles
    python -m benchmarks.stages --articles 10000

Each query is answered many times over with nothing kept from the time before, and its quickest time counts: that of a
processor which does nothing else. `make bench` asks each once, which takes about twice as long of both engines.
"""

from __future__ import annotations

import argparse
import cProfile
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.build import build, say
from benchmarks.corpus import CLASSES, SEED, BenchQuery
from benchmarks.processes import EngineProcess, set_environment

TIMES = 25
PARTS = ("read it", "its runs", "cut it", "match, score", "one page", "all of it", "calls", "FTS5, all of it")


def _forget() -> None:
    """Drops what is kept of queries: by the snapshot, and by functions of `search`."""
    from search.engines.registry import current_engine

    snapshot = current_engine().snapshot()  # type: ignore[attr-defined]
    snapshot.scored.clear()
    snapshot.answers.clear()
    for name, module in [*sys.modules.items()]:
        if name.startswith("search."):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear") and kept.cache_parameters()["maxsize"]:
                    kept.cache_clear()


def _microseconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return (time.perf_counter() - started) * 1e6


def measure(queries: list[BenchQuery], data_dir: Path) -> list[str]:
    """Returns the rows of the table: of each class the medians of its queries, in microseconds but for the calls."""
    set_environment("config.settings", data_dir)
    import django

    django.setup()
    from benchmarks.engines import Fts5, Ours
    from glossary.vocabulary import current_vocabulary
    from search.engines.base import IndexQuery
    from search.engines.registry import current_engine
    from search.engines.whoosh.evaluation import evaluate
    from search.engines.whoosh.paging import page_of
    from search.query.parser import parse
    from search.query.tree import positive_leaves

    ours, fts5 = Ours(data_dir), Fts5(data_dir)
    ours.open()
    fts5.open()
    terms, snapshot = current_vocabulary(), current_engine().snapshot()  # type: ignore[attr-defined]

    def parts(text: str) -> list[float]:
        made: dict[str, Any] = {}

        def read() -> None:
            made["tree"] = parse(text, terms).effective_tree
            made["leaves"] = [*positive_leaves(made["tree"])]

        def match() -> None:
            made["found"] = evaluate(made["tree"], snapshot, terms)

        _forget()
        steps = [
            _microseconds(read),
            _microseconds(lambda: [leaf.runs for leaf in made["leaves"]]),
            _microseconds(lambda: [leaf.units(terms) for leaf in made["leaves"]]),
            _microseconds(match),
            _microseconds(lambda: page_of(made["found"], IndexQuery(made["tree"], end=20), snapshot)),
        ]
        _forget()
        steps.append(_microseconds(lambda: ours.search(text)))
        _forget()
        return [*steps, _microseconds(lambda: fts5.search(text))]

    def calls(text: str) -> int:
        _forget()
        with cProfile.Profile() as profile:
            ours.search(text)
        return sum(entry.callcount for entry in profile.getstats())

    rows = []
    for kind in CLASSES:
        texts = [query.text for query in queries if query.kind == kind]
        quickest = [
            [min(part) for part in zip(*(parts(text) for _ in range(TIMES)), strict=True)] for text in texts
        ]
        *of_ours, of_fts5 = (f"{median(part):.0f}" for part in zip(*quickest, strict=True))
        counted = f"{median(map(calls, texts)):,.0f}"
        rows.append(f"| {' | '.join([kind, *of_ours, counted, of_fts5])} |")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=2_000, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xinwenku-bench-") as folder:
        say(f"makes {options.articles:,} articles")
        with EngineProcess("ours", Path(folder)) as process:
            queries = process.ask("make", options.articles, 15, SEED).queries
        build(["ours", "FTS5"], Path(folder))
        say("asks")
        rows = measure(queries, Path(folder))
    print(f"| µs | {' | '.join(PARTS)} |", f"|---{'|---' * len(PARTS)}|", *rows, sep="\n")


if __name__ == "__main__":
    main()
