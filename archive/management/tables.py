"""Tables for a terminal, in columns that stay straight when half of the characters are Chinese. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from archive.week import Week


def width(text: str) -> int:
    """How many columns a terminal gives to `text`.

    >>> width("HBM4量产")
    8
    """
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def cut(text: str, columns: int) -> str:
    """The text in at most `columns` columns, `…` where it was cut.

    >>> cut("先进封装产能", 7)
    '先进封…'
    """
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return text + "…"


def table(rows: Sequence[Sequence[str]]) -> str:
    """The rows in straight columns; the first row is the head."""
    columns = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(pad(cell, size) for cell, size in zip(row, columns, strict=True)).rstrip() for row in rows
    ]
    lines.insert(1, "  ".join("-" * size for size in columns))
    return "\n".join(lines)


def overview(found: Sequence[tuple[str, Week]]) -> str:
    """A line for each week: file, title, dates, number of articles, columnist, number of warnings."""
    head = ["文件", "刊名", "起止日期", "文章", "栏目作者", "提醒"]
    rows = [
        [
            path,
            cut(week.title, 40) or "？",
            _dates(week),
            str(len(week.articles)),
            cut(week.columnist, 20),
            str(len(week.warnings)),
        ]
        for path, week in found
    ]
    return table([head, *rows])


def describe_week(path: str, week: Week, refusal: str) -> str:
    """The articles of a week with their length, the warnings with their place, and why it would be refused."""
    parts = [f"{path}: {week.title or '（没有刊名）'} {_dates(week)}"]
    if week.articles:
        rows = [
            [
                str(number),
                cut(article.title, 60),
                str(_length(article.body)),
                str(len(article.images) or ""),
            ]
            for number, article in enumerate(week.articles, start=1)
        ]
        parts.append(table([["序号", "标题", "字数", "图"], *rows]))
    for name, text in (("导语", week.introduction), ("尾注", week.sign_off)):
        if text:
            parts.append(f"{name}（{_length(text)} 字）：{cut(' '.join(text.split()), 60)}")
    parts.extend(
        f"提醒 {path}:{f'{warning.line}:' if warning.line else ''} {warning.message} [{warning.code}]"
        for warning in week.warnings
    )
    if refusal:
        parts.append(refusal)
    return "\n".join(parts)


def _length(text: str) -> int:
    return len("".join(text.split()))


def _dates(week: Week) -> str:
    return f"{week.start_date or '？'} 至 {week.end_date or '？'}"
