"""What was typed, in pieces: what stands between spaces and quotation marks, and what each asks for. Pure.

    英伟达 HBM3E OR HBM4 -H20     英伟达 | HBM3E | OR | HBM4 | -H20

search.query.parser makes a tree of them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from glossary.folding import fold
from search.query.dates import date_at, days_of
from search.query.parting import EITHER, JOINING, is_only_asking, is_written_date, parted, without_asking
from search.query.periods import Period, read_period
from search.query.tree import About, Leaf, Node, Where
from search.text import analysis
from search.text.analysis import TermFinder, codes_in, terms_in
from search.text.quantities import find_powers, find_quantities

_CLOSING = dict.fromkeys('"“”„＂〝', '"“”„＂〞〟') | {
    "「": "」",
    "『": "』",
    "﹁": "﹂",
    "﹃": "﹄",
    "«": "»",
    "‘": "’",
}
_APOSTROPHES = "'＇"
"""They quote only what begins and ends with one: `it's` holds no quotation."""
QUOTATION_MARKS = frozenset("".join([*_CLOSING, *_CLOSING.values()]))
_MAY_END = re.compile(rf"[\s{''.join(_CLOSING)}]")
"""A space or a quotation mark: what a word may end before."""
MINUS = "-－−–‐‑"
"""Before a word: without it. Telephones make a dash of two hyphens."""
_FIELD = re.compile(
    r"(title|标题|term|词条|话题|columnist|栏目作者|作者|section|分栏|issue|期|year|年份|after|before)[:：](?=\S)",
    re.IGNORECASE,
)
_FIELD_NAMES = {
    "标题": "title",
    "词条": "term",
    "话题": "term",
    "作者": "columnist",
    "栏目作者": "columnist",
    "分栏": "section",
    "期": "issue",
    "年份": "year",
}
_ISSUE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-[0-9]{1,3})?")


class Calendar(NamedTuple):
    """What dates are read by."""

    today: dt.date
    issue_days: tuple[dt.date, ...]


@dataclass(frozen=True)
class Piece:
    """A stretch of the typed text, and what it asks for."""

    typed: str
    node: Node
    is_negative: bool = False
    start: int = 0
    period: Period | None = None
    """The days that it names, where it is a date."""

    @property
    def is_plain(self) -> bool:
        """Whether it is a word like any other: not quoted, not excluded, no field, no date."""
        return self.node == Leaf(self.typed) and self.typed not in ("AND", "OR", "NOT")

    @property
    def is_either(self) -> bool:
        """Whether it asks for any of the two words beside it."""
        return self.node == Leaf(self.typed) and self.typed in EITHER

    def is_one_word(self, terms: TermFinder) -> bool:
        return isinstance(self.node, Leaf) and len(self.node.units(terms)) == 1

    @property
    def is_word(self) -> bool:
        """Whether it asks for what was typed, and for no less."""
        return (
            not self.is_negative
            and self.is_substantial
            and self.node in (Leaf(self.typed), leaf_of(self.typed))
        )

    @property
    def is_substantial(self) -> bool:
        """Whether it asks for anything: a piece of mere punctuation beside words is dropped."""
        return not isinstance(self.node, Leaf) or analysis.has_word(self.node.text)


def read_pieces(text: str, calendar: Calendar, terms: TermFinder) -> list[Piece]:
    """Returns the pieces in their order, without those that only ask."""
    return _without_asking(_with_whole_terms(text, _pieces(text, calendar, terms), terms))


def _pieces(text: str, calendar: Calendar, terms: TermFinder) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        start = position
        is_negative = _is_minus(text, position)
        position += is_negative
        field = _FIELD.match(text, position)
        found = None if field or is_negative else date_at(text, position, *calendar)
        if found:
            position, period = found
            pieces.append(Piece(text[start:position], days_of(period), start=start, period=period))
            continue
        value, is_exact, end = _value(text, field.end() if field else position)
        if field and not is_exact and _field_name(field[1]) == "term":
            value, end = _whole_term(text, field.end(), end, terms)
        if (is_negative or field) and not is_exact:
            value, end = _with_whole_code(text, field.end() if field else position, end, terms)
        node = _field_node(field[1], value, is_exact, calendar) if field else None
        if node is None:
            value, is_exact, end = _value(text, position)
            if is_negative and not is_exact:
                value, end = _with_whole_code(text, position, end, terms)
        position = end
        if node is None and not (is_exact or is_negative or field):
            pieces += _words(text, start, end, terms)
        else:
            words = Leaf(value, is_exact=True) if is_exact else leaf_of(value)
            pieces.append(Piece(text[start:end], node or words, is_negative, start))
    return pieces


def _words(text: str, start: int, end: int, terms: TermFinder) -> list[Piece]:
    """The words of a stretch between spaces: without what only asks, and parted where `、` and `和` part it."""
    first, last = without_asking(
        text[start:end], terms, is_first=not text[:start].strip(), is_last=not text[end:].strip()
    )
    first, last = start + first, start + last
    places = [(first + begin, first + stop) for begin, stop in parted(text[first:last], terms)]
    return [Piece(text[begin:stop], leaf_of(text[begin:stop]), start=begin) for begin, stop in places]


def leaf_of(word: str) -> Leaf:
    """A word like any other; a date that is text is one run: `年` and `月` here and there are no date."""
    return Leaf(word, is_exact=is_written_date(word))


def _without_asking(pieces: list[Piece]) -> list[Piece]:
    """Leaves out words that stand alone and ask for nothing: `请问`, and `和` between two others."""
    last = len(pieces) - 1
    if not last:  # nothing would be left
        return pieces
    kept = [
        piece
        for place, piece in enumerate(pieces)
        if not piece.is_plain
        or not (is_only_asking(piece.typed) or (0 < place < last and piece.typed.lower() in JOINING))
    ]
    return kept if any(piece.is_substantial and not piece.is_negative for piece in kept) else pieces


def _with_whole_terms(text: str, pieces: list[Piece], terms: TermFinder) -> list[Piece]:
    """Joins plain words that together are one term (`Lip-Bu Tan`), one quantity (`3 nm`) or one code (`GB 300`)."""
    if len(pieces) < 2:
        return pieces
    ends = {piece.start + len(piece.typed) for piece in pieces}
    places = [_whole_pieces(pieces, match.start, match.end) for match in terms_in(text, terms)]
    # `RTX 5090 万卡` is no 5090万: a quantity ends where a word ends.
    quantities = [*find_quantities(fold(text)), *find_powers(text, fold(text))]
    places += [(found.start, found.end) for found in quantities if found.end in ends]
    places += [
        _whole_pieces(pieces, code.start, code.end)
        for code in codes_in(text, terms)
        if len(code.elements) > 1
    ]
    for start, end in sorted(places, reverse=True):
        inside = [place for place, piece in enumerate(pieces) if start <= piece.start < end]
        words = [pieces[place] for place in inside]
        if len(words) > 1 and all(word.is_plain for word in words) and words[0].start == start:
            typed = text[start : words[-1].start + len(words[-1].typed)]
            pieces = [
                *pieces[: inside[0]],
                Piece(typed, Leaf(typed), start=start),
                *pieces[inside[-1] + 1 :],
            ]
    return pieces


def _whole_pieces(pieces: list[Piece], start: int, end: int) -> tuple[int, int]:
    """The place of the pieces in which a name or a code stands: `英伟达GB 300机柜`, `英特尔Lip-Bu Tan` as a whole."""
    inside = [piece for piece in pieces if piece.start < end and start < piece.start + len(piece.typed)]
    if not inside:
        return start, end
    return inside[0].start, inside[-1].start + len(inside[-1].typed)


def _value(text: str, position: int) -> tuple[str, bool, int]:
    """Returns the quotation or the word at `position`, whether it was quoted, and where it ends."""
    closing = _closing_quote(text, position)
    if closing is not None:
        return text[position + 1 : closing].strip(), True, closing + 1
    for found in _MAY_END.finditer(text, position + 1):
        end = found.start()
        if text[end].isspace() or _closing_quote(text, end) is not None:
            return text[position:end], False, end
    return text[position:], False, len(text)


def _whole_term(text: str, start: int, end: int, terms: TermFinder) -> tuple[str, int]:
    """Returns the value of `term:` at `start`, and its end: of a term of several words all of them, without quotes.

    So `term:Lip-Bu Tan 英特尔` asks for Lip-Bu Tan and 英特尔, not for a term `Lip-Bu`.
    """
    known = next((match.end for match in terms_in(text[start:], terms) if match.start == 0), 0) + start
    if known > end and (known == len(text) or text[known].isspace()):
        end = known
    return text[start:end], end


def _with_whole_code(text: str, start: int, end: int, terms: TermFinder) -> tuple[str, int]:
    """Returns a word and its end, of a code that was typed apart all of it: `-GB 200`, `title:RTX 4090 D`."""
    for code in codes_in(text, terms):
        while len(code.elements) > 1 and start <= code.start < end < code.end:
            end = _value(text, end + 1)[2]
    return text[start:end], end


def _field_name(typed: str) -> str:
    return _FIELD_NAMES.get(typed, typed.lower())


def _field_node(name: str, value: str, is_exact: bool, calendar: Calendar) -> Node | None:
    """What `name:value` asks for; None when the value makes no sense, and then it is all text."""
    period = read_period(value, *calendar)
    number = fold(value)
    match _field_name(name):
        case "title":
            return Leaf(value, is_exact, "title")
        case "term":
            return About(value)
        case "columnist" | "section" as column:
            return Where(column, "exact", value)
        case "issue" if _ISSUE.fullmatch(number):
            return Where("issue", "exact", number)
        case "year" if re.fullmatch(r"[12][0-9]{3}年?", number):
            year = int(number[:4]) * 10_000
            return Where("end_date", "range", (year + 101, year + 1231))
        case "after" if period := period or read_period(f"{value}年", *calendar):
            return days_of(replace(period, last=dt.date.max))
        case "before" if period := period or read_period(f"{value}年", *calendar):
            return days_of(replace(period, first=dt.date.min))
    return None


def _is_minus(text: str, position: int) -> bool:
    """A minus excludes only before a word and after a space: `CoWoS-L` and `10 - 20` hold plain hyphens."""
    return (
        text[position] in MINUS
        and (position == 0 or text[position - 1].isspace())
        and not text[position + 1 : position + 2].isspace()
        and analysis.has_word(text[position + 1 : position + 3])
    )


def _closing_quote(text: str, position: int) -> int | None:
    """Where the quotation that opens at `position` closes; None when none opens, or it holds no word."""
    if text[position : position + 1] in _APOSTROPHES:
        return _closing_apostrophe(text, position)
    if text[position] not in _CLOSING:
        return None
    for end in range(position + 1, len(text)):
        if text[end] in _CLOSING[text[position]]:
            return end if analysis.has_word(text[position + 1 : end]) else None
    return None


def _closing_apostrophe(text: str, position: int) -> int | None:
    if position and not (text[position - 1].isspace() or text[position - 1] in f"{MINUS}:："):
        return None
    for end in range(position + 2, len(text)):
        if text[end] in _APOSTROPHES and not text[end + 1 : end + 2].strip():
            return end if analysis.has_word(text[position + 1 : end]) else None
    return None
