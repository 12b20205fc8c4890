"""Parses a week: calls the steps, a module each, in their order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from archive.parsing import findings
from archive.parsing.choice import choose_outlines
from archive.parsing.dates import DateRange
from archive.parsing.days import day_name, days_in, digest_name
from archive.parsing.document import Line, ParsedArticle, ParsedIssue, ParseWarning, Part, PartKind
from archive.parsing.front import BYLINE, Front, Span, find_date_row, read_front
from archive.parsing.leads import after_lead, before
from archive.parsing.metadata import read_metadata
from archive.parsing.outline import Head, Outline
from archive.parsing.outline_repair import repair
from archive.parsing.rows import Row, prepare_rows
from archive.parsing.sections import section_name
from archive.parsing.sign_off import biography_name, find_certain_sign_off, find_sign_off, is_preface
from archive.parsing.sources import find_credits, find_issue_url, read_source
from archive.parsing.styles import make_stretch
from archive.parsing.table_of_contents import begins_text, confirmed_contents, contents_before, find_contents
from archive.parsing.text import read_lines, tidy
from archive.parsing.titles import read_title

_FRONT_ROWS = 12
"""How many rows are searched for the digest's dates."""


def parse_issue(source: str | Sequence[Line], *, year: int | None = None, reading: int = 0) -> ParsedIssue:
    """Parses a pasted week. Never raises: what it does not find is empty, with a warning.

    `source` is the text as pasted, or lines of rich text with what the source said of them. `year` is used when
    the dates have none and no year stands above the articles. Where the warning `two-readings` says that another
    level could be that of the articles, `reading=1` takes it.

    >>> issue = parse_issue("芯片周报\\n2025.3.17-3.21\\n1. 台积电扩产\\n新厂动工。\\n2. 三星换帅\\n新帅上任。")
    >>> issue.title, issue.end_date.isoformat(), [article.title for article in issue.articles]
    ('芯片周报', '2025-03-21', ['台积电扩产', '三星换帅'])
    """
    lines = read_lines(source) if isinstance(source, str) else tuple(_cleaned(source))
    rows = prepare_rows(lines)
    head = read_metadata(rows)
    rows = rows[head.rows :]
    contents = find_contents(rows)
    end = find_certain_sign_off(rows)
    outlines = _find_outlines(rows, contents, end)
    confirmed = confirmed_contents(rows, contents, outlines[0])
    if confirmed != contents:
        contents = confirmed
        outlines = _find_outlines(rows, contents, end)
    outline = outlines[min(reading, len(outlines) - 1)]
    first = min((outline.heads[0].row, *outline.sections)) if outline.heads else None
    floor = outline.heads[-1].body_row if outline.heads else min(1, len(rows))
    closing = min(max(end, floor), find_sign_off(rows, floor, contents))
    top = closing if first is None else first
    contents |= contents_before(rows, outline, 1)
    contents |= {index for index in range(1, top) if begins_text(rows[index])}
    front = read_front(rows, top, contents, year)
    _read_days(front, rows, outline, year)
    if not front.title:
        front.title = head.title
    if front.dates is None:
        front.dates = head.dates
    spans = dict(front.spans)
    articles = tuple(_read_articles(rows, outline, closing, contents, spans))
    if outline.days and front.title and outline.sections[0] == 0:
        begin, stop = digest_name(rows[0])
        spans[0] = [Span("title", begin, stop), Span("section", stop, len(rows[0].line.text))]
    sign_off = [index for index in range(closing, len(rows)) if index not in contents]
    spans.update({index: [_whole(rows[index], "sign_off")] for index in sign_off})
    between = [index for index, found in spans.items() if index >= top and found[0].kind == "introduction"]
    return ParsedIssue(
        title=front.title,
        start_date=front.dates.start if front.dates else None,
        end_date=front.dates.end if front.dates else None,
        articles=articles,
        columnist=front.columnist or _columnist([rows[index] for index in sign_off]) or head.columnist,
        introduction="\n".join([*front.introduction, *(rows[index].line.text for index in sorted(between))]),
        sign_off="\n".join(rows[index].line.text for index in sign_off if rows[index].line.text),
        source_url=find_issue_url([*rows[:top], *rows[closing:]]) or head.source_url,
        warnings=tuple(
            _warn(
                rows, front, articles, [rows[index].line.number for index in sorted(between)], len(outlines)
            )
        ),
        parts=(*head.parts, *_parts(rows, spans)),
    )


def _read_days(front: Front, rows: Sequence[Row], outline: Outline, year: int | None) -> None:
    """Takes dates, and a title that stands in each of them, from sections that are days."""
    if not outline.days:
        return
    heads = [rows[index] for index in outline.sections]
    days = days_in(heads, year)
    if days and front.dates is None:
        front.dates = DateRange(min(days), max(days), 0, 0)
    if not front.title and outline.sections[0] == 0:
        begin, end = digest_name(rows[0])
        front.title = rows[0].line.text[begin:end].strip()


def _cleaned(lines: Sequence[Line]) -> Iterator[Line]:
    """Yields the lines that are not empty, without invisible characters and outer white space."""
    for line in lines:
        text = tidy(line.text)
        if text or line.html:
            yield line if text == line.text else replace(line, text=text)


def _find_outlines(rows: Sequence[Row], contents: frozenset[int], end: int) -> list[Outline]:
    date_row = find_date_row(rows, min(len(rows), _FRONT_ROWS))
    usable = [
        index < end
        and index != date_row
        and index not in contents
        and bool(row.line.text)
        and not is_preface(row)
        and not begins_text(row)
        for index, row in enumerate(rows)
    ]
    first_unnumbered = 1 if date_row is None else max(1, date_row + 1)
    stretch = make_stretch(rows, usable, first_unnumbered)
    return [repair(stretch, outline) for outline in choose_outlines(stretch)]


def _read_articles(
    rows: Sequence[Row],
    outline: Outline,
    closing: int,
    contents: frozenset[int],
    spans: dict[int, list[Span]],
) -> Iterator[ParsedArticle]:
    """Yields each article, and enters the kinds of its rows into `spans`."""
    starts = sorted([head.row for head in outline.heads] + list(outline.sections) + [closing])
    following = dict(pairwise(starts))
    names = _read_sections(rows, outline, following, spans)
    for index in contents:
        spans[index] = [_whole(rows[index], "contents")]
    bodies = [
        [index for index in range(head.body_row, following[head.row]) if index not in contents]
        for head in outline.heads
    ]
    ends = [body[-1] if body else head.row for head, body in zip(outline.heads, bodies, strict=True)]
    credits = find_credits(
        [
            rows[end].line.text if end != head.row or head.tail else ""
            for end, head in zip(ends, outline.heads, strict=True)
        ]
    )
    for head, body, end, (credit, creditor) in zip(outline.heads, bodies, ends, credits, strict=True):
        spans.update(_head_spans(rows, head))
        sources = _source_rows(rows, body)
        for index in body:
            spans[index] = [_whole(rows[index], "source" if index in sources else "body")]
        title, address, own_source = read_title(rows, head)
        name = " ".join(found for found, _ in sources.values() if found)
        cut = {end: before(rows[end].line, credit)} if credit else {}
        lines = [cut.get(index, rows[index].line) for index in body if index not in sources]
        if head.tail:
            lines.insert(0, after_lead(cut.get(head.row, rows[head.row].line), head.tail))
        if credit:
            whole = len(rows[end].line.text)
            spans[end] = [*_before(spans[end], credit), Span("source", credit, whole)]
        section = _section_above(rows, outline, head)
        yield ParsedArticle(
            title=title,
            lines=tuple(lines),
            line=rows[head.row].line.number,
            number=head.number,
            section=head.label or names.get(section, ""),
            source=name or creditor or own_source,
            source_url=next((found for _, found in sources.values() if found), address),
        )


def _before(spans: Sequence[Span], end: int) -> Iterator[Span]:
    for span in spans:
        if span.begin < end:
            yield Span(span.kind, span.begin, min(span.end, end))


def _section_above(rows: Sequence[Row], outline: Outline, head: Head) -> int:
    """Returns the row of the section that the article stands in, -1 for none: its own level can end it."""
    above = bisect_left(outline.sections, head.row)
    if not above:
        return -1
    section = outline.sections[above - 1]
    own, its = rows[head.row].level, rows[section].level
    ends = 0 < own <= its or (head.row in outline.leaves and not own)
    return -1 if ends else section


def _read_sections(
    rows: Sequence[Row], outline: Outline, following: Mapping[int, int], spans: dict[int, list[Span]]
) -> dict[int, str]:
    """Returns the name of each section, and enters its head, and a sentence below it, into `spans`."""
    names = {}
    for index in outline.sections:
        names[index] = day_name(rows[index]) if outline.days else section_name(rows[index])
        spans[index] = [_whole(rows[index], "section")]
        for below in range(index + 1, following[index]):
            spans[below] = [_whole(rows[below], "introduction")]
    return names


def _head_spans(rows: Sequence[Row], head: Head) -> dict[int, list[Span]]:
    text = rows[head.row].line.text
    tail = head.tail or len(text)
    spans = [
        Span("section" if head.label else "number", 0, head.cut),
        Span("heading", head.cut, tail),
        Span("body", tail, len(text)),
    ]
    found = {head.row: [span for span in spans if text[span.begin : span.end].strip()]}
    for index in range(head.row + 1, head.body_row):
        found[index] = [_whole(rows[index], "heading")]
    return found


def _source_rows(rows: Sequence[Row], body: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Returns the rows that name the source: at the end of the body, or directly under the heading."""
    found = {}
    for index in reversed(body):
        source = read_source(rows[index])
        if source is None:
            break
        found[index] = source
    if not found and body and (source := read_source(rows[body[0]])):
        found[body[0]] = source
    return dict(sorted(found.items()))


def _columnist(sign_off: Sequence[Row]) -> str:
    for row in sign_off:
        if byline := BYLINE.match(row.core):
            return row.line.text[row.start + byline.start("name") : row.start + byline.end("name")].strip()
        if name := biography_name(row):
            return name
    return ""


def _whole(row: Row, kind: PartKind) -> Span:
    return Span(kind, 0, len(row.line.text))


def _parts(rows: Sequence[Row], spans: dict[int, list[Span]]) -> Iterator[Part]:
    for index, row in enumerate(rows):
        for span in spans[index]:
            text = row.line.text[span.begin : span.end].strip()
            if text:
                yield Part(span.kind, row.line.number, text)


def _warn(
    rows: Sequence[Row],
    front: Front,
    articles: Sequence[ParsedArticle],
    between: Sequence[int],
    readings: int,
) -> Iterator[ParseWarning]:
    dates_line = rows[front.dates_row].line.number if front.dates_row is not None else None
    yield from findings.about_title(front.title)
    yield from findings.about_page_header(
        [(rows[index].line.number, rows[index].line.text) for index in front.page_header]
    )
    yield from findings.about_dates(front.dates, dates_line)
    others = [(rows[index].line.number, other) for index, other in front.other_dates]
    yield from findings.about_other_dates(front.dates, others)
    about_articles = [
        *findings.about_articles(articles),
        *findings.about_numbers(articles),
        *findings.about_dates_in_headings(front.dates, articles),
        *findings.about_figures(articles),
    ]
    yield from findings.about_sections(between)
    yield from findings.about_readings(readings)
    yield from sorted(about_articles, key=lambda warning: warning.line or 0)
