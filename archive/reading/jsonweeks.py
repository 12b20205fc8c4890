"""JSON weeks: .json holds one or a list of them, .jsonl one a line."""

from __future__ import annotations

import json
from dataclasses import replace

from archive.refusal import ImportRefused
from archive.week import Week, from_json


def read_json(text: str) -> list[Week]:
    """The weeks of a .json file."""
    data = _load(text, 1)
    weeks = data if isinstance(data, list) else [data]
    if not weeks:
        raise ImportRefused("列表是空的，没有一期。格式见 docs/import-format.md")
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
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(replace(from_json(_load(line, number)), line=number))
        except ImportRefused as refused:
            refused.line = number
            raise
    return found


def _load(text: str, first_line: int) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ImportRefused(
            f"不是合格的 JSON：第 {error.colno} 列，{error.msg}。请检查引号、逗号和括号",
            line=first_line + error.lineno - 1,
        ) from None
    except RecursionError:
        raise ImportRefused("JSON 嵌套太深。格式见 docs/import-format.md", line=first_line) from None


def _refuse_constant(name: str) -> object:
    raise ImportRefused(f"JSON 里不能有 {name}。请改成文字或删去")
