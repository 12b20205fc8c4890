"""Scores how much a line looks like the heading of an article, whatever its style.

The weights that decide between outlines of a document are here, in `sequence` and in `choice`. They only give an order
and are no probabilities; the table of layouts in tests/archive/test_parsing_layouts.py tests them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.parsing.rows import Row
from archive.parsing.text import ends_openly

LONG_TITLE = 80
"""Characters; a longer heading has probably run into its paragraph."""

_SHORT_TITLE = 40
_LONGEST_TITLE = 160
_BODY_LENGTH = 30
_SOURCE_LINE = re.compile(r"[(\[【]?\s?(?:信息|文章|消息|新闻|资料)?来源\s?[\]】]?\s?[:丨|/]")


def heading_score(rows: Sequence[Row], index: int, title_rows: int = 1) -> float:
    """Returns a score from about -3 (certainly a paragraph) to about 1.4 (certainly a heading)."""
    row = rows[index] if title_rows == 1 else rows[index + 1]
    title = row.rest.strip() if title_rows == 1 else row.core.strip()
    if row.lead and title_rows == 1:
        return 1.0 if len(row.title) <= LONG_TITLE else 0.0
    if not title or row.is_block:
        return -3.0
    score = 0.6
    if len(title) <= _SHORT_TITLE:
        score += 0.2
    elif len(title) > _LONGEST_TITLE:
        score -= 1.2
    elif len(title) > LONG_TITLE:
        score -= 0.6
    if ends_openly(title):
        score -= 0.6
    if "。" in title[:-1]:
        score -= 0.3
    if title_rows == 1 and row.marker and row.marker.is_glued:
        # `3.5亿元订单落地。` begins with an amount; `3.16项措施出台` may be heading 3.
        score -= 1.6 if ends_openly(title) else 0.25
    if row.level or row.is_bold:
        score += 0.3
    score += 0.2 if is_followed_by_body(rows, index + title_rows) else -0.3
    return score


def is_followed_by_body(rows: Sequence[Row], index: int) -> bool:
    """Whether the row at `index`, right after a heading, is a paragraph and no other heading or list item."""
    if index >= len(rows):
        return False
    row = rows[index]
    if row.is_block:
        return True
    if row.level or (row.is_bold and len(row.core) <= _SHORT_TITLE):
        return False
    is_sentence = len(row.core) > _BODY_LENGTH or row.core.endswith(tuple("。！？；!?;”"))
    return is_sentence or not row.marker or bool(_SOURCE_LINE.match(row.core))


def is_short_line(row: Row, longest: int = _SHORT_TITLE) -> bool:
    """Whether the length and the last character of the row allow it to be a heading."""
    return (
        not row.is_block
        and 2 <= len(row.rest) <= longest * (2 if row.rest.isascii() else 1)
        and not ends_openly(row.rest)
        and "。" not in row.rest
    )
