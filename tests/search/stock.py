"""The stock stack beside ours, with the same articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from haystack import connections

from benchmarks.stock.connection import ALIAS
from search.results.request import SearchRequest
from search.results.service import find


def stock_total(stock: Any, word: str = "common") -> int:
    return int(stock.search(word)["hits"])


def total(word: str = "common") -> int:
    found = find(SearchRequest(word))
    return found.total if found else 0


def stock_path() -> Path:
    return Path(connections.connections_info[ALIAS]["PATH"])
