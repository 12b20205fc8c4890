"""Documents that other processes make of rows are those that this one would make, in their order."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from typing import Any

import pytest

from glossary.matching import Matcher
from search.indexing.cutting import AT_ONCE, Row, made_beside, made_of

WRITINGS = {"台积电": 1, "tsmc": 1}


def prepared(pk: int, text: str) -> dict[str, Any]:
    day = dt.date(2025, 3, 21)
    return {
        "id": f"archive.article.{pk}",
        "text": f"标题{pk}\n\n{text}",
        "title": f"标题{pk}",
        "lead": "",
        "start_date": day,
        "end_date": day,
        "columnist": "莫大康",
        "issue": "2025-03-21",
    }


def rows() -> Iterator[Row]:
    for pk in range(3 * AT_ONCE + 1):
        yield Row(("article", pk), prepared(pk, f"TSMC 的 CoWoS-L，第{pk}条。" if pk % 2 else ""))
    yield Row("wrong", {"id": "archive.article.9"})


def test_other_processes_make_the_same_documents_in_the_same_order() -> None:
    made = [*made_beside(rows(), WRITINGS, processes=2)]
    assert made == [made_of(row, Matcher(WRITINGS)) for row in rows()]
    assert made[-1] == ("wrong", "KeyError('text')")
    assert made[1][1].terms == [1]  # type: ignore[union-attr]


class Deadly:
    """Whoever reads it from a pipe ends."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def test_a_process_that_dies_is_an_error_and_nothing_is_left_out_silently() -> None:
    made = made_beside([*rows(), Row(Deadly(), {}), *rows()], WRITINGS, processes=1)
    with pytest.raises((EOFError, ConnectionError)):
        list(made)
