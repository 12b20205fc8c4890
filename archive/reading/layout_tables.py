"""Tells tables that only put a page together from tables of data, and opens the former into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.body import shown
from archive.richtext import Node

_MANY_PARAGRAPHS = 4
_LONG = 40
_LONGEST_TITLE = 60
_LONGEST_SECTION = 8
_NUMBER = re.compile(r"[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）.．、]?")
_BARE = re.compile(r"[\d一二三四五六七八九十]+")
_ENDS_OPENLY = tuple("。；！？…”.;")
_ROLES = {
    "number": r"序\s?号|编\s?号|号|no\.?|#",
    "title": r"(?:新闻|文章|资讯)?(?:标\s?题|题\s?目|主题|名称)|新闻|title",
    "text": r"(?:新闻|文章|正文|主要)?(?:内\s?容|正文|摘要|要点|概要|详情|简介|全文)|content",
    "source": r"(?:信息|新闻|文章)?(?:来源|出处|媒体)|source",
    "address": r"链接|网址|地址|原文|原文链接|url|link",
    "date": r"日\s?期|时\s?间|发布(?:日期|时间)|date",
    "section": r"栏\s?目|分\s?类|类\s?别|板块|版块|领域|分栏|category",
}
_ROLE_OF = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _ROLES.items())
_BEFORE = {"source": "来源：", "address": "链接：", "date": "日期："}


@dataclass(frozen=True, slots=True)
class _Columns:
    roles: tuple[str, ...]
    has_header: bool


def is_in_tables(page: Node) -> bool:
    """Whether half of a page or more stands in tables: then they may hold its articles, a row each."""
    held, waiting = 0, [page]
    while waiting:
        node = waiting.pop()
        if node.tag == "table":
            held += len(shown(node))
        else:
            waiting += [child for child in node.children if isinstance(child, Node)]
    return held > 0 and 2 * held >= len(shown(page))


def opened(table: Node, *, may_be_week: bool) -> Node | None:
    """Returns what a table holds as paragraphs; None when it is a table of data.

    A table lays out when it holds other tables or headings, has one cell or one column, or a cell of many paragraphs;
    when it is the form of an article; and when it may hold a week and reads as prose: rows as pasted from Excel.
    """
    rows = _rows(table)
    cells = [cell for row in rows for cell in row]
    widest = max((len(row) for row in rows), default=0)
    is_week = may_be_week and _is_prose_in_rows(rows)
    is_regular = sum(map(_size, cells)) + sum(map(_size, _captions(table))) == _size(table)
    if not is_regular or (widest > 1 and not is_week and any(table.find("table"))):
        return Node("", {}, table.children)  # piece after piece, whatever it is
    is_layout = (
        widest <= 1
        or any(table.find("table", "h1", "h2", "h3"))
        or any(_count_paragraphs(cell) > _MANY_PARAGRAPHS for cell in cells)
        or is_week
        or bool(_form(rows))
    )
    return Node("", {}, [*_captions(table), *_opened(rows)]) if is_layout else None


def _captions(table: Node) -> list[Node]:
    return [
        Node("p", {}, one.children)
        for one in table.children
        if isinstance(one, Node) and one.tag == "caption"
    ]


def _rows(table: Node) -> list[list[Node]]:
    """The cells of each row, those of inner tables aside."""
    rows: list[list[Node]] = []
    for part in table.children:
        if not isinstance(part, Node):
            continue
        inner = (
            [part] if part.tag == "tr" else part.children if part.tag in ("thead", "tbody", "tfoot") else []
        )
        for row in inner:
            if isinstance(row, Node) and row.tag == "tr":
                cells = (cell for cell in row.children if isinstance(cell, Node))
                rows.append([cell for cell in cells if cell.tag in ("td", "th")])
    return rows


def _count_paragraphs(cell: Node) -> int:
    return sum(1 for _ in cell.find("p"))


def _size(node: Node) -> int:
    return len("".join(shown(node).split()))


def _is_prose_in_rows(rows: Sequence[Sequence[Node]]) -> bool:
    texts = [[shown(cell) for cell in row] for row in rows]
    filled = [row for row in texts if sum(map(bool, row)) > 1]
    prose = sum(any(_is_prose(text) for text in row) for row in filled)
    is_enough = len(filled) > 1 or any("\n" in text for row in filled for text in row)
    return bool(filled) and is_enough and 2 * prose >= len(filled)


def _is_prose(text: str) -> bool:
    lines = [line for line in text.split("\n") if line]
    return len(lines) > 1 or len(text) >= _LONG or (len(text) > 8 and text.endswith(("。", "！", "？")))


# --- The rows of a week ------------------------------------------------------------------------------------


def _opened(rows: Sequence[Sequence[Node]]) -> list[Node]:
    if roles := _form(rows):
        return _article(roles, [row[1] for row in rows])
    columns = _columns(rows)
    paragraphs: list[Node] = []
    section = ""
    for row in rows[1:] if columns.has_header else rows:
        roles = columns.roles
        if len(row) != len(roles):  # merged cells: below a section, or a line across the table
            is_under = len(row) > 1 and len(roles) - len(row) == 1 and roles[0] == "section"
            roles = roles[1:] if is_under else ("",) * len(row)
        named = next((shown(cell) for role, cell in zip(roles, row, strict=True) if role == "section"), "")
        if named and named != section:
            section = named
            paragraphs.append(Node("h1", {}, [section]))
        paragraphs += _article(roles, row)
    return paragraphs


def _form(rows: Sequence[Sequence[Node]]) -> tuple[str, ...]:
    """The roles of the rows of a form, `标题 | …`, `内容 | …`; empty when the table is none."""
    if not all(len(row) == 2 for row in rows):
        return ()
    roles = tuple(_role(shown(row[0])) for row in rows)
    return roles if all(roles) and "title" in roles and "text" in roles else ()


def _article(roles: Sequence[str], cells: Sequence[Node]) -> list[Node]:
    """The paragraphs of one row: its title first, with the number that stands in a cell of its own."""
    number = " ".join(
        shown(cell) for role, cell in zip(roles, cells, strict=True) if role == "number"
    ).strip()
    title: list[Node] = []
    rest: list[Node] = []
    for role, cell in zip(roles, cells, strict=True):
        text = shown(cell)
        if role in ("number", "section") or not (text or any(cell.find("img", "table"))):
            continue
        if role in _BEFORE:
            rest.append(Node("p", {}, [f"{_BEFORE[role]}{(role == 'address' and _address(cell)) or text}"]))
        elif role == "title":
            tag = "p" if number else "h2"
            title += [Node(tag, {}, one.children) if one.tag == "p" else one for one in _paragraphs(cell)]
        else:
            rest += _paragraphs(cell)
    paragraphs = [*title, *rest]
    return _numbered(paragraphs, number) if paragraphs or not number else [Node("p", {}, [number])]


def _columns(rows: Sequence[Sequence[Node]]) -> _Columns:
    width = max((len(row) for row in rows), default=0)
    full = [[shown(cell) for cell in row] for row in rows if len(row) == width]
    if width < 2:
        return _Columns(("",) * width, has_header=False)
    named = tuple(_role(text) for text in full[0])
    if len(rows[0]) == width and sum(map(bool, named)) >= 2 and {"title", "text"} & {*named}:
        return _Columns(named, has_header=True)
    roles = [""] * width
    columns = [[row[at] for row in full if row[at]] for at in range(width)]
    numbers = [at for at in range(width - 1) if columns[at] and all(map(_NUMBER.fullmatch, columns[at]))]
    if numbers:
        roles[numbers[0]] = "number"
    others = [at for at in range(width) if at not in numbers]
    if others[0] == 0 and len(others) > 1 and _are_sections(columns[0], rows, width):
        roles[0] = "section"
        others = others[1:]
    if len(others) > 1 and all(_is_title(text) for text in columns[others[0]]):
        roles[others[0]] = "title"
    return _Columns(tuple(roles), has_header=False)


def _are_sections(names: Sequence[str], rows: Sequence[Sequence[Node]], width: int) -> bool:
    """Whether the first column names sections: short names that stand beside several rows, repeated or merged."""
    is_repeated = len({*names}) < len(names) or any(len(row) == width - 1 for row in rows)
    return is_repeated and len({*names}) > 1 and all(len(name) <= _LONGEST_SECTION for name in names)


def _role(text: str) -> str:
    return next((role for role, pattern in _ROLE_OF if pattern.fullmatch(text.strip())), "")


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and "\n" not in text and not text.endswith(_ENDS_OPENLY)


def _address(cell: Node) -> str:
    return next((link.attrs.get("href", "") for link in cell.find("a") if link.attrs.get("href")), "")


def _paragraphs(cell: Node) -> list[Node]:
    """What a cell holds; text that stands in no paragraph, as Excel has it, becomes one."""
    if any(cell.find("p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "table")):
        return [one if isinstance(one, Node) else Node("p", {}, [one]) for one in cell.children]
    return [Node("p", {}, cell.children)]


def _numbered(paragraphs: list[Node], number: str) -> list[Node]:
    """The paragraphs, the first with the number that stood in a cell of its own."""
    if number:
        label = f"{number}{'. ' if _BARE.fullmatch(number) else ' '}"
        first = next((one for one in paragraphs if shown(one)), None)
        if first is not None:
            first.children.insert(0, label)
    return paragraphs
