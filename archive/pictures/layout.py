"""Text into lines that fit: Chinese breaks anywhere but where punctuation forbids it, a Latin word stays whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archive.templatetags.archive_tags import CLAUSE_ENDS

_PIECES = re.compile(r"[\x21-\x7e\u00c0-\u024f]+|\s+|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—·％%,.;:?!)]}")
_NOT_LAST = frozenset("（《〈「『【〔“‘([{")
MORE = "…"

Measure = Callable[[str], float]


def wrapped(text: str, width: float, most: int, measure: Measure) -> list[str]:
    """Returns a text as at most `most` lines of `width`; the last one says by `…` that something is left out.

    >>> wrapped("台积电扩产，HBM4 送样", 5, 3, len), wrapped("台积电扩产，HBM4 送样", 5, 1, len)
    (['台积电扩', '产，', 'HBM4…'], ['台积电扩…'])
    """
    lines: list[str] = []
    for line in _lines(" ".join(text.split()), width, measure):
        if len(lines) == most:
            lines[-1] = _with_more(lines[-1], width, measure)
            break
        lines.append(line)
    return lines


def clauses(headline: str, width: float, most: int, measure: Measure) -> list[str]:
    """Returns a headline in lines that end where its clauses do, if these fit; else as `wrapped`."""
    parts = [part for part in CLAUSE_ENDS.split(headline) if part]
    if 1 < len(parts) <= most and all(measure(part) <= width for part in parts):
        joined: list[str] = []
        for part in parts:
            if joined and measure(joined[-1] + part) <= width:
                joined[-1] += part
            else:
                joined.append(part)
        return joined
    return wrapped(headline, width, most, measure)


def _lines(text: str, width: float, measure: Measure) -> Iterator[str]:
    line = ""
    for piece in _pieces(text, width, measure):
        if measure((line + piece).rstrip()) <= width or not line:
            line += piece
            continue
        if piece in _NOT_FIRST:  # takes along what stands before it
            line, kept = line[:-1], line[-1:]
        else:
            stem = line.rstrip("".join(_NOT_LAST))
            line, kept = (stem, line[len(stem) :]) if stem else (line, "")
        if line.strip():
            yield line.strip()
        line = (kept + piece).lstrip()
    if line.strip():
        yield line.strip()


def _pieces(text: str, width: float, measure: Measure) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if measure(piece) <= width:
            yield piece
        else:  # an address, a word without an end
            yield from piece


def _with_more(line: str, width: float, measure: Measure) -> str:
    while line and measure(line + MORE) > width:
        line = line[:-1]
    return line.rstrip("，。、；：？！ ") + MORE
