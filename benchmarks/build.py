"""Measures how long every engine takes to index the same archive, each in a process of its own.

make bench-build ARTICLES=2000: two minutes, most of them stock's. OPTIONS=--without-stock leaves that out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from benchmarks import report
from benchmarks.corpus import SEED
from benchmarks.engines import serving_opensearch
from benchmarks.processes import EngineProcess

OURS, OPENSEARCH, STOCK = "ours", "OpenSearch", "stock"
BUILT = (OURS, "FTS5", "tantivy", OPENSEARCH, STOCK)
"""Engines with an index of their own."""


def build(names: Iterable[str], data_dir: Path) -> dict[str, dict[str, float]]:
    """Lets every engine index the archive in `data_dir`, one after the other.

    Returns for each the seconds that went by (`build_s`), those that the processor worked for it (`processor_s`: the
    busier the machine, the further the two are apart), the most memory that its process had (`peak_mb`), and `bytes`.
    """
    built = {}
    for name in names:
        say(f"builds the index of {name}")
        with EngineProcess(name, data_dir) as process:
            built[name] = {**process.ask("build"), "bytes": process.ask("size")}
    return built


def say(what: str) -> None:
    """Prints progress."""
    print(f"{time.strftime('%H:%M:%S')} {what} …", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-build", description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000, metavar="N")
    parser.add_argument("--without-stock", dest="with_stock", action="store_false")
    parser.add_argument("--with-opensearch", action="store_true", help="runs a node of it, too")
    options = parser.parse_args()
    left_out = {
        name
        for name, is_in in ((STOCK, options.with_stock), (OPENSEARCH, options.with_opensearch))
        if not is_in
    }
    with (
        tempfile.TemporaryDirectory(prefix="xinwenku-bench-") as data_dir,
        serving_opensearch() if options.with_opensearch else nullcontext(),
    ):
        say(f"makes {options.articles:,} articles")
        with EngineProcess(OURS, Path(data_dir)) as process:
            process.ask("make", options.articles, 1, SEED)
        built = build([name for name in BUILT if name not in left_out], Path(data_dir))
    print(report.builds(built))


if __name__ == "__main__":
    main()
