"""The recording: for every case what was asked and what was answered, compressed; and how two answers differ."""

from __future__ import annotations

import difflib
import json
import lzma
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).resolve().parent / "recorded"
ALLOWED = Path(__file__).resolve().parent / "allowed.tsv"
KINDS = ("queries", "explained", "pages", "imports", "export")
SCORES_DIFFER_BY = 0.000_101
"""Scores are rounded to four digits: a sum in another order may round the last one the other way."""

Case = dict[str, Any]
"""`name`, `asked` and `answer`."""


def write(kind: str, cases: list[Case]) -> Path:
    path = RECORDED / f"{kind}.json.xz"
    text = "\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return path


def read(kind: str) -> list[Case]:
    text = lzma.decompress((RECORDED / f"{kind}.json.xz").read_bytes()).decode()
    return [json.loads(line) for line in text.split("\n")]


def differences(recorded: Any, answered: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yields where two answers differ, and how.

    >>> list(differences({"a": [1, {"b": 2}], "c": 3}, {"a": [1, {"b": 4}]}))
    [('.a[1].b', '2 → 4'), ('.c', '3 → (nothing)')]
    """
    if isinstance(recorded, dict) and isinstance(answered, dict):
        for name in dict.fromkeys([*recorded, *answered]):
            yield from differences(
                recorded.get(name, _NOTHING), answered.get(name, _NOTHING), f"{place}.{name}"
            )
    elif isinstance(recorded, list) and isinstance(answered, list):
        if _are_texts(recorded) and _are_texts(answered):
            yield from _differing_lines(recorded, answered, place)
            return
        for number in range(max(len(recorded), len(answered))):
            one, other = recorded[number : number + 1], answered[number : number + 1]
            yield from differences(
                one[0] if one else _NOTHING, other[0] if other else _NOTHING, f"{place}[{number}]"
            )
    elif isinstance(recorded, str) and isinstance(answered, str) and "\n" in recorded + answered:
        yield from _differing_lines(recorded.split("\n"), answered.split("\n"), place)
    elif type(recorded) is not type(answered) or not _are_equal(recorded, answered):
        yield place, f"{_shown(recorded)} → {_shown(answered)}"


class Allowed:
    """Differences that are there on purpose: lines of `pattern<TAB>reason`, the pattern of case, place and text."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.reasons = dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))
        self.unused = set(self.reasons)

    def reason(self, name: str, place: str, how: str) -> str:
        """Why this case may differ in this place in this way; empty when it may not."""
        texts = (name, f"{name} {place}", f"{name} {place} {how.replace(chr(10), ' ')}")
        for pattern, reason in self.reasons.items():
            if any(fnmatchcase(text, pattern) for text in texts):
                self.unused.discard(pattern)
                return reason
        return ""


_NOTHING: Any = object()


def _shown(value: Any) -> str:
    return "(nothing)" if value is _NOTHING else json.dumps(value, ensure_ascii=False)


def _are_texts(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, str) for value in values)


def _are_equal(one: Any, other: Any) -> bool:
    if isinstance(one, float):
        return abs(one - other) < SCORES_DIFFER_BY
    return bool(one == other)


def _differing_lines(one: list[str], other: list[str], place: str) -> Iterator[tuple[str, str]]:
    """Yields each stretch of lines that differs by itself, so that one may be allowed and the next not."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            gone = [f"-{line}" for line in one[start:end]]
            yield place, "\n".join([*gone, *(f"+{line}" for line in other[other_start:other_end])])
