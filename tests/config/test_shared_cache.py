"""The cache that processes share: what one counts the others see, none is lost, and nothing grows without end."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from config.shared_cache import CULL_EVERY, SharedFileCache


def opened(folder: Path, **options: Any) -> SharedFileCache:
    return SharedFileCache(str(folder / "shared.sqlite3"), {"OPTIONS": options})


def test_values_are_kept_as_django_promises(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    for value in (0, -7, 3.5, "字", b"\x00", None, True, ["a", {"b": 1}]):
        cache.set("key", value)
        assert (cache.get("key", "nothing"), type(cache.get("key"))) == (value, type(value))
    assert (cache.get("none", "nothing"), cache.get("key", version=2)) == ("nothing", None)
    assert (cache.add("key", 1), cache.add("new", 1), cache.get("new")) == (False, True, 1)
    assert (cache.incr("new", 4), cache.decr("new"), cache.get("new")) == (5, 4, 4)
    assert cache.get_many(["new", "none"]) == {"new": 4}
    assert (cache.delete("new"), cache.delete("new"), cache.has_key("new")) == (True, False, False)
    for not_a_number in ("none", "key"):
        with pytest.raises(ValueError, match="not found, or no number"):
            cache.incr(not_a_number)
    cache.clear()
    assert cache.get("key", "nothing") == "nothing"


def test_what_has_expired_is_not_there(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.set("gone", 1, timeout=-1)
    cache.set("stays", 1, timeout=None)
    cache.set("touched", 1, timeout=3600)
    assert (cache.get("gone"), cache.get("stays"), cache.touch("gone", 5)) == (None, 1, False)
    assert cache.add("gone", 2)
    assert cache.touch("touched", -1)
    assert cache.get("touched") is None


def test_another_process_sees_it_and_no_count_is_lost(tmp_path: Path) -> None:
    cache, processes, each = opened(tmp_path), 3, 200
    cache.set("count", 0, None)
    children = []
    for _ in range(processes):
        child = os.fork()
        if not child:
            try:
                with ThreadPoolExecutor(4) as pool:
                    list(pool.map(lambda _: cache.incr("count"), range(each)))
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert cache.get("count") == processes * each


def test_it_keeps_so_many_entries_and_not_what_is_old(tmp_path: Path) -> None:
    cache = opened(tmp_path, MAX_ENTRIES=50)
    cache.set("last-to-expire", 1, None)
    for number in range(CULL_EVERY):
        cache.set(f"old-{number}", 1, -1) if number % 2 else cache.set(f"new-{number}", 1, 1000 + number)
    rows = cache._execute("SELECT key FROM entries WHERE expires > ?", (time.time(),)).fetchall()
    assert len(rows) <= 51
    assert cache.get("last-to-expire") == 1
    assert cache.get(f"new-{CULL_EVERY - 2}") == 1


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "shared.sqlite3").write_bytes(b"no database at all" * 1000)
    cache = opened(tmp_path)
    cache.set("key", 1)
    assert cache.get("key") == 1
