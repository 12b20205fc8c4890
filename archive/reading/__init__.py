"""A file → the weeks that it holds. One reader for each kind of file, one parser for all of them.

>>> read_file(Path("week.txt"))  # doctest: +SKIP
[Week(title='半导体一周要闻', …)]

Reading needs no database and no settings, and is done by a child process with limits (`archive.limited`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from archive.limited import LimitedProcess
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
    "read_weeks",
]

MAX_BYTES = 20 * 1024**2
MAX_JSON_BYTES = 200 * 1024**2
"""A .json or .jsonl file can be a whole archive, exported."""
MAX_LINES = 20_000
"""Of a document. A week has a hundred or two."""


def read_file(path: Path, process: LimitedProcess | None = None) -> list[Week]:
    """Returns the weeks of a file: one, or as many as a JSON file holds. Raises ImportRefused with its place.

    Who reads many files gives one process for all of them.
    """
    if process is None:
        with LimitedProcess() as own:
            return read_file(path, own)
    try:
        if path.suffix.lower() not in SUFFIXES:
            raise _unknown_suffix(path.suffix.lower(), SUFFIXES)
        return process.call(read_weeks, path.name, _contents(path))
    except ImportRefused as refused:
        raise refused.at(path) from refused.__cause__


def read_weeks(name: str, data: bytes) -> list[Week]:
    """Returns the weeks of a file's content, read by the suffix of its name."""
    return SUFFIXES[Path(name).suffix.lower()](data)


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
    return _checked(DOCUMENTS[suffix](data))


def check_size(size: int, most: int = MAX_BYTES) -> None:
    """Refuses a file of more than `most` bytes."""
    if size > most:
        limit = most // 1024**2
        raise ImportRefused(f"文件有 {size / 1024**2:.1f} MB，最多 {limit} MB。请压缩图片，或分成几个文件")


def _check_not_empty(data: bytes) -> None:
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise ImportRefused("文件是空的。请放入内容再导入")


def _checked(reading: Reading) -> Reading:
    if len(reading.lines) > MAX_LINES:
        raise ImportRefused(f"文件有 {len(reading.lines)} 段，最多 {MAX_LINES} 段。请分成几个文件")
    return reading


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
    reading = _checked(read(data))
    return [from_parsed(parse_issue(reading.lines), reading.images, reading.warnings)]


SUFFIXES: dict[str, Callable[[bytes], list[Week]]] = {
    **{suffix: partial(_week_of, read) for suffix, read in DOCUMENTS.items()},
    ".json": _read_json,
    ".jsonl": _read_json_lines,
}
