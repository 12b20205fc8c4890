"""The stock stack beside ours, with the same articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from haystack import connections
from whoosh.codec.whoosh3 import W3PerDocWriter

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


def lose_documents(monkeypatch: pytest.MonkeyPatch, lost: set[int]) -> None:
    """Has Whoosh forget the first, third, … document that it is given, as its writer of several processes may."""
    finish, calls = W3PerDocWriter.finish_doc, []

    def forget(self: W3PerDocWriter) -> None:
        number = self._docnum
        finish(self)
        calls.append(number)
        if len(calls) in lost:
            self._segment.delete_document(number)

    monkeypatch.setattr(W3PerDocWriter, "finish_doc", forget)
