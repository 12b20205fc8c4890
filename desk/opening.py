"""A paste or a file → what the desk begins with: the week as the parser understood it, and its source by lines.

Needs no database and no settings: `archive.limited` does it in a process of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive.body import allowed, blocks_in, pieces_of
from archive.parsing import Line, ParsedArticle, ParsedIssue, ParseWarning, parse_issue, read_lines
from archive.reading import Reading, read_document, read_html
from archive.refusal import ImportRefused
from archive.richtext import Node
from archive.week import is_web_address
from desk.pieces import with_paragraphs
from desk.state import Card, Paragraph, State

MAX_CHARACTERS = 500_000
"""Of one week, markup and images left out. Usual are twenty or thirty thousand."""
MAX_LINES = 2_000
"""Each becomes a piece of the page. Usual are a hundred or two."""
_KINDS = {
    "title": "刊名",
    "dates": "日期",
    "columnist": "作者",
    "contents": "目录",
    "introduction": "导语",
    "section": "栏目",
    "number": "标题",
    "heading": "标题",
    "body": "",
    "source": "来源",
    "sign_off": "尾注",
}
_ABOUT_FIGURES = {"figure-remote", "figure-unsupported"}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the source and what it was taken for, in Chinese (empty for text)."""

    number: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A week in pieces, its source, what the parser doubted, and its images."""

    state: State
    lines: tuple[SourceLine, ...]
    warnings: tuple[ParseWarning, ...]
    images: Mapping[str, bytes] = field(default_factory=dict)
    """The files of the images that the pieces show, by the names that they have there (`figure:0`)."""


def open_paste(text: str, html: str) -> Opened:
    """Reads a paste: the rich text when there is some, else the plain."""
    _check_length(text)
    reading = read_html(html) if html.strip() else Reading(read_lines(text))
    return _lay_out(_checked(reading, "粘贴的内容里没有文字。请在 Word 或微信里全选、复制，再到这里粘贴。"))


def open_upload(name: str, data: bytes) -> Opened:
    """Reads a file by the end of its name."""
    return _lay_out(_checked(read_document(name, data), "这个文件里没有文字。请打开看看是不是选错了文件。"))


def _checked(reading: Reading, when_empty: str) -> Reading:
    if not any(line.text for line in reading.lines):
        raise ImportRefused(when_empty)
    _check_length("".join(line.text for line in reading.lines))
    check_lines(len(reading.lines))
    return reading


def check_lines(count: int) -> None:
    """Refuses more lines than a week may have."""
    if count > MAX_LINES:
        raise ImportRefused(
            f"这里有 {count} 段，一期最多 {MAX_LINES} 段。请只留下这一期的内容，或分成几期再导入。"
        )


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise ImportRefused(
            f"这里有 {len(text) / 10_000:.0f} 万字，一期最多 {MAX_CHARACTERS // 10_000} 万字。"
            "请只留下这一期的内容，或分成几期再导入。"
        )


def _lay_out(reading: Reading) -> Opened:
    """Parses the week and lays it out in pieces."""
    parsed = parse_issue(reading.lines)
    by_number = {line.number: line for line in reading.lines}
    keys = itertools.count(1)
    introduction = _paragraphs(_lines_of("introduction", parsed, by_number), keys)
    cards = tuple(_card(article, parsed, keys) for article in parsed.articles)
    sign_off = _paragraphs(_lines_of("sign_off", parsed, by_number), keys)
    state = State(
        title=parsed.title,
        start_date=parsed.start_date,
        end_date=parsed.end_date,
        columnist=parsed.columnist,
        source_url=parsed.source_url if is_web_address(parsed.source_url) else "",
        introduction=introduction,
        cards=cards,
        sign_off=sign_off,
        next_key=next(keys),
    )
    for warning in reading.warnings:
        if warning.code in _ABOUT_FIGURES:
            state = _with_missing(state, warning)
    others = [warning for warning in reading.warnings if warning.code not in _ABOUT_FIGURES]
    lines = tuple(_source(reading.lines, parsed))
    return Opened(state, lines, (*parsed.warnings, *others), reading.images)


def with_addresses(state: State, addresses: Mapping[str, str]) -> State:
    """The state with the address of each image in place of its name (`figure:0`)."""
    for target, paragraphs in state.texts().items():
        addressed = tuple(replace(one, html=_addressed(one.html, addresses)) for one in paragraphs)
        if addressed != paragraphs:
            state = with_paragraphs(state, target, addressed)
    return state


def _addressed(html: str, addresses: Mapping[str, str]) -> str:
    # Where it stands in text, `<` is escaped; and images are written by `to_html`, from `{"src": …, "alt": …}`.
    for name, address in addresses.items() if "<img" in html else ():
        html = html.replace(f'<img src="{name}"', f'<img src="{address}"')
    return html


def _lines_of(kind: str, parsed: ParsedIssue, by_number: Mapping[int, Line]) -> list[Line]:
    numbers = dict.fromkeys(part.line for part in parsed.parts if part.kind == kind)
    return [by_number[number] for number in numbers]


def _card(article: ParsedArticle, parsed: ParsedIssue, keys: Iterator[int]) -> Card:
    marker = next(
        (part.text for part in parsed.parts if part.kind == "number" and part.line == article.line), ""
    )
    return Card(
        key=next(keys),
        title=article.title,
        paragraphs=_paragraphs(article.lines, keys),
        marker=marker,
        line=article.line,
        source=article.source,
        source_url=article.source_url if is_web_address(article.source_url) else "",
    )


def _paragraphs(lines: Sequence[Line], keys: Iterator[int]) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(next(keys), str(block.html), piece.line)
        for piece in pieces_of(lines)
        for block in blocks_in(allowed(Node("", {}, [piece.node])))
    )


def _with_missing(state: State, warning: ParseWarning) -> State:
    """The state with the place of a figure that did not come along, behind the last piece above its line."""
    line = warning.line or 1
    # `这张图在别的网站上（…），没有导入。`: the rest says what to do elsewhere; here there is a button.
    missing = Paragraph(state.next_key, missing=f"{warning.message.partition('。')[0]}。")
    state = replace(state, next_key=state.next_key + 1)
    above = [str(card.key) for card in state.cards if card.line is not None and card.line < line]
    target = above[-1] if above else "introduction"
    if state.sign_off and (state.sign_off[0].line or line) < line:
        target = "sign_off"
    paragraphs = state.texts()[target]
    place = sum(
        1 for paragraph in paragraphs if (paragraph.line or 0) < line
    )  # earlier missing ones have no line
    return with_paragraphs(state, target, (*paragraphs[:place], missing, *paragraphs[place:]))


def _source(lines: Iterable[Line], parsed: ParsedIssue) -> Iterator[SourceLine]:
    kinds = {part.line: _KINDS[part.kind] for part in reversed(parsed.parts)}
    for line in lines:
        shown = line.text or ("［图］" if "<figure" in (line.html or "") else "")
        yield SourceLine(line.number, shown, kinds.get(line.number, ""))
