"""Prepares lines for the parser's rules: folds them, skips Markdown marks, finds their markers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.parsing.document import Line
from archive.parsing.leads import find_lead
from archive.parsing.markers import Marker, find_marker
from archive.parsing.text import fold
from archive.richtext import parse

_HASHES = re.compile(r"(#{1,6})(?:\s+|(?=[^#\s\d])(?![^#\s]{1,10}#))")
_BULLET = re.compile(
    r"(?:[●■◆▉-▏▶►▷▸★☆◎○□◇◈※▪◼♦✦✪➤▲△▼▽◉❖⬤→⇒┃│丨\u2600-\u2775\u2794-\u27bf\U0001f300-\U0001faff]\ufe0f?"
    r"|[\U0001f1e6-\U0001f1ff]{2}|[•·・∙‣◦⁃]|(?:[-–—*]|>>|»)(?=\s))\s*"
)
_ORNAMENT = re.compile(r"[●■◆▉-▏▶►▷▸★☆◎○□◇◈※▪◼♦]\s?")
_BOLD_NUMBER = re.compile(r"\*\*\s?([^*]{1,8}?)\s?\*\*\s*[|丨:]?\s*(?=\S)")
DASHES = "-*•·・∙‣◦⁃"
"""Bullets of any list: what they stand before need not be a heading."""
_BLOCKS = ("ul", "ol", "table", "figure", "img", "blockquote", "pre")


@dataclass(frozen=True, slots=True)
class Row:
    """A line, prepared for the rules. Offsets are offsets in `line.text`."""

    line: Line
    folded: str
    start: int
    """Where the words begin, after `## ` or `**`."""
    end: int
    """Where the words end, before `**` or ` ##`."""
    level: int
    is_bold: bool
    has_gap_before: bool
    """Whether a blank line stood above it."""
    is_block: bool
    """A list, table, picture or quotation of rich text: never a heading."""
    marker: Marker | None
    bullet: str = ""
    """The ornament or dash at its start: `◆`, `-`."""
    body_start: int = 0
    """Where number or ornament end and the words begin."""
    lead: int = 0
    """Where a title at the beginning of the paragraph ends, 0 when there is none."""

    @property
    def core(self) -> str:
        """The folded line without its Markdown marks."""
        return self.folded[self.start : self.end]

    @property
    def rest(self) -> str:
        """The folded line without Markdown marks and number."""
        return self.folded[self.rest_start : self.end]

    @property
    def rest_start(self) -> int:
        return self.start + (self.marker.end if self.marker else 0)

    @property
    def title(self) -> str:
        """What would be the title if the row were a heading: the lead, or all that follows number or ornament."""
        return self.folded[self.body_start : self.lead or self.end].strip()

    def words(self, start: int) -> str:
        """Returns the original text from `start` on, without Markdown marks."""
        return self.line.text[start : self.end].strip()


def prepare_rows(lines: Iterable[Line]) -> tuple[Row, ...]:
    """Returns a row for each line, in order.

    >>> [row] = prepare_rows([Line(1, "## **３．台积电扩产**")])
    >>> row.level, row.is_bold, row.marker.number, row.rest
    (2, True, 3, '台积电扩产')
    """
    rows = []
    previous: int | None = None
    for line in lines:
        has_gap = previous is not None and line.number > previous + 1
        rows.append(_prepare(line, has_gap))
        previous = line.number
    return tuple(rows)


def _prepare(line: Line, has_gap_before: bool) -> Row:
    folded = fold(line.text)
    start, end, level, is_bold = 0, len(folded), line.level, line.is_bold
    if hashes := _HASHES.match(folded):
        start, level = hashes.end(), len(hashes[1])
        end = len(folded[:end].rstrip("# "))
    for mark in ("**", "__"):
        is_wrapped = folded.startswith(mark, start) and folded.endswith(mark, start, end) and end - start > 4
        if is_wrapped and mark not in folded[start + 2 : end - 2]:
            start, end, is_bold = start + 2, end - 2, True
    start += (
        len(folded[start:end]) - len(folded[start:end].lstrip()) if folded[start : start + 1] == " " else 0
    )
    is_block = _is_block(line.html or "")
    marker = None if is_block else find_marker(folded[start:end])
    bullet = None if marker else _BULLET.match(folded, start, end)
    if bullet and not is_block:
        behind = find_marker(folded[bullet.end() : end])  # `📌 1. 标题`
        is_item = bullet[0].strip() in f"–—{DASHES}"
        if behind and not behind.is_glued and (behind.form or not is_item):
            # `- 1. …` is no number of headings like `1. …`.
            family = f"- {behind.family}" if is_item else behind.family
            marker = behind._replace(family=family, end=behind.end + bullet.end() - start)
    elif marker and (ornament := _ORNAMENT.match(folded, start + marker.end, end)):
        marker = marker._replace(end=ornament.end() - start)  # `01 ◆ 标题`
    elif not is_block and (bold := _BOLD_NUMBER.match(folded, start, end)):
        inner = find_marker(f"{bold[1]} ")
        if inner and inner.end > len(bold[1]):
            marker = inner._replace(end=bold.end() - start, is_glued=False)
    body_start = start + marker.end if marker else bullet.end() if bullet else start
    return Row(
        line,
        folded,
        start,
        max(start, end),
        level,
        is_bold,
        has_gap_before,
        is_block,
        marker,
        bullet[0].strip() if bullet else "",
        body_start,
        find_lead(line, folded, body_start, end),
    )


def _is_block(html: str) -> bool:
    if "<" not in html:
        return False
    tree = parse(html, is_stored=True)
    return any(tree.find(*_BLOCKS)) and len([*tree.find("li")]) != 1
