"""A file → the weeks that it holds. One reader for each kind of file, one parser for all of them.

>>> read_file(Path("week.txt"))  # doctest: +SKIP
[Week(title='半导体一周要闻', …)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
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

__all__ = [
    "DOCUMENTS",
    "MAX_BYTES",
    "MAX_JSON_BYTES",
    "SUFFIXES",
    "Reading",
    "check_size",
    "read_document",
    "read_file",
    "read_html",
]

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
    raise _unknown_suffix(suffix, SUFFIXES)


def _unknown_suffix(suffix: str, known: Iterable[str]) -> ImportRefused:
    remedy = "请在 Word 里另存为 .docx" if suffix in (".doc", ".docm", ".wps", ".rtf") else "请另存为其中一种"
    return ImportRefused(f"不认识的文件类型 {suffix or '（没有扩展名）'}，能导入 {' '.join(known)}。{remedy}")


def _contents(path: Path) -> bytes:
    if not path.is_file():
        raise ImportRefused("找不到这个文件。请核对路径")
    is_json = path.suffix.lower() in (".json", ".jsonl")
    check_size(path.stat().st_size, MAX_JSON_BYTES if is_json else MAX_BYTES)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"文件读不了：{error.strerror}。请检查权限") from None
    _check_not_empty(data)
    return data


def read_document(name: str, data: bytes) -> Reading:
    """Returns the lines of one document, read by its name's suffix: what the import desk shows. No JSON.

    >>> [line.text for line in read_document("week.txt", "半导体一周要闻".encode("gbk")).lines]
    ['半导体一周要闻']
    """
    suffix = Path(name).suffix.lower()
    if suffix not in DOCUMENTS:
        raise _unknown_suffix(suffix, DOCUMENTS)
    check_size(len(data))
    _check_not_empty(data)
    return DOCUMENTS[suffix](data)


def check_size(size: int, most: int = MAX_BYTES) -> None:
    """Refuses a file of more than `most` bytes."""
    if size > most:
        limit = most // 1024**2
        raise ImportRefused(f"文件有 {size / 1024**2:.1f} MB，最多 {limit} MB。请压缩图片，或分成几个文件")


def _check_not_empty(data: bytes) -> None:
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise ImportRefused("文件是空的。请放入内容再导入")


def _read_text(data: bytes) -> Reading:
    return Reading(read_lines(decode(data)))


def _read_markdown(data: bytes) -> Reading:
    return read_markdown(decode(data))


def _read_html(data: bytes) -> Reading:
    return read_html(decode(data, declared_charset(data)))


def _read_docx(data: bytes) -> Reading:
    return read_html(docx_to_html(data))


def _read_json(data: bytes) -> list[Week]:
    return read_json(decode(data))


def _read_json_lines(data: bytes) -> list[Week]:
    return read_json_lines(decode(data))


DOCUMENTS: dict[str, Callable[[bytes], Reading]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
}
"""What an editor writes, by suffix: one week that the parser has to understand."""


def _week_of(read: Callable[[bytes], Reading], data: bytes) -> list[Week]:
    reading = read(data)
    return [from_parsed(parse_issue(reading.lines), reading.images, reading.warnings)]


SUFFIXES: dict[str, Callable[[bytes], list[Week]]] = {
    **{suffix: partial(_week_of, read) for suffix, read in DOCUMENTS.items()},
    ".json": _read_json,
    ".jsonl": _read_json_lines,
}
