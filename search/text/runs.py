"""Runs of characters, for the guarantee that whatever is visible is findable: in a text, in a query, and marked. Pure.

A text is looked through as `glossary.joining` joins it, line by line. What a query asks for is one run, or several: a
code is also written in other ways than it was typed, and marks at the ends of a run say nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise

from glossary.folding import ALPHABETIC, HAN, KANA_AND_HANGUL, LETTER, fold
from glossary.joining import MARKS, QUOTES, Joined, joined
from search.text.analysis import NO_TERMS, codes_in
from search.text.codes import runs_of_word
from search.text.quantities import SUPERSCRIPTS, find_powers, power_in_full

_RAISED = re.compile(rf"(?<=\d)(?=[{SUPERSCRIPTS}])")
_LETTER = re.compile(f"[{LETTER}]")
_ALPHABETIC = re.compile(f"[{ALPHABETIC}]")
_SPACES = r"[^\S\n]"
_ASCII_QUOTES = "".join(filter(str.isascii, QUOTES))
_BETWEEN_WORDS = f"(?:{_SPACES}|[{_ASCII_QUOTES}]|[{QUOTES.replace(_ASCII_QUOTES, '')}])*"
"""Quotes of ASCII apart: for a set of both, `re` draws a map of all characters, in each gap anew, and that takes longer
than to find a run in twenty texts."""


def run_of(text: str) -> str:
    """Returns one line of a text as it is looked through.

    >>> run_of("掺杂 10¹⁵，GB 300"), run_of("CoWoS-L")
    ('掺杂10^15,gb300', 'cowosl')
    """
    return joined(_RAISED.sub("^", text))


def runs_of_text(text: str) -> str:
    """Returns a text of several lines as it is looked through, and the marks that were taken out, each on a line.

    >>> runs_of_text("“国家大基金”二期")
    '"国家大基金二期\\n"'
    """
    found = Joined(_RAISED.sub("^", text))
    return "\n".join([found.text, *found.marks])


def runs_of_query(text: str) -> tuple[str, ...]:
    """Returns the runs that a part of a query may stand in a text as, what it is called first.

    >>> runs_of_query("GB 300"), runs_of_query("foundries"), runs_of_query("1e15"), runs_of_query("，")
    (('gb300',), ('foundry', 'foundries'), ('10^15', '1e15'), (',',))
    """
    typed = run_to_find(text)
    if not _LETTER.search(typed):  # no code, no power: most of what is asked for in Chinese
        return (typed,) if typed else ()
    runs: tuple[str, ...] = ()
    for power in find_powers(text, fold(text)):
        if not _is_more(text, power.start, power.end):
            runs = (power_in_full(power.token),)
    if not runs:
        codes = codes_in(text, NO_TERMS)
        if len(codes) == 1 and not _is_more(text, codes[0].start, codes[0].end):
            runs = runs_of_word(codes[0].word)
    return runs if any(run in typed for run in runs) else (*runs, typed)


def run_to_find(text: str) -> str:
    """Returns the characters of a text as they stand in others: marks at its ends say nothing.

    >>> run_to_find("CoWoS-"), run_to_find("-")
    ('cowos', '-')
    """
    run = run_of(text).strip()
    return run.strip(f" {MARKS}") or run


def _is_more(text: str, start: int, end: int) -> bool:
    """Whether anything but spaces and marks stands beside `text[start:end]`."""
    return bool((fold(text[:start]) + fold(text[end:])).strip(f" \t\u3000{MARKS}"))


def pattern_of_run(run: str) -> str:
    """Returns a regular expression that finds a run in folded text, however its writer joined it there.

    >>> [re.search(pattern_of_run("升腾910c的"), fold(text)).span() for text in ("华为昇腾 910C 的", "昇腾910-C的")]
    [(2, 11), (0, 8)]
    """
    return re.escape(run[0]) + "".join(
        _gap(before, character) + _written(before, character) for before, character in pairwise(run)
    )


def _gap(before: str, after: str) -> str:
    """What may stand in a text where two characters of a run stand side by side."""
    if after == " " or before == " ":
        return ""
    if _LETTER.match(before) and _LETTER.match(after):
        if _ALPHABETIC.match(before) and _ALPHABETIC.match(after):
            return "[-_]?"
        return "" if before.isdecimal() and after.isdecimal() else rf"(?:[-_]|{_SPACES}+)?"
    return _BETWEEN_WORDS if _WORD.match(before) and _WORD.match(after) else f"{_SPACES}*"


def _written(before: str, character: str) -> str:
    """How a character of a run stands in a text: a few stand for more than themselves."""
    if character == "-" and before.isdecimal():
        return rf"(?:[-_]|{_SPACES}+)"
    return {" ": rf"{_SPACES}+", "^": r"\^?"}.get(character) or re.escape(character)


_WORD = re.compile(f"[{LETTER}{HAN}{KANA_AND_HANGUL}]")
