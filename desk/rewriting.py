"""A text that was edited → paragraphs, each of which keeps its key when it is the one that was there. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from rapidfuzz.distance import LCSseq, Opcode

from archive.body import blocks_of
from desk.state import Paragraph

PLAIN = ("p", "h3", "h4", "blockquote")
"""Blocks that are a line of text in a plain text field; the others are shown as a line in brackets."""
_NAMES = {"ul": "列表", "ol": "编号列表", "table": "表格", "figure": "图", "hr": "横线"}
_HELD = re.compile(r"【(?:列表|编号列表|表格|图|横线|内容) (\d+)(?:：[^】]*)?】")


def rewritten(old: Sequence[Paragraph], html: str, next_key: int) -> tuple[tuple[Paragraph, ...], int]:
    """Returns the paragraphs of a clean text and the next free key."""
    present = [paragraph for paragraph in old if not paragraph.missing]
    blocks = [str(block.html) for block in blocks_of(html)]
    known = dict(_same(present, blocks))
    paragraphs: list[Paragraph] = []
    for place, block in enumerate(blocks):
        before = known.get(place)
        if before is None:
            paragraphs.append(Paragraph(next_key, block))
            next_key += 1
        else:
            paragraphs.append(replace(before, html=block))
    return tuple(_with_missing(old, paragraphs)), next_key


def _same(present: Sequence[Paragraph], blocks: Sequence[str]) -> list[tuple[int, Paragraph]]:
    """(place among the blocks, the paragraph that it was): equal ones, and as many changed ones in between."""
    pairs: list[tuple[int, Paragraph]] = []
    old = [paragraph.html for paragraph in present]
    start = new_start = 0  # after the last equal run
    end_of_both = Opcode("equal", len(old), len(old), len(blocks), len(blocks))
    for kind, at, end, new_at, new_end in [*LCSseq.opcodes(old, blocks), end_of_both]:
        if kind != "equal":
            continue
        if at - start == new_at - new_start:
            at, new_at = start, new_start
        pairs.extend(zip(range(new_at, new_end), present[at:end], strict=True))
        start, new_start = end, new_end
    return pairs


def _with_missing(old: Sequence[Paragraph], new: list[Paragraph]) -> list[Paragraph]:
    """The new paragraphs with the places of missing figures after what they stood after, if it is still there."""
    result = list(new)
    place_of_last = -1
    for paragraph in old:
        if paragraph.missing:
            place_of_last += 1
            result.insert(place_of_last, paragraph)
        else:
            places = (place for place, other in enumerate(result) if other.key == paragraph.key)
            place_of_last = next(places, place_of_last)
    return result


def as_plain_text(paragraphs: Sequence[Paragraph]) -> str:
    """The text for a plain field, a line a paragraph; what is more than a line is a line in brackets.

    >>> as_plain_text([Paragraph(1, "<p>甲</p>"), Paragraph(2, "<ul><li>乙</li></ul>")])
    '甲\\n【列表 2：乙】'
    """
    return "\n".join(_plain_line(paragraph) for paragraph in paragraphs if not paragraph.missing)


def _plain_line(paragraph: Paragraph) -> str:
    text = " ".join(paragraph.text.split())
    if paragraph.tag in PLAIN and "\n" not in paragraph.text and "<img" not in paragraph.html:
        return text
    shown = text.replace("【", "〔").replace("】", "〕")[:20]
    return f"【{_NAMES.get(paragraph.tag, '内容')} {paragraph.key}" + (f"：{shown}】" if shown else "】")


def from_plain_text(text: str, old: Sequence[Paragraph]) -> str:
    """The HTML of an edited plain text: a line that was not changed keeps its bold and its links.

    >>> before = [Paragraph(1, "<p><strong>甲</strong></p>"), Paragraph(2, "<ul><li>乙</li></ul>")]
    >>> from_plain_text("【列表 2：乙】\\n甲\\n丙", before)
    '<ul><li>乙</li></ul>\\n<p><strong>甲</strong></p>\\n<p>丙</p>'
    """
    held = {paragraph.key: paragraph.html for paragraph in old if not paragraph.missing}
    lines: dict[str, list[str]] = {}
    for paragraph in old:
        lines.setdefault(_plain_line(paragraph), []).append(paragraph.html)
    pieces = []
    for raw in text.splitlines():
        line = " ".join(raw.split())
        found = _HELD.fullmatch(line)
        if found and int(found[1]) in held:
            pieces.append(held[int(found[1])])
        elif same := lines.get(line):
            pieces.append(same.pop(0) if len(same) > 1 else same[0])
        elif line:
            pieces.append(f"<p>{escape(line, quote=False)}</p>")
    return "\n".join(pieces)
