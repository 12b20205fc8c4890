"""Every pattern of the rooms that see text from outside takes linear time: shown by CPU time, not by the clock."""

from __future__ import annotations

import pkgutil
import re
import time
from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.tiers import thinned

ROOMS = ["archive.parsing", "archive.reading", "archive", "desk", "glossary", "search.query", "search.text"]
PIECES = [
    *"a1 \n.一、-#*<\"'(（【[：/_&\\`|",
    "1.", "a.", "1 ", "a1", "1万", "一百", "2025年", "第3期", "来源：", "作者:", "甲·", "http://", "文:", "我们致力", "](", "<a ", "中 \n", "title:",
]  # fmt: skip
LENGTH = 4800
UNMEASURABLE = 0.01


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of text that modules of these rooms keep by name, alone, in lists or in tuples of a list."""
    for room in ROOMS:
        package = import_module(room)
        for found in pkgutil.iter_modules(package.__path__, f"{room}."):
            for name, value in vars(import_module(found.name)).items():
                values = value if isinstance(value, list | tuple) else [value]
                for one in (
                    part for item in values for part in (item if isinstance(item, tuple) else [item])
                ):
                    if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                        yield f"{found.name}.{name}", one


def cpu(pattern: re.Pattern[str], text: str) -> float:
    begin = time.process_time()
    pattern.search(text)
    return time.process_time() - begin


@pytest.mark.parametrize("piece", thinned(PIECES, every=3))
def test_no_pattern_takes_more_than_linear_time(piece: str) -> None:
    found = [*patterns()]
    assert len(found) > 60
    for name, pattern in found:
        for before, after in (("", "\x00"), ("甲", "甲"), (" ", "")):
            text = f"{before}{piece * (LENGTH // len(piece))}{after}"
            if cpu(pattern, text) > UNMEASURABLE:
                quarter = f"{before}{piece * (LENGTH // 4 // len(piece))}{after}"
                whole = min(cpu(pattern, text) for _ in range(3))
                assert whole < UNMEASURABLE or whole < 9 * min(cpu(pattern, quarter) for _ in range(3)), name
