"""Finds section heads: lines such as `一、政策动态`, `## 政策`, `周一（3月17日）` above the articles of a section.

What a section head looks like is not known beforehand. Every kind of line that stands directly above headings of a
style is tried, and holds when its lines are names, when nothing but a sentence stands between them and their first
article, and when the lines below them are headings of articles and not the subheads of one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import mean

from archive.parsing.days import day_of
from archive.parsing.leads import LABEL
from archive.parsing.outline import Head
from archive.parsing.rows import DASHES, Row
from archive.parsing.styles import Stretch
from archive.parsing.text import ends_openly

_LONGEST_NAME = 24
_LONGEST_PLAIN_NAME = 12
_SHORT_NAME = 4
_MOST_BETWEEN = 2
"""Rows between a section head and its first article: a sentence about the section."""
_EDGES = " \t\u3000·|丨:：*_—–─=~～-<>《》"
_DISTINCT = 0.75
"""The share of names, and of titles, that must differ."""
_SURE, _SURELY_NOT = 0.5, 1.6
_LIKELY, _UNLIKELY = 0.9, 0.4
_DIRECT = 0.4
"""The share of section heads directly above an article; the others have a sentence below them."""
_LED_IN = 0.6
_OUTER = {"一、", "(一)", "第一条", "PART 1", "I.", "01", "1.", "0x01", "❶"}
"""Families that may number sections."""
_USUAL = (
    "动态|要闻|政策|企业|公司|市场|技术|资本|投融资|国际|国内|海外|全球|行业|产业|产品|财报|设备|材料|设计|制造|封测|封装"
    "|存储|应用|热点|观察|资讯|新闻|快讯|聚焦|数据|人事|其他|综合|宏观|风向|展望|文章|工具|资源|教程|活动|会议|社区"
    "|观点|人物|深度|阅读|播客|视频|书|新品|供应链|整车|投资|融资|并购|上市|一级|二级|地方|国家|国外|专题|报告|论文"
)
_USUAL_NAME = re.compile(rf"(?:{_USUAL})|.{{1,{_LONGEST_PLAIN_NAME}}}(?:{_USUAL})$")
"""A name that begins or ends with such a word; `甲公司发布会` only has one in it."""
_IN_BRACKETS = re.compile(r"\s?[(\[【（][^()\[\]【】（）]{0,20}[)\]】）]|[\W_]")
_BRIEFS = re.compile(
    "简讯|快讯|短讯|速递|速览|一句话|要闻|新闻|动态|in brief|briefs|headlines|quick (?:hits|takes)",
    re.IGNORECASE,
)
"""Names of sections whose lists are articles of one line each."""
_MIXED = re.compile(
    "everything else|other (?:news|stories)|elsewhere"
    "|(?:其他|其它|综合|更多|国内|国际|海外|国外|行业|产业|企业|公司|市场|政策|资本|投融资).{0,4}",
    re.IGNORECASE,
)
"""Names of sections whose lists, where the other sections hold articles, are articles if each item is a sentence."""
_SHORTEST_BRIEF = 8
_NOTE = re.compile(r"[*(]?(?:注|备注|说明|附注)\s?:")
_FIELD = re.compile(r"^([^:：]{1,4})[:：].{1,500}")
_DIGEST_NAME = re.compile("一周[^ ]{0,4}$|周报|周刊|本周[^ ]{0,1}$")


def section_kinds(stretch: Stretch, heads: Sequence[Head]) -> Iterator[tuple[str, list[int]]]:
    """Yields (kind, rows) for each kind of line that could name the sections of these heads."""
    own = {head.row for head in heads}
    title_rows = {row for head in heads for row in range(head.row, head.body_row)}
    level = min((stretch.rows[row].level for row in own if stretch.rows[row].level), default=9)
    families = {marker.family for row in own if (marker := stretch.rows[row].marker)}
    is_bold = all(stretch.rows[row].is_bold for row in own)
    kinds: dict[str, list[int]] = {}
    for index, row in enumerate(stretch.rows):
        if not stretch.usable[index] or index in title_rows:
            continue
        for kind in _kinds(row, level, families, is_bold=is_bold):
            if index >= stretch.first_unnumbered or kind.startswith("day"):
                kinds.setdefault(kind, []).append(index)
    first_heads = _first_below(stretch, sorted(own), heads)
    for kind, rows in kinds.items():
        followed = [row for row in rows if row in first_heads]
        if kind == "plain" and not _is_restarted(stretch.rows, followed, first_heads):
            followed = [
                row
                for row in followed
                if _USUAL_NAME.match(stretch.rows[row].core.strip(_EDGES)) or _stands_alone(stretch.rows, row)
            ]
        if not followed:
            continue
        if kind in _OUTER:
            names = _in_order(stretch.rows, rows, set(followed))
            if 2 * len(followed) >= len(names):
                yield kind, names
        elif kind == "plain":
            yield kind, followed
        elif kind == "level" or 2 * len(followed) >= len(rows):
            yield kind, rows


def _kinds(row: Row, level: int, families: set[str], *, is_bold: bool) -> Iterator[str]:
    """Yields what marks the line as a section head."""
    if row.level:
        if row.level < level:
            yield "level"
        if day_of(row):
            yield f"day {day_of(row)}"
        return
    name = row.title.rstrip(": ")
    if row.is_block or not name or len(name) > _LONGEST_NAME or ends_openly(name) or row.lead:
        return
    if day := day_of(row):
        yield f"day {day}"
    if row.marker:
        if row.marker.family in _OUTER and row.marker.family not in families:
            yield row.marker.family
    elif row.bullet:
        yield f"bullet {row.bullet}" if ord(row.bullet[0]) < 0x10000 else "bullet emoji"
    elif (label := LABEL.fullmatch(row.core)) and not _DIGEST_NAME.search(label["label"]):
        yield "label"
    elif row.is_bold and not is_bold:
        yield "bold"
    elif len(name) <= _LONGEST_PLAIN_NAME + 12 * name.isascii() and not _DIGEST_NAME.search(name):
        yield "plain"


def _first_below(stretch: Stretch, own: Sequence[int], heads: Sequence[Head]) -> dict[int, Head]:
    """Returns for each row the head below it, when it is the first thing below but for a sentence."""
    by_row = {head.row: head for head in heads}
    found: dict[int, Head] = {}
    for before, row in pairwise([-1, *own]):
        between = 0
        for index in range(row - 1, before, -1):
            found[index] = by_row[row]
            between += bool(stretch.rows[index].line.text)
            above = stretch.rows[index]
            is_sentence = ends_openly(above.core) or "。" in above.core
            if between > _MOST_BETWEEN or not is_sentence:
                break
    return found


def _is_restarted(rows: Sequence[Row], names: Sequence[int], first_heads: dict[int, Head]) -> bool:
    """Whether the numbers begin at 1 again below every one of these lines."""
    return len(names) > 1 and all(
        first_heads[row].number == 1 and row + 1 == first_heads[row].row for row in names
    )


def _stands_alone(rows: Sequence[Row], index: int) -> bool:
    """Whether a blank line stands above the row and one below it."""
    return rows[index].has_gap_before and index + 1 < len(rows) and rows[index + 1].has_gap_before


def _in_order(rows: Sequence[Row], names: Sequence[int], followed: set[int]) -> list[int]:
    """Returns those numbered lines that have articles below them, or count on to or from one that has."""
    found: list[int] = []
    last = 0
    for place, row in enumerate(names):
        number = _number(rows, row)
        if row in followed or (found and number == last + 1):
            # `一、行情` may be all text, and the articles begin below `二、公司`.
            above = [] if found else names[max(0, place + 1 - number) : place]
            if [_number(rows, one) for one in above] == [*range(1, number)]:
                found += above
            found.append(row)
            last = number
    return found


def _number(rows: Sequence[Row], index: int) -> int:
    marker = rows[index].marker
    return marker.number if marker else 0


def with_outer(stretch: Stretch, sections: Sequence[int], heads: Sequence[Head]) -> tuple[int, ...]:
    """Returns the section heads with those directly above them: `一、政策` above `（一）税收`."""
    taken = {row for head in heads for row in range(head.row, head.body_row)}
    found = set(sections)
    for section in sections:
        index = section - 1
        while (
            index >= stretch.first_unnumbered
            and stretch.usable[index]
            and not (index in taken or index in found)
        ):
            row = stretch.rows[index]
            is_outer = row.marker is not None and row.marker.family in _OUTER
            is_name = (
                is_outer or row.level > 0 or LABEL.fullmatch(row.core) is not None
            ) and not row.is_block
            if not is_name or len(row.title) > _LONGEST_NAME or ends_openly(row.title) or row.lead:
                break
            found.add(index)
            index -= 1
    return tuple(sorted(found))


def with_leaves(
    stretch: Stretch, heads: Sequence[Head], sections: Sequence[int]
) -> tuple[list[Head], list[int]]:
    """Returns heads and sections, with those section heads as heads that have text below and no article."""
    own = sorted(head.row for head in heads)
    leaves: list[int] = []
    briefs: list[Head] = []
    for section, following in zip(sections, [*sections[1:], len(stretch.rows)], strict=True):
        has_article = bisect_left(own, section) < bisect_left(own, following)
        has_text = section + 1 < following and any(stretch.usable[section + 1 : following])
        if has_article or not has_text:
            continue
        inside = [row for row in range(section + 1, following) if stretch.usable[row]]
        if _NOTE.match(stretch.rows[inside[-1]].core):
            inside.pop()
        items = [stretch.rows[row] for row in inside]
        if items and all(map(_is_brief, items)) and _holds_briefs(stretch.rows[section], items):
            briefs += [_brief(stretch.rows[row], row) for row in inside]
        else:
            leaves.append(section)
    more = [Head(row, stretch.rows[row].body_start) for row in leaves]
    left = set(leaves)
    return sorted([*heads, *more, *briefs], key=lambda head: head.row), [
        row for row in sections if row not in left
    ]


def _holds_briefs(section: Row, items: Sequence[Row]) -> bool:
    """Whether the list below is articles and not the points of one: by the name, or as each is a sentence by itself."""
    name = section.title.strip(_EDGES)
    are_sentences = len(items) > 1 and all(
        ends_openly(item.title) and len(item.title) >= _SHORTEST_BRIEF for item in items
    )
    return bool(_BRIEFS.search(name)) or (are_sentences and bool(_MIXED.fullmatch(name)))


def _is_brief(row: Row) -> bool:
    return bool(row.bullet or row.marker) and (row.lead > 0 or not row.is_block)


def _brief(row: Row, index: int) -> Head:
    return Head(index, row.body_start, row.marker.number if row.marker else None, tail=row.lead)


def likelihood(
    stretch: Stretch, kind: str, sections: Sequence[int], heads: Sequence[Head], titles: Sequence[str]
) -> float:
    """Returns how likely it is that these lines name sections, and that what is below them are articles.

    1 is sure, 0 is not so; between, a person should look.
    """
    inside = [head for head in heads if head.row > sections[0]] if sections else []
    is_day, is_level = kind.startswith("day"), kind == "level"
    if len(heads) < 2 or not inside or (len(sections) < 2 and not is_level):
        return 0.0
    names = [stretch.rows[row].title.strip("【】〖〗『』「」") for row in sections]
    is_repeated = min(distinctness(titles), distinctness(names)) < _DISTINCT
    if is_repeated and not is_day:
        return 0.0  # 背景, 影响 in every article
    above = len(heads) - len(inside)
    if not is_level and above and (inside[0].number != 1 or 2 * above > len(heads)):
        return 0.0
    own, all_sections = {head.row for head in heads}, set(sections)
    inner = [row for row in with_leaves(stretch, heads, sections)[1] if row + 1 not in all_sections]
    direct = sum(row + 1 in own for row in inner) / max(1, len(inner))
    if is_level and direct < _DIRECT and len(inner) < len(sections):
        return 0.0  # headings with text below them, and now and then something that looks like a heading too
    return _name_likelihood(stretch, kind, names, titles, heads) * (
        1 if direct >= _DIRECT or is_day else _LED_IN
    )


def distinctness(titles: Sequence[str]) -> float:
    """Returns the share of titles that differ; of `时间：周一` only the label counts.

    >>> distinctness(["甲厂扩产", "乙厂裁员"]), distinctness(["时间：周一", "地点：某地", "时间：周二", "地点：某地"])
    (1.0, 0.5)
    """
    return len({_FIELD.sub(r"\1", title) for title in titles}) / len(titles)


def _name_likelihood(
    stretch: Stretch, kind: str, names: Sequence[str], titles: Sequence[str], heads: Sequence[Head]
) -> float:
    """Returns how likely it is that these are names of sections, above articles of these titles."""
    names = [name.strip(_EDGES) for name in names]
    usual = sum(bool(_USUAL_NAME.match(name)) and len(name) <= _LONGEST_PLAIN_NAME for name in names)
    if kind.startswith("day") or 2 * usual >= len(names):
        return 1.0
    if kind in _OUTER:
        return 1.0 if 2 * sum(len(name) <= _SHORT_NAME for name in names) >= len(names) else 0.0
    # Sections have shorter names than articles, and subheads have shorter ones than theirs.
    length = mean(len(_IN_BRACKETS.sub("", name)) for name in names)
    ratio = length / mean(map(len, titles)) / (1 + all(stretch.rows[head.row].lead for head in heads))
    if length > _LONGEST_PLAIN_NAME or ratio > _SURELY_NOT:
        return 0.0
    if not any(head.number or head.tail or stretch.rows[head.row].level for head in heads):
        bullets = {stretch.rows[head.row].bullet for head in heads}
        if bullets != {""} and bullets <= set(DASHES) and length > _SHORT_NAME + 2:
            return _UNLIKELY  # as well the points of an article
    return 1.0 if ratio <= _SURE or length <= _SHORT_NAME else _LIKELY if ratio <= 1 else _UNLIKELY


def section_name(row: Row) -> str:
    """Returns the name without number, ornament and brackets."""
    name = row.words(row.body_start) if row.body_start < row.end else row.words(row.start)
    label = LABEL.fullmatch(name)
    return (label["label"] if label else name).strip(_EDGES)
