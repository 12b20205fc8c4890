"""A paste or a file → what the desk begins with: the week as the parser understood it, and its source by lines.

Needs no database and no settings: `archive.limited` does it in a process of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from archive.body import allowed, blocks_in, from_text, pieces_of
from archive.images import PreparedImage, check_together, prepare_image
from archive.parsing import (
    Line,
    ParsedArticle,
    ParsedIssue,
    ParseWarning,
    Reading,
    parse_issue,
    read_lines,
    split_weeks,
)
from archive.reading import read_document, read_weeks
from archive.reading.html import read_html
from archive.reading.kinds import kind_of
from archive.reading.page_frame import is_page
from archive.refusal import ImportRefused
from archive.richtext import Node, parse
from archive.week import ABOUT_FIGURES, Week, is_web_address, reason_of
from desk.pieces import with_paragraphs
from desk.state import Card, Paragraph, State

MAX_CHARACTERS = 500_000
"""Of one week, markup and images left out. Usual are twenty or thirty thousand."""
MAX_LINES = 2_000
"""Each becomes a piece of the page. Usual are a hundred or two."""
_KINDS = {
    "metadata": "文件信息",
    "title": "刊名",
    "dates": "日期",
    "columnist": "栏目作者",
    "contents": "目录",
    "page_header": "页头",
    "introduction": "导语",
    "section": "分栏",
    "number": "标题",
    "heading": "标题",
    "body": "",
    "source": "来源",
    "sign_off": "尾注",
}
_LONGEST_SECTION = 50


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
    images: Mapping[str, PreparedImage] = field(default_factory=dict)
    """The images that the pieces show, by the names that they have there (`figure:0`)."""


def open_paste(text: str, html: str) -> Opened:
    """Reads a paste: the rich text when there is some, else the plain."""
    _check_length(text)
    page = html if html.strip() else text if is_page(text[:1000].encode()) else ""
    reading = read_html(page) if page else Reading(read_lines(text))
    return _lay_out(_checked(reading, "粘贴的内容里没有文字。请在 Word 或微信里全选、复制，再到这里粘贴。"))


def open_upload(name: str, data: bytes) -> Opened:
    """Reads a file, whose kind its content or the end of its name tells."""
    if kind_of(name, data).weeks:
        weeks = read_weeks(name, data)
        _check_one_week(len(weeks))
        return _lay_out_week(weeks[0])
    return _lay_out(_checked(read_document(name, data), "这个文件里没有文字。请打开文件核对。"))


def _checked(reading: Reading, when_empty: str) -> Reading:
    if not any(line.text for line in reading.lines):
        raise ImportRefused(when_empty)
    _check_length("".join(line.text for line in reading.lines))
    check_lines(len(reading.lines))
    return reading


def _check_one_week(count: int) -> None:
    if count != 1:
        raise ImportRefused(
            f"这里面有 {count} 期，导入台一次读一期。请分开，一期一期地导入；"
            "或者存成文件，到“整批导入旧刊”里交上来，系统会按期分开。"
        )


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
    """Parses the week and lays it out in pieces, in both readings when it has two."""
    _check_one_week(len(split_weeks(reading.lines)))
    parsed = parse_issue(reading.lines, year=reading.year)
    state = _state(parsed, reading)
    if any(warning.code == "two-readings" for warning in parsed.warnings):
        state = replace(
            state, other=_state(parse_issue(reading.lines, year=reading.year, reading=1), reading)
        )
    others = [warning for warning in reading.warnings if warning.code not in ABOUT_FIGURES]
    lines = tuple(_source(reading.lines, parsed))
    return Opened(state, lines, (*parsed.warnings, *others), _prepared(reading.images))


def _state(parsed: ParsedIssue, reading: Reading) -> State:
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
        if warning.code in ABOUT_FIGURES:
            state = _with_missing(state, warning)
    return state


def _lay_out_week(week: Week) -> Opened:
    """Lays out a week that needs no parser: each article is a card."""
    keys, numbers = itertools.count(1), itertools.count(1)
    lines: list[SourceLine] = []
    images: dict[str, PreparedImage] = {}

    def paragraphs(
        html: str, kind: str = "", renamed: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Paragraph, ...]:
        found = []
        tree = parse(html)
        for image in tree.find("img"):
            image.attrs["src"] = renamed.get(image.attrs.get("src", ""), "")
        for block in blocks_in(allowed(tree)):
            lines.append(SourceLine(next(numbers), block.text or "［图片］", kind))
            found.append(Paragraph(next(keys), str(block.html), lines[-1].number))
        return tuple(found)

    def heading(text: str, kind: str) -> int:
        lines.append(SourceLine(next(numbers), text, kind))
        return lines[-1].number

    heading(week.title, "刊名")
    introduction = paragraphs(from_text(week.introduction.splitlines()), "导语")
    cards = []
    for article in week.articles:
        renamed = {name: f"figure:{len(images) + place}" for place, name in enumerate(article.images)}
        for name, image in article.images.items():
            images[renamed[name]] = image if isinstance(image, PreparedImage) else prepare_image(image)
        cards.append(
            Card(
                key=next(keys),
                title=article.title,
                line=heading(article.title, "标题"),
                paragraphs=paragraphs(article.body_html, renamed=renamed),
                source=article.source,
                source_url=article.source_url if is_web_address(article.source_url) else "",
                section=article.section[:_LONGEST_SECTION],
            )
        )
    sign_off = paragraphs(from_text(week.sign_off.splitlines()), "尾注")
    state = State(
        title=week.title,
        start_date=week.start_date,
        end_date=week.end_date,
        columnist=week.columnist,
        source_url=week.source_url if is_web_address(week.source_url) else "",
        introduction=introduction,
        cards=tuple(cards),
        sign_off=sign_off,
        next_key=next(keys),
    )
    check_lines(len(lines))
    return Opened(state, tuple(lines), week.warnings, images)


def _prepared(images: Mapping[str, bytes]) -> dict[str, PreparedImage]:
    check_together(images.values())
    prepared = {}
    for place, (label, data) in enumerate(images.items(), start=1):
        try:
            prepared[label] = prepare_image(data)
        except ImportRefused as refused:
            refused.message = f"第 {place} 张图：{refused.message}"
            raise
    return prepared


def with_addresses(state: State, addresses: Mapping[str, str]) -> State:
    """The state with the address of each image in place of its name (`figure:0`)."""
    for target, paragraphs in state.texts().items():
        addressed = tuple(replace(one, html=_addressed(one.html, addresses)) for one in paragraphs)
        if addressed != paragraphs:
            state = with_paragraphs(state, target, addressed)
    return replace(state, other=with_addresses(state.other, addresses)) if state.other else state


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
        section=article.section[:_LONGEST_SECTION],
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
    missing = Paragraph(state.next_key, missing=reason_of(warning))  # here there is a button to supply it
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
        shown = line.text or ("［图片］" if "<figure" in (line.html or "") else "")
        yield SourceLine(line.number, shown, kinds.get(line.number, ""))
