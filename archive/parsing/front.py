"""Reads the front matter above the first article: title, dates, by-line, introduction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.parsing.dates import DateRange, find_full_dates, find_ranges, find_weeks, find_year, parse_dates
from archive.parsing.document import PartKind
from archive.parsing.letterhead import SUBJECT, is_page_header
from archive.parsing.rows import DASHES, Row
from archive.parsing.sign_off import biography_name
from archive.parsing.text import ends_openly

BYLINE = re.compile(
    r"[(\[【]?\s?(?:本期|特约|专栏|栏目)?(?:栏目)?(?:作者|撰文|撰稿|主笔|执笔|专栏作家|(?:证券)?分析师|文)\s?[:丨|/]\s?(?P<name>[^:,;。、|丨()\[\]【】/]{2,30}?)\s?"
    r"(?:[,;。、|丨()\[\]【】/]|\s{2}|$)"
)
_BY = re.compile(r"[Bb]y\s+(?P<name>[A-Z][\w.'-]*(?:\s[A-Z][\w.'-]*){0,3})")
_DATE_LABEL = re.compile(
    r"^(?:本周|for the week of|week of|日期|时间|周期|起止日期|本期日期|本期|出版日期|date"
    r"|(?:issue|vol|no)\b\.?\s?#?\d+|(?:20\d\d年?\s?)?第\s?\d+\s?[期周]|总第\s?\d+\s?期|\d{4}年?)\s?:?$",
    re.IGNORECASE,
)
_DIGEST = re.compile(
    r"周|要闻|周报|周刊|简报|快讯|动态|新闻|芯闻|速递|资讯|月报|月刊|日报|早报|weekly|digest|news|letter|roundup|bulletin",
    re.IGNORECASE,
)
_WEEK_OF = re.compile(r"\W\s?(?:for the )?week of$", re.IGNORECASE)
_EARLIER = re.compile("往期|上期|上一期|上周|回顾|下期")
_INTRODUCED = re.compile(r"^[【\[]?(?:导语|導語|导读|導讀|引言|本期导语)[】\]]?\s*[:：]\s*")
_NEWS_YEAR = re.compile(
    r"(?:迈向|展望|前瞻|预测|目标|截至|直到|至|到|自|by|through|until|in|since|from|to)\s?20\d\d"
    r"|20\d\d\s?年?(?:底|末|初|前|后|的|起|量产|愿景|路线|展望|目标|财年|roadmap|outlook)",
    re.IGNORECASE,
)
"""A year that an issue's title may speak of without being of it."""
_LABEL_WORDS = re.compile(
    r"日期|时间|[编期刊]号|出版|发布|发表|发行|周期|更新|本期|星期|[年月日期第总周号卷刊于一二三四五六]|vol|no|date|issue|week|published|updated"
    r"|[\W\d_]",
    re.IGNORECASE,
)
_MOST_LABELS = 12
_PLACE = 4
"""Characters beside a full date, as in WeChat's `2025年9月12日 18:00 上海`."""
_LONGEST_LABEL = 40
_LONGEST_TITLE = 60
_LONGEST_DATE_LINE = 80
_EDGES = " \t\u3000\xa0()（）[]【】「」《》〈〉|｜丨/·:：,，-—–~～#*_.>"


class Span(NamedTuple):
    """A range of one row's text and its kind."""

    kind: PartKind
    begin: int
    end: int


@dataclass(slots=True)
class Front:
    """The front matter as it was understood."""

    title: str = ""
    dates: DateRange | None = None
    dates_row: int | None = None
    columnist: str = ""
    introduction: list[str] = field(default_factory=list)
    spans: dict[int, list[Span]] = field(default_factory=dict)
    """The parts of each row above the articles."""
    page_header: list[int] = field(default_factory=list)
    """Rows that are no text of the digest."""
    other_dates: list[tuple[int, DateRange]] = field(default_factory=list)
    """Other date ranges on lines of their own or in the title: pairs of row and range."""


def find_date_row(rows: Sequence[Row], stop: int) -> int | None:
    """Returns the first row before `stop` whose purpose is to give the dates, alone or with the title."""
    first_week = None
    for index in range(stop):
        row = rows[index]
        if not is_date_line(row):
            continue
        if next(find_ranges(row.line.text), None):
            return index
        if first_week is None:
            first_week = index
    return first_week


def is_date_line(row: Row) -> bool:
    """Whether the line is there to give the dates: `1. 3月17日-21日GTC大会` is a heading and does not count."""
    if row.is_block or len(row.core) > _LONGEST_DATE_LINE or _EARLIER.search(row.core):
        return False
    found = parse_dates(row.line.text)
    if found is None or ends_openly(row.core):
        return False
    is_own_number = found.begins < row.rest_start
    return row.marker is None or row.marker.family == "第一条" or row.marker.form == "vol" or is_own_number


def read_front(rows: Sequence[Row], stop: int, contents: frozenset[int], year: int | None) -> Front:
    """Reads the rows before `stop`, where the first article (or section) begins."""
    front = Front()
    front.dates_row = find_date_row(rows, stop)
    title_row = _title_row(rows, stop, front.dates_row, contents)
    year = _year_of_issue(rows, stop, (front.dates_row, title_row)) or year
    for index in range(stop):
        if index in contents:
            front.spans[index] = [Span("contents", 0, len(rows[index].line.text))]
        elif index == front.dates_row:
            _read_dates(front, index, rows[index], year, takes_title=title_row == index)
        elif index == title_row:
            front.title = _trimmed(rows[index].words(rows[index].start))
            front.spans[index] = [Span("title", 0, len(rows[index].line.text))]
            front.other_dates += [(index, found) for found in find_weeks(rows[index].line.text, year)]
        else:
            _read_other(front, index, rows[index], year)
    if front.dates is None:
        _search_introduction(front, rows, year)
    return front


def _year_of_issue(rows: Sequence[Row], stop: int, first: Sequence[int | None]) -> int | None:
    """Returns the year that dates, title or a label near them name.

    Years in sentences and items are news: contracts, forecasts, roadmaps, history.
    """
    labels = (index for index in range(min(stop, _MOST_LABELS)) if _is_label_of_issue(rows[index]))
    named = (index for index in (*first, *labels) if index is not None)
    return next(
        (found for index in named if (found := find_year(_NEWS_YEAR.sub("", rows[index].core[:200])))), None
    )


def _is_label_of_issue(row: Row) -> bool:
    """Whether the line says when or as which number the issue appeared, and nothing else."""
    if len(row.core) > _LONGEST_LABEL:
        return False
    said = _LABEL_WORDS.sub("", row.core)
    is_dated = any(find_full_dates(row.core))
    return len(said) <= (_PLACE if is_dated else 0)


def _title_row(rows: Sequence[Row], stop: int, dates_row: int | None, contents: frozenset[int]) -> int | None:
    """Returns the row that holds the title: above the dates, with them, or right below them."""
    above = [
        index
        for index in range(min(stop, 4 if dates_row is None else dates_row))
        if index not in contents and _may_be_title(rows[index])
    ]
    if dates_row is None:
        above = above[:1] if above[:1] == [0] else []
    if dates_row is not None and beside_dates(rows[dates_row])[0]:
        named = [index for index in above if _DIGEST.search(rows[index].core)]
        says_more = bool(_DIGEST.search(beside_dates(rows[dates_row])[0]))
        is_heading = bool(above) and rows[above[0]].level > 0 == rows[dates_row].level
        return named[0] if named else above[0] if is_heading or (above and not says_more) else dates_row
    if above:
        return next((index for index in above if _DIGEST.search(rows[index].core)), above[0])
    if dates_row is not None and dates_row + 1 < stop and dates_row + 1 not in contents:
        return dates_row + 1 if _may_be_title(rows[dates_row + 1]) else None
    return None


def _may_be_title(row: Row) -> bool:
    is_short = 2 <= len(row.core) <= _LONGEST_TITLE and not row.is_block and row.bullet not in tuple(DASHES)
    return (
        is_short
        and not ends_openly(row.core)
        and not BYLINE.match(row.core)
        and not is_page_header(row)
        and any(map(str.isalpha, row.core))
    )


def beside_dates(row: Row) -> tuple[str, int, int]:
    """Returns what the line says beside its dates (empty for `日期：`), and where the dates begin and end.

    Brackets around the dates count as part of the dates.
    """
    found = parse_dates(row.line.text)
    if found is None:
        return "", 0, 0
    text = row.line.text
    begin, end = found.begins, found.ends
    while begin > 0 and text[begin - 1] in "(（[【〔<《 ":
        begin -= 1
    while end < len(text) and text[end] in ")）]】〕>》 ":
        end += 1
    before = _trimmed(row.words(row.start)[: max(0, begin - row.start)])
    after = _trimmed(text[end : row.end])
    pieces = [piece for piece in (before, after) if piece and not _DATE_LABEL.match(piece)]
    return " ".join(pieces), begin, end


def _read_dates(front: Front, index: int, row: Row, year: int | None, *, takes_title: bool) -> None:
    text = row.line.text
    front.dates = parse_dates(text, year)
    front.other_dates += [(index, found) for found in find_weeks(text, year) if found != front.dates]
    beside, begin, end = beside_dates(row)
    kind: PartKind = "dates"
    if takes_title:
        front.title, kind = beside, "title"
    elif byline := BYLINE.search(beside):
        front.columnist, kind = byline["name"].strip(), "columnist"
    elif beside and (not front.title or beside not in front.title):
        kind = "introduction"
        front.introduction.append(beside)
    spans = [Span(kind, 0, begin), Span("dates", begin, end), Span(kind, end, len(text))]
    front.spans[index] = [span for span in spans if text[span.begin : span.end].strip()]


def _read_other(front: Front, index: int, row: Row, year: int | None) -> None:
    """Reads a row as by-line, as no text of the digest, or as a line of the introduction."""
    kind: PartKind = "introduction"
    if is_page_header(row):
        front.page_header.append(index)
        front.spans[index] = [Span("page_header", 0, len(row.line.text))]
        return
    if is_date_line(row) and not beside_dates(row)[0]:
        found = parse_dates(row.line.text, year)
        is_same = found and front.dates and (found.start, found.end) == (front.dates.start, front.dates.end)
        if is_same:
            front.spans[index] = [Span("dates", 0, len(row.line.text))]
            return
    byline = BYLINE.match(row.core) or _BY.fullmatch(row.core)
    name = ""
    if byline and len(row.core) <= _LONGEST_TITLE:
        name = row.line.text[row.start + byline.start("name") : row.start + byline.end("name")].strip()
    if not name and not front.introduction and len(row.core) <= 2 * _LONGEST_TITLE:
        name = biography_name(row)
    if name and not front.columnist:
        front.columnist, kind = name, "columnist"
    else:
        front.introduction.append(_INTRODUCED.sub("", row.line.text))
        if is_date_line(row):
            front.other_dates += [(index, found) for found in (parse_dates(row.line.text, year),) if found]
    front.spans[index] = [Span(kind, 0, len(row.line.text))]


def _search_introduction(front: Front, rows: Sequence[Row], year: int | None) -> None:
    """Takes the dates from the introduction when no line gives them: `本期收录2025年3月17日至21日…`."""
    for index, spans in sorted(front.spans.items()):
        if spans[0].kind == "contents":
            continue
        found = next(find_ranges(rows[index].line.text[:1000], year), None)
        if found and not found.problem:
            front.dates, front.dates_row = found, index
            if not beside_dates(rows[index])[0] and rows[index].line.text in front.introduction:
                front.introduction.remove(rows[index].line.text)
                front.spans[index] = [Span("dates", 0, len(rows[index].line.text))]
            return


def _trimmed(text: str) -> str:
    """Returns `text` without the brackets, bars and dashes that only held the dates.

    >>> _trimmed("半导体一周要闻（"), _trimmed("【半导体一周要闻】"), _trimmed("要闻（第12期）")
    ('半导体一周要闻', '半导体一周要闻', '要闻（第12期）')
    """
    shown = _WEEK_OF.sub("", SUBJECT.sub("", text).strip(_EDGES)).strip(_EDGES)
    for opening, closing in ("（）", "()", "【】", "《》", "「」", "[]"):
        if shown.count(opening) > shown.count(closing):
            shown += closing
        elif shown.count(closing) > shown.count(opening):
            shown = opening + shown
    return shown
