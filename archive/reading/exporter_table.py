"""A table as exporters of WeChat articles write it (.xlsx) → a file for each week. Pure.

Where a row holds a whole digest, each row is a week. Where it holds one article, the rows of one issue are a week:
those with the same value in the column of the issue (`期号`), or else those that were published in the same week.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from archive.parsing import parse_dates, parse_issue
from archive.parsing.dates import find_days
from archive.reading.html import read_html
from archive.reading.workbook import workbook
from archive.refusal import ImportRefused

Part = tuple[str, bytes | ImportRefused]
"""The name of a file that holds a week, and its content, or why it can not be read."""

MAX_ROWS = 5_000
_LONGEST_CELL = 32_767
"""Characters: Excel cuts off what is longer."""
_HEADER_ROWS = 10
_COLUMNS = {
    "title": "标题 文章标题 题目 文章名称 title headline",
    "url": "链接 文章链接 原文链接 网址 地址 url link article_url source_url",
    "date": "发布时间 发布日期 发文时间 推送时间 日期 时间 publish_time published_at published date time 创建时间",
    "author": "作者 栏目作者 author columnist",
    "account": "公众号 公众号名称 账号 刊名 account nickname",
    "body": "文章内容 正文 内容 全文 文章正文 content body text html",
    "section": "分栏 栏目 section category",
    "source": "来源 出处 source",
    "issue": "期号 期次 期 周次 issue week",
    "start_date": "开始日期 起始日期 start_date",
    "end_date": "结束日期 截止日期 end_date",
}
_NAMES = {
    name: (field, place) for field, names in _COLUMNS.items() for place, name in enumerate(names.split())
}
_BEIJING = dt.timezone(dt.timedelta(hours=8))
_EXCEL_BEGINS = dt.date(1899, 12, 30)
_MARKUP = re.compile(r"<(?:p|div|section|span|br|h\d|article|html)\b", re.IGNORECASE)
_SHEET = re.compile(r"sheet\s?\d*|工作表\s?\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    """Its number in the sheet, as Excel shows it."""
    values: dict[str, object] = field(repr=False)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "" if value is None else str(value).strip()

    def day(self, name: str = "date") -> dt.date | None:
        """The day in a cell: a date, a text that holds one, days since 1900, or seconds since 1970 as in WeChat."""
        value = self.values.get(name)
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = self.text(name)
        if text.isascii() and text.isdecimal() and len(text) in (10, 13):
            return dt.datetime.fromtimestamp(int(text[:10]), _BEIJING).date()
        if text.isascii() and text.isdecimal() and len(text) == 5:
            return _EXCEL_BEGINS + dt.timedelta(days=int(text))
        return next((found.start for found in find_days(text)), None)

    @property
    def place(self) -> str:
        return f"第 {self.number} 行"


def weeks_of_table(data: bytes) -> list[Part]:
    """Returns a file for each week of an Excel table, or why it can not be read. Raises ImportRefused for the whole."""
    parts: list[Part] = []
    problem = None
    for name, cells in _sheets(data):
        try:
            parts += _parts(name, _rows(cells))
        except ImportRefused as refused:  # another sheet may have what this one lacks
            problem = problem or refused
    if not parts:
        raise problem or ImportRefused("表格是空的。请放入内容再导入")
    return parts


def _sheets(data: bytes) -> list[tuple[str, list[list[object]]]]:
    with workbook(data) as book:
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        for sheet in sheets:
            if sheet.total_height > MAX_ROWS:
                raise ImportRefused(
                    f"工作表“{sheet.name}”有 {sheet.total_height} 行，最多 {MAX_ROWS} 行。请分成几个文件"
                )
        return [(sheet.name, [[*row] for row in sheet.to_python(skip_empty_area=False)]) for sheet in sheets]


def _rows(cells: list[list[object]]) -> list[_Row]:
    """Returns the rows below the row of headings. Raises ImportRefused when there is none."""
    for number, row in enumerate(cells[:_HEADER_ROWS]):
        columns = _columns(row)
        if "title" in columns:
            if "body" not in columns:
                raise ImportRefused(
                    f"表格里没有正文这一列（{'、'.join(map(str, row))[:80]}）。请在导出时勾选“文章内容”，"
                    "或改为导出 HTML、Word",
                    line=number + 1,
                )
            return [
                _Row(place, {name: below[at] for name, at in columns.items() if at < len(below)})
                for place, below in enumerate(cells[number + 1 :], start=number + 2)
                if any(str(cell).strip() for cell in below)
            ]
    raise ImportRefused(
        "表格的前几行里没有列名“标题”和“正文”。请在第一行写上列名：标题、正文、发布时间、链接"
    )


def _columns(row: Sequence[object]) -> dict[str, int]:
    """Which column holds what; of two that could, the one that is named more exactly."""
    found: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(row):
        name, place = _NAMES.get(str(cell).strip().lower(), ("", 0))
        if name and (name not in found or place < found[name][0]):
            found[name] = place, at
    return {name: at for name, (_, at) in found.items()}


def _parts(sheet: str, rows: list[_Row]) -> list[Part]:
    good = [row for row in rows if not _problem(row)]
    bad: list[Part] = [(f"{row.place}", ImportRefused(_problem(row))) for row in rows if _problem(row)]
    if any(row.text("issue") or row.text("start_date") for row in good):
        return [*_issues(good, _by_issue(good), sheet), *bad]
    pages = [(row, _page(row)) for row in good]
    if 2 * sum(_holds_digest(page) for _, page in pages) >= len(pages):
        return [*((f"{row.place}.html", page) for row, page in pages), *bad]
    return [*_issues(good, _by_week(good), sheet), *bad]


def _problem(row: _Row) -> str:
    """What is wrong with a row, and what to do; empty when it can be read."""
    name = f"“{row.text('title')[:30]}”"
    if not row.text("title"):
        return "这一行没有标题。请补上，或删除这一行"
    if not row.text("body"):
        return f"{name}没有正文。请重新导出这一篇，或打开它，全选复制，粘贴到“导入一期”里"
    if len(row.text("body")) >= _LONGEST_CELL:
        return f"{name}的正文到 {_LONGEST_CELL} 个字被 Excel 截断了。请把这一篇导出为 HTML 或 Word"
    return ""


def _page(row: _Row) -> bytes:
    """The row as a page: what its columns say as front matter, then its title and its text."""
    day = row.day()
    said = {"date": day.isoformat() if day else "", "author": row.text("author"), "url": row.text("url")}
    front = ["---", *(f"{name}: {value}" for name, value in said.items() if value), "---"]
    head = "".join(f"<p>{escape(line)}</p>" for line in front) if len(front) > 2 else ""
    title = f"<h1>{escape(row.text('title'))}</h1>"
    return f'<!DOCTYPE html><meta charset="utf-8">{head}{title}<div>{_html(row.text("body"))}</div>'.encode()


def _html(body: str) -> str:
    if _MARKUP.search(body):
        return body
    return "".join(f"<p>{escape(line)}</p>" for line in body.splitlines())


def _holds_digest(page: bytes) -> bool:
    return len(parse_issue(read_html(page.decode()).lines).articles) > 1


# --- A row is an article -------------------------------------------------------------------------------

_Key = tuple[str, dt.date | None, dt.date | None]
"""Title and dates of an issue."""


def _by_issue(rows: Iterable[_Row]) -> dict[_Key, list[_Row]]:
    groups: dict[_Key, list[_Row]] = {}
    for row in rows:
        dates = parse_dates(row.text("issue"))
        start = row.day("start_date") or (dates.start if dates else None)
        end = row.day("end_date") or (dates.end if dates else start)
        groups.setdefault((row.text("issue"), start, end), []).append(row)
    return groups


def _by_week(rows: Iterable[_Row]) -> dict[_Key, list[_Row]]:
    groups: dict[_Key, list[_Row]] = {}
    for row in rows:
        day = row.day()
        monday = day - dt.timedelta(days=day.weekday()) if day else None
        sunday = monday + dt.timedelta(days=6) if monday else None
        groups.setdefault(("", monday, sunday), []).append(row)
    return dict(sorted(groups.items(), key=lambda group: group[0][1] or dt.date.max))


def _issues(rows: list[_Row], groups: dict[_Key, list[_Row]], sheet: str) -> list[Part]:
    parts: list[Part] = []
    for (issue, start, end), members in groups.items():
        title = members[0].text("account") or issue or ("" if _SHEET.fullmatch(sheet.strip()) else sheet)
        week = {
            "title": title,
            "start_date": start.isoformat() if start else None,
            "end_date": end.isoformat() if end else None,
            "articles": [_article(row) for row in members],
        }
        name = f"{issue or (end.isoformat() if end else members[0].place)}.json"
        parts.append((name.replace("/", "-"), json.dumps(week, ensure_ascii=False).encode()))
    return parts


def _article(row: _Row) -> dict[str, str]:
    body = row.text("body")
    texts = {"title": row.text("title"), "section": row.text("section"), "source": row.text("source")}
    address = row.text("url")
    texts |= {"source_url": address} if address.startswith(("http://", "https://")) else {}
    return {**texts, "html": _html(body), "body": ""} if _MARKUP.search(body) else {**texts, "body": body}
