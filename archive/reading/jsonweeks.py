"""JSON weeks: .json holds one or a list of them, .jsonl one a line."""

from __future__ import annotations

import datetime as dt
import json
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from archive.body import named, text_in
from archive.images import PreparedImage, restore_image
from archive.missing_figures import MissingFigure
from archive.parsing import ParseWarning
from archive.reading.html import MAX_MARKUP
from archive.refusal import ImportRefused
from archive.richtext import Node, to_html
from archive.week import ARTICLE_TEXTS, ISSUE_TEXTS, STATES, Week, WeekArticle

MAX_WEEKS = 10_000
_ISSUE_FIELDS = {field.name for field in fields(Week)} - {"line"}
_ARTICLE_FIELDS = {*ARTICLE_TEXTS, "html", "figures", "missing_figures", "position"}
_DIFFERS = "{} 的 body 与 html 文字不同，存的是 html。如果改的是 body，请删除 html 再导入。"
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,20}")


def read_json(text: str) -> list[Week]:
    """The weeks of a .json file."""
    data = _load(text, 1)
    weeks = data if isinstance(data, list) else [data]
    if not weeks:
        raise ImportRefused("列表是空的，没有一期。格式见 docs/import-format.md")
    _check_number(len(weeks))
    found = []
    for place, week in enumerate(weeks, start=1):
        try:
            found.append(from_json(week))
        except ImportRefused as refused:
            refused.message = f"第 {place} 期：{refused.message}" if len(weeks) > 1 else refused.message
            raise
    return found


def read_json_lines(text: str) -> list[Week]:
    """The weeks of a .jsonl file; blank lines are passed over."""
    found = []
    _check_number(text.count("\n{"))
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(replace(from_json(_load(line, number)), line=number))
        except ImportRefused as refused:
            refused.line = number
            raise
    return found


def _check_number(weeks: int) -> None:
    if weeks > MAX_WEEKS:
        raise ImportRefused(f"文件里有 {weeks} 期，最多 {MAX_WEEKS} 期。请分成几个文件")


def _load(text: str, first_line: int) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ImportRefused(
            f"不是合格的 JSON：第 {error.colno} 列，{error.msg}。请检查引号、逗号和括号",
            line=first_line + error.lineno - 1,
        ) from None
    except ValueError:  # a number of thousands of digits
        raise ImportRefused("JSON 里有太长的数。请改成文字或删除", line=first_line) from None
    except RecursionError:
        raise ImportRefused("JSON 嵌套太深。格式见 docs/import-format.md", line=first_line) from None


def _refuse_constant(name: str) -> object:
    raise ImportRefused(f"JSON 里不能有 {name}。请改成文字或删除")


# --- One week, as data ----------------------------------------------------------------------------------


def from_json(data: object) -> Week:
    """Reads one JSON week (docs/import-format.md); what is of the wrong kind is refused by its field's name.

    >>> from_json({"title": "一周要闻", "start_date": "2025-03-17", "end_date": "2025-03-21",
    ...            "articles": [{"title": "HBM4出样", "body": "SK海力士"}]}).articles[0].title
    'HBM4出样'
    """
    if not isinstance(data, dict):
        raise ImportRefused(
            f"一期应是一个 JSON 对象 {{…}}，这里是{_kind(data)}。格式见 docs/import-format.md"
        )
    articles = data.get("articles", [])
    if not isinstance(articles, list):
        raise ImportRefused(f"字段 articles 应是列表 […]，这里是{_kind(articles)}。")
    warnings = list(_unknown(data, _ISSUE_FIELDS, ""))
    read = []
    for place, article in enumerate(articles):
        where = f"articles[{place}]"
        if not isinstance(article, dict):
            raise ImportRefused(f"字段 {where} 应是对象 {{…}}，这里是{_kind(article)}。")
        warnings.extend(_unknown(article, _ARTICLE_FIELDS, f"{where}."))
        week_article = _article(article, f"{where}.")
        if week_article.html and (article.get("body") or week_article.body) != week_article.body:
            warnings.append(ParseWarning(None, "body-differs", _DIFFERS.format(where)))
        read.append(week_article)
    values: dict[str, Any] = {name: _text(data, name, "") for name in ISSUE_TEXTS}
    values |= {name: _date(data, name) for name in ("start_date", "end_date")}
    values |= {"status": _choice(data, "status", STATES), "publish_at": _time(data, "publish_at")}
    values |= {"slug": _slug(data), "published_at": _time(data, "published_at")}
    return Week(articles=tuple(read), warnings=tuple(warnings), **values)


def _article(data: dict[str, object], where: str) -> WeekArticle:
    texts: dict[str, Any] = {name: _text(data, name, where) for name in ARTICLE_TEXTS}
    tree = _html(data, where)
    if tree.children:
        texts["body"] = text_in(tree)
    images, position = _figures(data, where), _position(data, where)
    missing = _missing(data, where)
    return WeekArticle(**texts, html=to_html(tree), images=images, position=position, missing=missing)


def _html(data: dict[str, object], where: str) -> Node:
    html = _text(data, "html", where)
    if len(html) > MAX_MARKUP:
        raise ImportRefused(f"字段 {where}html 太长，最多 {MAX_MARKUP // 1024**2} MB。请分成几篇")
    return named(html)


def _figures(data: dict[str, object], where: str) -> dict[str, PreparedImage]:
    figures = data.get("figures") or []
    if not isinstance(figures, list):
        raise ImportRefused(f"字段 {where}figures 应是列表 […]，这里是{_kind(figures)}。")
    return {f"figure:{n}": _figure(figure, f"{where}figures[{n}]") for n, figure in enumerate(figures)}


def _missing(data: dict[str, object], where: str) -> tuple[MissingFigure, ...]:
    found = data.get("missing_figures") or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ImportRefused(f"字段 {where}missing_figures 应是对象的列表 [{{…}}]，这里是{_kind(found)}。")
    return tuple(
        MissingFigure(
            0, _text(one, "after", where), _text(one, "reason", where), is_known=one.get("is_known") is True
        )
        for one in found
    )


def _figure(data: object, where: str) -> PreparedImage:
    try:
        return restore_image(b64decode(data, validate=True))  # type: ignore[arg-type]  # a TypeError, told below
    except (TypeError, ValueError):
        raise ImportRefused(f"字段 {where} 应是 base64 的图片文件。请检查，或删除") from None
    except ImportRefused as refused:
        refused.message = f"字段 {where}：{refused.message}"
        raise


def _position(data: dict[str, object], where: str) -> int | None:
    value = data.get("position")
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ImportRefused(f"字段 {where}position 应是整数，这里是{_kind(value)}。")


def _choice(data: dict[str, object], name: str, choices: Sequence[str]) -> str:
    value = _text(data, name, "")
    if value and value not in choices:
        raise ImportRefused(f"字段 {name} 是 {value!r}，应是 {'、'.join(choices)} 之一。")
    return value


def _time(data: dict[str, object], name: str) -> dt.datetime | None:
    value = _text(data, name, "")
    try:
        time = dt.datetime.fromisoformat(value) if value else None
    except ValueError:
        time = dt.datetime.min
    if time is not None and time.tzinfo is None:
        raise ImportRefused(f'字段 {name} 不是时间：{value!r}。请写成 "2025-03-21T08:00:00+08:00" 的样子')
    return time


def _slug(data: dict[str, object]) -> str:
    value = _text(data, "slug", "")
    if value and not _SLUG.fullmatch(value):
        raise ImportRefused(f"字段 slug 不能用作地址：{value!r}。请写成 2025-03-21 的样子，或删除")
    return value


def _text(data: dict[str, object], name: str, where: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ImportRefused(f'字段 {where}{name} 应是文字 "…"，这里是{_kind(value)}。')
    return value


def _date(data: dict[str, object], name: str) -> dt.date | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)  # type: ignore[arg-type]  # not a text: a TypeError, told below
    except (TypeError, ValueError):
        raise ImportRefused(f'字段 {name} 不是日期：{value!r}。请写成 "2025-03-21" 的样子') from None


def _unknown(data: dict[str, object], known: set[str], where: str) -> Iterator[ParseWarning]:
    for name in data:
        if name not in known:
            yield ParseWarning(None, "field-unknown", f"不认识的字段 {where}{name}，没有读入。请核对字段名。")


def _kind(value: object) -> str:
    kinds: dict[type, str] = {dict: "对象", list: "列表", str: "文字", bool: "真假值", int: "数", float: "数"}
    return "空值" if value is None else kinds.get(type(value), type(value).__name__)
