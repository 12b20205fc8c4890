"""`python -m benchmarks.counting`: what counting one request costs, by where the counts are kept.

Two processes count for the same sender at the same time, as two workers of gunicorn do. What is missing of the count
was lost between them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

PROCESSES = 2
STORES: dict[str, dict[str, Any]] = {
    "a file of its own (shared_cache)": {
        "BACKEND": "config.shared_cache.SharedFileCache",
        "LOCATION": "shared.sqlite3",
    },
    "Django's cache in the database": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "counts",
    },
    "files (Django's)": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": "files",
    },
    "each process for itself (locmem)": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, default=1000, help="of each process")
    counts = parser.parse_args().counts
    print("| counts kept in | p50 | p99 | of the counts, kept |\n|---|---|---|---|")
    for name, store in STORES.items():
        with tempfile.TemporaryDirectory() as folder, get_context("spawn").Pool(PROCESSES) as pool:
            with _site(Path(folder), store):
                pass
            made = pool.starmap(_count, [(folder, store, counts)] * PROCESSES)
            [(_, kept)] = pool.starmap(_count, [(folder, store, 1)])
        times = sorted(one for seconds, _ in made for one in seconds)
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
        share = (kept - 1) / (PROCESSES * counts)
        print(f"| {name} | {p50 * 1e6:,.0f} µs | {p99 * 1e6:,.0f} µs | {share:.0%} |", flush=True)


def _count(folder: str, store: dict[str, Any], counts: int) -> tuple[list[float], int]:
    """Returns the seconds that each count took, and the count that was reached."""
    with _site(Path(folder), store):
        from django.core.cache import caches

        from archive.counting import seconds_to_wait

        key = "seen"
        caches["shared"].add(key, 0, None)
        seconds = []
        for _ in range(counts):
            started = time.perf_counter()
            seconds_to_wait("search", "address 192.0.2.1")
            seconds.append(time.perf_counter() - started)
            caches["shared"].incr(key)
        return seconds, int(caches["shared"].get(key))


@contextmanager
def _site(folder: Path, store: dict[str, Any]) -> Iterator[None]:
    """Django in this folder, with its shared cache in this store."""
    os.environ |= {
        "XWK_DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-benchmarks",
        "LIMITS": "search=9999999/d",
    }
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command

    place = store.get("LOCATION", "")
    is_table = "db" in store["BACKEND"].rsplit(".", 2)[1]
    settings.CACHES["shared"] = store | {"LOCATION": place if is_table else str(folder / place)}
    settings.DATABASES["default"]["NAME"] = folder / "db.sqlite3"
    django.setup()
    if is_table and not (folder / "db.sqlite3").exists():
        call_command("createcachetable", verbosity=0)
    yield


if __name__ == "__main__":
    main()
