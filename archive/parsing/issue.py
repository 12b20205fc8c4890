"""Parses a week: calls the steps, a module each, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from archive.parsing import findings
from archive.parsing.choice import choose_outline
from archive.parsing.contents import confirmed_contents, contents_before, find_contents
from archive.parsing.document import Line, ParsedArticle, ParsedIssue, ParseWarning, Part, PartKind
from archive.parsing.front import BYLINE, Front, Span, find_date_row, read_front
from archive.parsing.outline import Head, Outline
from archive.parsing.repair import repair
from archive.parsing.rows import Row, prepare_rows
from archive.parsing.sign_off import biography_name, find_certain_sign_off, find_sign_off
from archive.parsing.sources import find_issue_url, read_source
from archive.parsing.styles import LABEL, make_stretch
from archive.parsing.text import read_lines, tidy

_FRONT_ROWS = 12
"""How many rows are searched for the digest's dates."""


def parse_issue(source: str | Sequence[Line], *, year: int | None = None) -> ParsedIssue:
    """Parses a pasted week. Never raises: what it does not find is empty, with a warning.

    `source` is the text as pasted, or lines of rich text with what the source said of them. `year` is used when
    the dates have none and no year stands above the articles.

    >>> issue = parse_issue("芯片周报\\n2025.3.17-3.21\\n1. 台积电扩产\\n新厂动工。\\n2. 三星换帅\\n新帅上任。")
    >>> issue.title, issue.end_date.isoformat(), [article.title for article in issue.articles]
    ('芯片周报', '2025-03-21', ['台积电扩产', '三星换帅'])
    """
    lines = read_lines(source) if isinstance(source, str) else tuple(_cleaned(source))
    rows = prepare_rows(lines)
    contents = find_contents(rows)
    outline = _find_outline(rows, contents)
    confirmed = confirmed_contents(rows, contents, outline)
    if confirmed != contents:
        contents = confirmed
        outline = _find_outline(rows, contents)
    first = min((outline.heads[0].row, *outline.sections)) if outline.heads else None
    floor = outline.heads[-1].body_row if outline.heads else min(1, len(rows))
    closing = find_sign_off(rows, floor, contents)
    top = closing if first is None else first
    contents |= contents_before(rows, outline, 1)
    front = read_front(rows, top, contents, year)
    spans = dict(front.spans)
    articles = tuple(_read_articles(rows, outline, closing, contents, spans))
    sign_off = [index for index in range(closing, len(rows)) if index not in contents]
    spans.update({index: [_whole(rows[index], "sign_off")] for index in sign_off})
    return ParsedIssue(
        title=front.title,
        start_date=front.dates.start if front.dates else None,
        end_date=front.dates.end if front.dates else None,
        articles=articles,
        columnist=front.columnist or _columnist([rows[index] for index in sign_off]),
        introduction="\n".join(front.introduction),
        sign_off="\n".join(rows[index].line.text for index in sign_off if rows[index].line.text),
        source_url=find_issue_url([*rows[:top], *rows[closing:]]),
        warnings=tuple(_warn(rows, front, articles)),
        parts=tuple(_parts(rows, spans)),
    )


def _cleaned(lines: Sequence[Line]) -> Iterator[Line]:
    """Yields the lines that are not empty, without invisible characters and outer white space."""
    for line in lines:
        text = tidy(line.text)
        if text or line.html:
            yield line if text == line.text else replace(line, text=text)


def _find_outline(rows: Sequence[Row], contents: frozenset[int]) -> Outline:
    date_row = find_date_row(rows, min(len(rows), _FRONT_ROWS))
    end = find_certain_sign_off(rows)
    usable = [
        index < end and index != date_row and index not in contents and bool(row.line.text)
        for index, row in enumerate(rows)
    ]
    first_unnumbered = 1 if date_row is None else max(1, date_row + 1)
    stretch = make_stretch(rows, usable, first_unnumbered)
    return repair(stretch, choose_outline(stretch))


def _read_articles(
    rows: Sequence[Row],
    outline: Outline,
    closing: int,
    contents: frozenset[int],
    spans: dict[int, list[Span]],
) -> Iterator[ParsedArticle]:
    """Yields each article, and enters the kinds of its rows into `spans`."""
    starts = sorted([head.row for head in outline.heads] + list(outline.sections) + [closing])
    section = ""
    sections = set(outline.sections)
    following = dict(pairwise(starts))
    for index in sections:
        spans[index] = [_whole(rows[index], "section")]
    for index in contents:
        spans[index] = [_whole(rows[index], "contents")]
    for head in outline.heads:
        above = head.row - 1
        if above in sections:
            section = _section_name(rows[above])
        spans.update(_head_spans(rows, head))
        body = [index for index in range(head.body_row, following[head.row]) if index not in contents]
        sources = _source_rows(rows, body)
        for index in body:
            spans[index] = [_whole(rows[index], "source" if index in sources else "body")]
        name = " ".join(found for found, _ in sources.values() if found)
        address = next((found for _, found in sources.values() if found), "")
        yield ParsedArticle(
            title=_title(rows, head),
            lines=tuple(rows[index].line for index in body if index not in sources),
            line=rows[head.row].line.number,
            number=head.number,
            section=head.label or section,
            source=name,
            source_url=address,
        )


def _title(rows: Sequence[Row], head: Head) -> str:
    """Returns the heading without number, label, Markdown marks and enclosing brackets."""
    first = rows[head.row].words(max(head.cut, rows[head.row].start))
    more = [rows[index].words(rows[index].start) for index in range(head.row + 1, head.body_row)]
    title = first
    for words in more:
        needs_space = (
            title[-1:].isascii() and title[-1:].isalnum() and words[:1].isascii() and words[:1].isalnum()
        )
        title += f" {words}" if needs_space else words
    enclosed = LABEL.fullmatch(title)
    return enclosed["label"].strip() if enclosed else title


def _head_spans(rows: Sequence[Row], head: Head) -> dict[int, list[Span]]:
    text = rows[head.row].line.text
    spans = [Span("section" if head.label else "number", 0, head.cut), Span("heading", head.cut, len(text))]
    found = {head.row: [span for span in spans if text[span.begin : span.end].strip()]}
    for index in range(head.row + 1, head.body_row):
        found[index] = [_whole(rows[index], "heading")]
    return found


def _section_name(row: Row) -> str:
    name = row.words(row.rest_start)
    label = LABEL.fullmatch(name)
    return label["label"] if label else name


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


def _warn(rows: Sequence[Row], front: Front, articles: Sequence[ParsedArticle]) -> Iterator[ParseWarning]:
    dates_line = rows[front.dates_row].line.number if front.dates_row is not None else None
    yield from findings.about_title(front.title)
    yield from findings.about_dates(front.dates, dates_line)
    others = [(rows[index].line.number, other) for index, other in front.other_dates]
    yield from findings.about_other_dates(front.dates, others)
    about_articles = [
        *findings.about_articles(articles),
        *findings.about_numbers(articles),
        *findings.about_dates_in_headings(front.dates, articles),
        *findings.about_figures(articles),
    ]
    yield from sorted(about_articles, key=lambda warning: warning.line or 0)
