"""Which lines of a plain text are subheads. Careful rather than complete: a missed one is still a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_LENGTH = 30
_ENDS_OPENLY = tuple("。！？；，、：…—~.!?;,:”’」』》\"'）)】]")
_CHAPTER = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}[章节部])\s*\S")
_SECTION = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S")
_NOT_A_SUBHEAD = re.compile(
    r"[\d①-⑳（(\-–—•·●■◆*>#|【\[]"  # items, data, quotations
    r"|(?:图|表|注|来源|作者|编辑|文|资料|数据|单位|记者|责编|原文|链接|https?)[\s\d：:/／|]"
)
_LETTER = re.compile(r"[^\W\d_]")


def subhead_levels(lines: Sequence[str]) -> list[int]:
    """Returns 3 or 4 for each line that is a subhead, 0 for each that is a paragraph.

    A subhead is short, ends without punctuation, and either carries a Chinese number (`一、`, below it
    `（一）`) or stands alone between two paragraphs that are whole sentences. A row of short lines is the
    remains of a table or a list, and the first line is often a note by the editor: neither is a subhead.

    >>> subhead_levels(["产能已经满载。", "价格走势", "合约价本季上涨。"])
    [0, 3, 0]
    >>> subhead_levels(["一、需求", "（一）手机", "出货回升。", "营收", "12%", "9%"])
    [3, 4, 0, 0, 0, 0]
    """
    levels: list[int] = []
    has_chapter = False
    for place, line in enumerate(lines):
        level = 0
        has_next = place + 1 < len(lines)
        if has_next and len(line) <= MAX_LENGTH and not line.endswith(_ENDS_OPENLY):
            if _CHAPTER.match(line):
                level, has_chapter = 3, True
            elif _SECTION.match(line) or (place and _stands_alone(*lines[place - 1 : place + 2])):
                level = 4 if has_chapter else 3
        levels.append(level)
    return levels


def _stands_alone(before: str, line: str, after: str) -> bool:
    return (
        len(line) >= 2
        and _LETTER.search(line) is not None
        and not _NOT_A_SUBHEAD.match(line)
        and not any(mark in line for mark in "：:，,")
        and _is_sentence(before)
        and _is_sentence(after)
    )


def _is_sentence(line: str) -> bool:
    return line.endswith(("。", "！", "？", "…", "”", "!", "?", ".", "」")) and len(line) > 6
