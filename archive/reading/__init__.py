"""A file → the weeks that it holds. One reader for each kind of file, one parser for all of them.

>>> read_file(Path("week.txt"))  # doctest: +SKIP
[Week(title='半导体一周要闻', …)]
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.parsing import parse_issue, read_lines
from archive.reading.docx import docx_to_html
from archive.reading.html import declared_charset, read_html
from archive.reading.jsonweeks import read_json, read_json_lines
from archive.reading.markdown import read_markdown
from archive.reading.result import Reading
from archive.reading.text import decode
from archive.refusal import ImportRefused
from archive.week import Week, from_parsed

__all__ = ["MAX_BYTES", "MAX_JSON_BYTES", "SUFFIXES", "read_file"]

MAX_BYTES = 20 * 1024**2
MAX_JSON_BYTES = 200 * 1024**2
"""A .json or .jsonl file can be a whole archive, exported."""


def read_file(path: Path) -> list[Week]:
    """Returns the weeks of a file: one, or as many as a JSON file holds. Raises ImportRefused with its place."""
    try:
        return _reader(path)(_contents(path))
    except ImportRefused as refused:
        raise refused.at(path) from refused.__cause__


def _reader(path: Path) -> Callable[[bytes], list[Week]]:
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    remedy = "请在 Word 里另存为 .docx" if suffix in (".doc", ".docm", ".wps", ".rtf") else "请另存为其中一种"
    raise ImportRefused(
        f"不认识的文件类型 {suffix or '（没有扩展名）'}，能导入 {' '.join(SUFFIXES)}。{remedy}"
    )


def _contents(path: Path) -> bytes:
    if not path.is_file():
        raise ImportRefused("找不到这个文件。请核对路径")
    size = path.stat().st_size
    most = MAX_JSON_BYTES if path.suffix.lower() in (".json", ".jsonl") else MAX_BYTES
    if size > most:
        limit = most // 1024**2
        raise ImportRefused(f"文件有 {size / 1024**2:.1f} MB，最多 {limit} MB。请压缩图片，或分成几个文件")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"文件读不了：{error.strerror}。请检查权限") from None
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise ImportRefused("文件是空的。请放入内容再导入")
    return data


def _read_text(data: bytes) -> list[Week]:
    return [from_parsed(parse_issue(read_lines(decode(data))))]


def _read_markdown(data: bytes) -> list[Week]:
    return [_parsed(read_markdown(decode(data)))]


def _read_html(data: bytes) -> list[Week]:
    return [_parsed(read_html(decode(data, declared_charset(data))))]


def _read_docx(data: bytes) -> list[Week]:
    return [_parsed(read_html(docx_to_html(data)))]


def _read_json(data: bytes) -> list[Week]:
    return read_json(decode(data))


def _read_json_lines(data: bytes) -> list[Week]:
    return read_json_lines(decode(data))


def _parsed(reading: Reading) -> Week:
    return from_parsed(parse_issue(reading.lines), reading.images, reading.warnings)


SUFFIXES: dict[str, Callable[[bytes], list[Week]]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
    ".json": _read_json,
    ".jsonl": _read_json_lines,
}
