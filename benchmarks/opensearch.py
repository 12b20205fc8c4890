"""Measures the OpenSearch engine beside the Whoosh engine, on the same archive, in one run.

make bench-opensearch: 2,000 articles. It starts a server of one node (tests/cluster/opensearch) and stops it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.build import say
from tests.cluster.opensearch import Node, cluster
from tests.cluster.opensearch import search_url as url_of

ENGINES = ("whoosh", "opensearch")
FACETS = ("year", "month", "columnist", "term")
PAGE = 20
WARM_UP = 10
"""Rounds before anything is measured: Java compiles for some minutes what a server does often."""


@contextmanager
def search_url(engine: str) -> Iterator[str]:
    """Gives the SEARCH_URL of an engine; runs an OpenSearch of one node while inside, when it is that."""
    if engine != "opensearch":
        yield f"{engine}://"
        return
    with cluster(1, quick=False) as nodes:
        yield url_of(nodes)


def measure(articles: int, rounds: int, node: Node) -> None:
    """Builds both indexes, asks both engines the same queries in turn, and prints what it took.

    Processor time is ours and the server's together: a busy machine does not make it longer.
    """
    import django

    django.setup()
    from django.test import override_settings

    from benchmarks import archive
    from benchmarks.corpus import SEED
    from glossary.exchange import import_glossary
    from glossary.vocabulary import current_vocabulary
    from search.engines.base import IndexQuery
    from search.engines.registry import engine_for
    from search.indexing import sync
    from search.query.parser import parse

    say(f"makes {articles:,} articles")
    archive.prepare()
    import_glossary()
    queries = archive.make(articles, 15, SEED).queries
    urls = {"whoosh": "whoosh://", "opensearch": url_of([node])}
    built = {}

    def worked() -> float:
        return time.process_time() + node.processor_seconds()

    for name, address in urls.items():
        say(f"builds the index of {name}")
        with override_settings(SEARCH_URL=address):
            started, before = time.perf_counter(), worked()
            sync.rebuild()
            built[name] = time.perf_counter() - started, worked() - before
    trees = [tree for query in queries if (tree := parse(query.text, current_vocabulary()).effective_tree)]
    taken: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    totals: dict[str, dict[int, int]] = {name: {} for name in urls}
    chance = random.Random(SEED)
    for number in range(WARM_UP + rounds):
        say(f"asks {len(trees)} queries, round {number + 1} of {WARM_UP + rounds}")
        for place in chance.sample(range(len(trees)), len(trees)):
            for name, address in urls.items():
                engine = engine_for(address)
                for what, facets in (("a page", ()), ("a page and four facets", FACETS)):
                    if name == "whoosh":  # its answers are kept: what is measured is answering
                        engine.snapshot().answers.clear()  # type: ignore[attr-defined]
                    started, before = time.perf_counter(), worked()
                    with engine.pinned():
                        hits = engine.search(IndexQuery(trees[place], end=PAGE, facets=facets))
                    took = time.perf_counter() - started
                    if number >= WARM_UP:
                        taken[what, name].append((took * 1000, (worked() - before) * 1000))
                totals[name][place] = hits.total
    print(f"\n{articles:,} articles, {len(trees)} queries, {rounds} rounds; milliseconds but for the build")
    print(f"{'':44}{'Whoosh':>10}{'OpenSearch':>12}{'ratio':>8}")
    for place, kind in enumerate(("", " (processor)")):
        _line(f"build, s{kind}", built["whoosh"][place], built["opensearch"][place])
        for what in ("a page", "a page and four facets"):
            for share in (50, 95):
                times = [[one[place] for one in taken[what, engine]] for engine in ENGINES]
                _line(f"{what}, p{share}{kind}", *(_percentile(values, share) for values in times))
    if totals["whoosh"] != totals["opensearch"]:
        sys.exit("the engines do not find the same")


def _line(what: str, whoosh: float, opensearch: float) -> None:
    print(f"{what:44}{whoosh:>10.1f}{opensearch:>12.1f}{opensearch / whoosh:>8.1f}")


def _percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-opensearch", description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, help="after those that warm up (3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xinwenku-bench-") as folder, cluster(1, quick=False) as [node]:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "XWK_DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "SEARCH_URL": "whoosh://",
            "CACHE_URL": "locmem://",
        }
        measure(options.articles, options.rounds, node)


if __name__ == "__main__":
    main()
