"""Finds contents lists: lines before or after the articles that only repeat their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from archive.parsing.outline import Outline
from archive.parsing.rows import Row
from archive.parsing.text import ends_openly

_CALLED = re.compile(
    r"[【\[(<《◆●■▍]?\s?(?:本期|本周|今日)?\s?(?:目\s?录|要点|导读|看点|内容|要闻|内容提要|要闻速览|速览|导览|要目|内容导航|摘要|概览|提要|一览)"
    r"(?:\s?[/|]?\s?contents)?\s?[】\])>》]?\s?:?$|(?:contents|in this (?:issue|edition))\s?:?$",
    re.IGNORECASE,
)
_TEXT_BEGINS = re.compile(
    r"(?:以下(?:为|是)|下面是)?(?:正文|详细内容|内容详情|详细报道|正文内容)(?:如下|部分)?"
)
"""A line that says no more than that the contents list is over."""
_LEADER = re.compile(
    r"(?:\s?[.…·•⋯_—-]{2,100}\s?|\s{2,100}|\t)(?:p|第)?\.?\d{0,4}页?$|\s(?:p|第)?\.?\d{1,3}页?$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^[\s\-*•·●■◆▪►▶>]+")
_LINK = re.compile(r"\[([^\[\]]{1,100})\]\([^()]{0,100}\)")
_NO_WORD = re.compile(r"[\W_]+")
_LONGEST = 100
_LONGEST_LEADER = 60
_LEAST = 3
_MOST_PLACES = 8
_LATEST_OVERVIEW = 20
_REPEATED = 0.6
"""The share of neighbouring characters of an overview that stand below it again."""


def find_contents(rows: Sequence[Row]) -> frozenset[int]:
    """Returns the rows of contents lists, with a line such as `目录` above them or without.

    A contents list is a run of lines that all occur again elsewhere in the document, numbers, bullets, dots and page
    numbers aside.
    """
    keys = [_keys(row) for row in rows]
    places: dict[str, list[int]] = {}
    for index, row_keys in enumerate(keys):
        for key in row_keys:
            places.setdefault(key, []).append(index)
    # A line that occurs many times is no heading; leaving it out keeps the time linear.
    keys = [frozenset(key for key in row_keys if len(places[key]) <= _MOST_PLACES) for row_keys in keys]
    found: set[int] = set()
    for begin, end in _repeating_runs(rows, keys, places):
        is_called = begin > 0 and _is_called(rows[begin - 1])
        repeated = [index for index in range(begin, end) if keys[index]]
        mates = {place for index in repeated for key in keys[index] for place in places[key]}
        mates -= set(range(begin, end)) | found
        if len(repeated) < (1 if is_called else _LEAST) or not mates or _is_copy(repeated, keys, places):
            continue
        found.update(range(begin - 1 if is_called else begin, end))
    found.update(_called_lists(rows, keys, found))
    if not found:
        found.update(_overview(rows))
    return frozenset(found)


def _overview(rows: Sequence[Row]) -> set[int]:
    """Returns the rows of a list under `本周要点` near the top that says in other words what stands below."""
    start = next((index for index, row in enumerate(rows[:_LATEST_OVERVIEW]) if _is_called(row)), len(rows))
    end = start + 1
    while end < len(rows) and (rows[end].bullet or rows[end].marker) and len(rows[end].core) <= _LONGEST:
        if rows[end].bullet != rows[start + 1].bullet:
            break
        end += 1
    items = rows[start + 1 : end]
    if len(items) < 2 or end == len(rows):
        return set()
    below = {pair for row in rows[end:] for pair in _pairs(row.core[:_LONGEST])}
    repeated = [
        sum(pair in below for pair in pairs) / len(pairs) for row in items if (pairs := _pairs(row.title))
    ]
    is_repeated = len(repeated) > 1 and sum(repeated) / len(repeated) >= _REPEATED
    return set(range(start, end)) if is_repeated else set()


def _pairs(text: str) -> set[str]:
    words = _NO_WORD.sub("", text)
    return {first + second for first, second in pairwise(words)}


def _is_copy(run: Sequence[int], keys: Sequence[frozenset[str]], places: dict[str, list[int]]) -> bool:
    """Whether the run occurs elsewhere as a run too: then text was pasted twice, and it is no list of headings.

    Headings have text between them, so the line below a heading is not the next line of the list.
    """
    spread = 0
    for index, following in pairwise(run):
        own = {place for key in keys[index] for place in places[key]} - {index}
        below = {place for key in keys[following] for place in places[key]}
        spread += any(place + 1 not in below for place in own)
    return spread < (len(run) - 1) / 2


def confirmed_contents(rows: Sequence[Row], contents: frozenset[int], outline: Outline) -> frozenset[int]:
    """Keeps those of the contents rows whose list repeats the headings that were found.

    Two articles may hold the same list of points; such a list repeats itself but no headings.
    """
    titles: set[str] = set()
    for head in outline.heads:
        for index in range(head.row, head.body_row):
            titles |= _keys(rows[index])
    kept: set[int] = set()
    for block in _neighbours(sorted(contents)):
        items = [keys for index in block if (keys := _keys(rows[index]))]
        repeating = sum(not keys.isdisjoint(titles) for keys in items)
        is_above = bool(outline.heads) and block[-1] < outline.heads[0].row
        if 2 * repeating >= len(items) or (is_above and _is_called(rows[block[0]])):
            kept.update(block)
    return frozenset(kept)


def _neighbours(indices: Sequence[int]) -> Iterator[list[int]]:
    """Yields the runs of consecutive numbers: `[1, 2, 5]` gives `[1, 2]` and `[5]`."""
    # In a run, number and place go up together.
    for _, run in groupby(enumerate(indices), lambda pair: pair[1] - pair[0]):
        yield [index for _, index in run]


def contents_before(rows: Sequence[Row], outline: Outline, first: int) -> frozenset[int]:
    """Returns the rows of a numbered list above the first article that is as long as the list of articles.

    Editors often shorten the headings in the contents; then only the numbers show what the list is.
    """
    if not outline.heads or outline.heads[0].number is None:
        return frozenset()
    top = min([outline.heads[0].row, *outline.sections])
    run: list[int] = []
    for index in range(first, top):
        marker = rows[index].marker
        if marker and marker.number == len(run) + 1 and not ends_openly(rows[index].rest):
            run.append(index)
    is_list = len(run) >= max(_LEAST, len(outline.heads) - 1) and run[-1] - run[0] == len(run) - 1
    if not is_list:
        return frozenset()
    return frozenset([run[0] - 1, *run] if run[0] > first and _is_called(rows[run[0] - 1]) else run)


def begins_text(row: Row) -> bool:
    """Whether the line is a bare `正文`, `以下为正文`, which is dropped as the contents list is."""
    return bool(_TEXT_BEGINS.fullmatch(_NO_WORD.sub("", row.title)))


def _is_called(row: Row) -> bool:
    return bool(_CALLED.match(row.core.strip()) or _CALLED.match(row.title))


def _keys(row: Row) -> frozenset[str]:
    """Returns the texts by which a short row is compared: with and without its number and its page number."""
    if row.is_block or len(row.core) > _LONGEST or row.core.endswith("。"):
        return frozenset()
    texts: set[str] = set()
    core = _LINK.sub(r"\1", row.core)
    for text in (core, _LINK.sub(r"\1", row.rest), _LEAD.sub("", core)):
        texts.update((text, _LEADER.sub("", text[-_LONGEST_LEADER - 40 :])))
    keys = (_NO_WORD.sub("", text).lower() for text in texts)
    return frozenset(key for key in keys if len(key) >= 2 and not key.isdecimal())


def _repeating_runs(
    rows: Sequence[Row], keys: Sequence[frozenset[str]], places: dict[str, list[int]]
) -> Iterator[tuple[int, int]]:
    """Yields (begin, end) of runs of rows that all occur elsewhere too; a number alone on its line may be among them.

    A run ends before a row that repeats one of its own rows: there the first article begins.
    """
    begin: int | None = None
    seen: set[str] = set()
    for index in range(len(rows) + 1):
        is_repeated = index < len(rows) and any(len(places[key]) > 1 for key in keys[index])
        is_lone_number = index < len(rows) and _is_lone_number(rows[index])
        has_number_above = index > 0 and _is_lone_number(rows[index - 1])
        is_second_time = is_repeated and not seen.isdisjoint(keys[index])
        if begin is not None and (is_second_time or not (is_repeated or is_lone_number)):
            yield begin, index - 1 if has_number_above else index
            begin = None
        if is_repeated:
            if begin is None:
                begin = index - 1 if has_number_above else index
                seen = set()
            seen |= keys[index]


def _is_lone_number(row: Row) -> bool:
    return row.marker is not None and not row.rest.strip()


def _called_lists(rows: Sequence[Row], keys: Sequence[frozenset[str]], found: set[int]) -> set[int]:
    """Returns the rows of lists under a line such as `目录` whose words are not exactly those of the headings."""
    lists: set[int] = set()
    for index, row in enumerate(rows):
        if index in found or not _is_called(row) or index + 1 >= len(rows):
            continue
        end = index + 1
        last_number = 0
        while end < len(rows) and end not in found:
            item = rows[end]
            is_item = (
                item.marker is not None and item.marker.number > last_number and len(item.core) <= _LONGEST
            )
            if not is_item or ends_openly(_LEADER.sub("", item.rest[-_LONGEST:])):
                break
            last_number = item.marker.number if item.marker else last_number
            end += 1
        is_list = end - index > _LEAST and end < len(rows) and rows[end].marker is not None
        if is_list:
            lists.update(range(index, end))
    return lists
