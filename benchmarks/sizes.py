"""What grows with the archive, and how: room, memory, time to build, time to answer, at one size after another.

    make bench-sizes                                      1,000 on Whoosh, 1,000 short ones on OpenSearch
    make bench-sizes OPTIONS="--engine whoosh --articles 1000 10000 100000"
    make bench-sizes OPTIONS="--engine opensearch --articles 10000 100000 1000000"
    … --heap 4g                                                             of the OpenSearch node (512m)

On Whoosh articles have 1,000 characters, on OpenSearch 200: more are wanted of it than this machine could hold of long
ones. Each size is a process of its own. Seconds are the processor's, ours and the server's: other work on the machine
does not make them longer.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.build import say

CHARACTERS = {"whoosh": 1000, "opensearch": 200}
FACETS = ("year", "month", "columnist", "term")
ROUNDS = 3
WARM_UP = 3
HEAD = (
    "| engine | articles | characters each | database, MB | index, MB | build, s | memory, MB | a page p50 / p95, ms "
    "| with four facets |"
)


@contextmanager
def server(engine: str, articles: int) -> Iterator[object]:
    """Runs what the engine needs, and sets SEARCH_URL."""
    if engine == "whoosh":
        os.environ["SEARCH_URL"] = "whoosh://"
        yield None
        return
    from tests.cluster.opensearch import cluster, search_url

    with cluster(1, quick=False) as nodes:
        # Building is one request for a part after another: a slow one is no reason to begin again.
        os.environ["SEARCH_URL"] = search_url(nodes, timeout=60)
        yield nodes[0]


def measure(engine: str, articles: int, node: object) -> str:
    """Makes an archive, builds its index and asks it. Returns the row of the table."""
    import django

    django.setup()
    from django.conf import settings

    from benchmarks import archive
    from benchmarks.corpus import SEED
    from glossary.exchange import import_glossary
    from glossary.vocabulary import current_vocabulary
    from search.engines.base import IndexQuery
    from search.engines.registry import current_engine
    from search.indexing import sync
    from search.query.parser import parse

    def worked() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        of_server = node.processor_seconds() if node else 0.0  # type: ignore[attr-defined]
        return time.process_time() + children.ru_utime + children.ru_stime + of_server

    say(f"makes {articles:,} articles")
    archive.prepare()
    import_glossary()
    queries = archive.make(articles, 15, SEED, CHARACTERS[engine]).queries
    say("builds the index")
    before = worked()
    sync.rebuild()
    built = worked() - before
    trees = [tree for query in queries if (tree := parse(query.text, current_vocabulary()).effective_tree)]
    chance, taken = random.Random(SEED), {facets: [] for facets in ((), FACETS)}
    for number in range(WARM_UP + ROUNDS):
        say(f"asks {len(trees)} queries, round {number + 1} of {WARM_UP + ROUNDS}")
        for tree in chance.sample(trees, len(trees)):
            for facets, milliseconds in taken.items():
                if engine == "whoosh":  # its answers are kept: what is measured is answering
                    current_engine().snapshot().answers.clear()  # type: ignore[attr-defined]
                before = worked()
                with current_engine().pinned():
                    current_engine().search(IndexQuery(tree, end=20, facets=facets))
                if number >= WARM_UP:
                    milliseconds.append((worked() - before) * 1000)
    database = Path(settings.DATABASES["default"]["NAME"])
    index = node.home / "data" if node else Path(settings.DATA_DIR) / "index"  # type: ignore[attr-defined]
    pid = node.pid if node else os.getpid()  # type: ignore[attr-defined]
    return (
        f"| {engine} | {articles:,} | {CHARACTERS[engine]} | {database.stat().st_size / 1e6:,.0f} "
        f"| {_size(index) / 1e6:,.0f} | {built:,.0f} | {_resident(pid):,.0f} "
        + "".join(f"| {statistics.median(times):.1f} / {_p95(times):.1f} " for times in taken.values())
        + "|"
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _resident(pid: int) -> float:
    """Memory that a process holds, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[94]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench-sizes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=CHARACTERS, nargs="+", default=[*CHARACTERS])
    parser.add_argument("--articles", type=int, nargs="+", default=[1000], metavar="N")
    parser.add_argument("--heap", default="512m", help="of the OpenSearch node (512m)")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ["XWK_OPENSEARCH_HEAP"] = options.heap
    if options.one:
        [engine], [articles] = options.engine, options.articles
        with (
            tempfile.TemporaryDirectory(prefix="xinwenku-sizes-") as folder,
            server(engine, articles) as node,
        ):
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "XWK_DATA_DIR": folder,
                "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
                "CACHE_URL": "locmem://",
            }
            print(measure(engine, articles, node))
        return
    print(HEAD, "|---|" + "---|" * 8, sep="\n", flush=True)
    for engine in options.engine:
        for articles in options.articles:
            command = [sys.executable, "-m", "benchmarks.sizes", "--one", "--heap", options.heap]
            subprocess.run([*command, "--engine", engine, "--articles", str(articles)], check=True)


if __name__ == "__main__":
    main()
