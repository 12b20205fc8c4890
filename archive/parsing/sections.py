"""Finds section heads: lines such as `一、政策动态` directly above the first article of a section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.parsing.outline import Head, Outline
from archive.parsing.rows import Row
from archive.parsing.sequence import LARGEST_JUMP, Candidate, best_run
from archive.parsing.styles import LABEL, Stretch, numbered_head
from archive.parsing.text import ends_openly

_LONGEST_NAME = 12
_LONGEST_PLAIN_NAME = 10
_SHORT_NAME = 4
_OUTER = {"一、", "(一)", "第一条", "PART 1", "I.", "01"}
"""Families that may number sections: `1.` above `①` is an article with a list, never a section."""
_USUAL_NAME = re.compile(
    "动态|要闻|政策|企业|公司|市场|技术|资本|投融资|国际|国内|海外|全球|行业|产业|产品|财报|设备|材料|设计|制造|封测|封装"
    "|存储|应用|热点|观察|资讯|新闻|快讯|聚焦|数据|人事|其他|综合|宏观|风向|展望"
)
_DIGEST_NAME = re.compile("一周|周报|周刊|本周")


def sectioned(stretch: Stretch, family: str, candidates: Sequence[Candidate]) -> list[Outline]:
    """Returns the outlines with section heads, one for each kind of head.

    In each section the numbers start at 1 or go on.
    """
    outlines = []
    for heads in _section_rows(stretch, family, candidates).values():
        outline = _read_sections(stretch, family, candidates, heads)
        if outline:
            outlines.append(outline)
    return outlines


def _section_rows(stretch: Stretch, family: str, candidates: Sequence[Candidate]) -> dict[str, list[int]]:
    """Groups the lines directly above a candidate that could name a section by the kind of line."""
    kinds: dict[str, list[int]] = {}
    for candidate in candidates:
        above = candidate.row - 1
        if above < 0 or not stretch.usable[above]:
            continue
        kind = _kind(stretch.rows[above], candidate)
        if kind and kind != family and (kind != "plain" or above >= max(1, stretch.first_unnumbered)):
            kinds.setdefault(kind, []).append(above)
    return {
        kind: heads
        for kind, heads in kinds.items()
        if len(heads) > 1 and heads[0] < candidates[0].row and _are_names(stretch.rows, heads)
    }


def _are_names(rows: Sequence[Row], heads: Sequence[int]) -> bool:
    """Whether numbered lines have names of sections: `一、台积电扩产` above `1.` is an article with a list."""
    names = [rows[head].rest.strip() for head in heads if rows[head].marker]
    usual = [name for name in names if len(name) <= _SHORT_NAME or _USUAL_NAME.search(name)]
    return 2 * len(usual) >= len(names)


def _kind(row: Row, below: Candidate) -> str:
    """Returns what marks the line as a section head; empty when it can not be one."""
    name = row.rest.strip()
    if row.is_block or not name or len(name) > _LONGEST_NAME or ends_openly(name):
        return ""
    if row.marker:
        return row.marker.family if row.marker.family in _OUTER else ""
    if row.level and row.level != below.looks[0]:
        return f"level {row.level}"
    if row.is_bold and not below.looks[1]:
        return "bold"
    if (label := LABEL.fullmatch(row.core)) and not _DIGEST_NAME.search(label["label"]):
        return "label"
    is_plain = len(name) <= _LONGEST_PLAIN_NAME and name.isalnum() and not _DIGEST_NAME.search(name)
    return "plain" if is_plain and _USUAL_NAME.search(name) else ""


def _read_sections(
    stretch: Stretch, family: str, candidates: Sequence[Candidate], heads: Sequence[int]
) -> Outline | None:
    """Returns the outline under these section heads, None when their numbers are not in order."""
    numbers = [marker.number for row in heads if (marker := stretch.rows[row].marker)]
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    articles: list[Head] = []
    last_number = 0
    for head, following in zip(heads, [*heads[1:], len(stretch.rows)], strict=True):
        inside = [one for one in candidates if head < one.row < following]
        begins, ends = stretch.offsets[head], stretch.offsets[following]
        is_onwards = abs(inside[0].number - last_number - 1) < LARGEST_JUMP and inside[0].number > 1
        first_number = last_number + 1 if is_onwards else 1
        chosen = best_run(inside, ends - begins, first_number, begins)
        if not chosen or inside[chosen[0]].row != head + 1:
            return None
        articles.extend(numbered_head(stretch.rows, inside[index]) for index in chosen)
        last_number = inside[chosen[-1]].number
    return Outline(f"{family} in sections", tuple(articles), tuple(heads))
