"""The statements of a text: its sentences, what they state, and of what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from claims.reading.dates import dates
from claims.reading.found import Found, Statement
from claims.reading.kinds import quantities
from claims.reading.subjects import subjects_of
from glossary.folding import fold
from glossary.matching import Match

LONGEST_SENTENCE = 1000
"""Characters; a line of more without a full stop is no sentence but a table that lost its form."""
_SENTENCE = re.compile(
    r"[^。！？!?\n]+?(?:[。！？!?]+[”’」』）)\"]*|(?<=[a-z%\d)])\.(?=\s+[A-Z“\"])|$)", re.MULTILINE
)
_MAYBE = re.compile(r"[\d０-９]|[一二两三四五六七八九十][^\n]{0,8}[元币镑成圆]|百分之|[一二][〇零九]")

FindTerms = Callable[[str], Sequence[Match]]


def read_statements(text: str, find_terms: FindTerms) -> list[Statement]:
    """Returns what a text states in numbers, in order. `find_terms` finds the terms of a sentence, for the subjects.

    >>> [one] = read_statements("台积电营收约8393亿元新台币。", lambda sentence: [Match(1, 0, 3)])
    >>> one.subject, str(one.found.low), one.found.unit, one.found.qualifier, one.written
    (1, '839300000000', 'TWD', 'about', '8393亿元新台币')
    """
    return [
        statement
        for number, line in enumerate(text.split("\n"))
        if _MAYBE.search(line)
        for sentence in sentences(line)
        for statement in _statements(sentence, number, find_terms)
    ]


def sentences(line: str) -> Iterator[str]:
    """Yields the sentences of a line of text.

    >>> list(sentences("营收增长2.5%。毛利率“持平”！ 产能满载"))
    ['营收增长2.5%。', '毛利率“持平”！', '产能满载']
    """
    for match in _SENTENCE.finditer(line):
        if sentence := match[0].strip():
            yield sentence


def _statements(sentence: str, line: int, find_terms: FindTerms) -> Iterable[Statement]:
    if len(sentence) > LONGEST_SENTENCE or not _MAYBE.search(sentence):
        return
    folded = _folded(sentence)
    found = _without_overlaps(sorted([*dates(folded), *quantities(sentence, folded)], key=_place))
    if not found:
        return
    subjects = subjects_of(folded, find_terms(sentence), found)
    for one, subject in zip(found, subjects, strict=True):
        yield Statement(one, sentence, line, subject)


def _place(found: Found) -> tuple[int, int]:
    return found.start, -found.end


def _folded(sentence: str) -> str:
    """Folded, but for the Chinese comma: it ends a clause, and never stands within a number."""
    folded = fold(sentence)
    if "，" in sentence:
        folded = "".join("，" if one == "，" else other for one, other in zip(sentence, folded, strict=True))
    return folded


def _without_overlaps(found: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
