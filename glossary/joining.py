"""Takes out what a writer may put between the parts of a code or leave out: `GB 300`, `GB-300` = `gb300`. Pure.

    GB 300 → gb300    CoWoS-L → cowosl    昇腾 910C → 升腾910c    “大基金”二期 → "大基金二期    Lip-Bu  Tan → lipbu tan

What stays depends on nothing but the characters on both sides of a gap, so that each part of a text, taken by itself,
is a part of the joined text again, but for marks at its ends: whatever is visible can be looked up there.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from glossary.folding import ALPHABETIC, HAN, INVISIBLE, KANA_AND_HANGUL, fold, written_out

QUOTES = "\"'《》〈〉"
HYPHENS = "-_"
MARKS = f"{QUOTES}{HYPHENS}"
"""What may be taken out, besides spaces. At the ends of what is looked up it says nothing."""

_GAP = re.compile(rf"(?:[^\S\n]|[{INVISIBLE}{QUOTES}_-])+")
_NO_MARK = re.compile(rf"[^{QUOTES}_-]+")
_NOTHING = re.compile(rf"[{INVISIBLE}]+")
_LETTER = re.compile(f"[{ALPHABETIC}]")
_HAN = re.compile(f"[{HAN}{KANA_AND_HANGUL}]")


class Joined:
    """A joined text that knows where its characters are in the original.

    >>> joined = Joined("昇腾 910-C")
    >>> joined.text, joined.place(2), joined.place(5)
    ('升腾910c', 3, 7)
    """

    __slots__ = ("_indexes", "_places", "_shifts", "folded", "marks", "text")

    def __init__(self, original: str) -> None:
        self.folded = fold(original)
        written, self._places = written_out(self.folded)
        pieces: list[str] = []
        self._indexes, self._shifts = [0], [0]
        self.marks: dict[str, None] = {}
        """The different marks that were taken out: they are visible, so they have to be found somewhere."""
        length = end = 0
        for gap in _GAP.finditer(written):
            start = gap.start()
            pieces.append(written[end:start])
            length += start - end
            end = gap.end()
            found = gap.group()
            marks = "" if found == " " else _NO_MARK.sub("", found)
            stays = _between(written[start - 1 : start], found, marks, written[end : end + 1])
            if stays:
                pieces.append(stays)
                length += len(stays)
            elif marks:
                self.marks[marks] = None
            self._indexes.append(length)
            self._shifts.append(end - length)
        pieces.append(written[end:])
        self.text = "".join(pieces)

    def place(self, index: int) -> int:
        """Returns where the character `text[index]` stands in the original."""
        place = index + self._shifts[bisect_right(self._indexes, index) - 1]
        return self._places[place] if self._places else place


def _between(before: str, gap: str, marks: str, after: str) -> str:
    """What stays of a gap: between two words a space, between two numbers a hyphen."""
    first, last = _kind(before), _kind(after)
    if first in "ld" and last in "ld":
        if not marks:
            visible = _NOTHING.sub("", gap)
            return "" if not visible or first != last else "-" if first == "d" else " "
        if len(marks) == 1 and marks in HYPHENS and _NOTHING.sub("", gap) == marks:
            return "-" if first == last == "d" else ""
        return marks
    if marks and first != "o" and last != "o" and not marks.strip(QUOTES):
        return ""
    return marks


class _Kinds(dict[str, str]):
    """Letter, digit, Han or other, of a folded character; nothing, the end of a text, is other."""

    def __missing__(self, character: str) -> str:
        if character in "0123456789" and character:
            kind = "d"
        else:
            kind = "l" if _LETTER.match(character) else "h" if _HAN.match(character) else "o"
        self[character] = kind
        return kind


_KINDS = _Kinds()
_kind = _KINDS.__getitem__


def joined(text: str) -> str:
    """Returns `text` as it is compared with others, without what may stand between the parts of a code.

    >>> joined("GB 300") == joined("gb-300") == joined("ＧＢ３００"), joined("DDR5-6400"), joined("Wi-Fi 7 模组")
    (True, 'ddr5-6400', 'wifi7模组')
    """
    return Joined(text).text
