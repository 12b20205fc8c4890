"""Bytes → text, in whatever encoding Chinese Windows, Word and WeChat leave behind. Pure."""

from __future__ import annotations

import codecs
import logging
import re

from archive.refusal import ImportRefused

_SIGNATURES = (
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"RIFF", "WebP 图片或音视频"),
    (b"%PDF", "PDF 文件"),
    (b"PK\x03\x04", "压缩包或 Word 文件（.docx）"),
    (b"\xd0\xcf\x11\xe0", "旧版或加密的 Word 文件（.doc）"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"BZh", "bzip2 压缩包"),
    (b"\xfd7zXZ", "xz 压缩包"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (rb"{\rtf", "RTF 文件"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARABLE = {"big5", "big5-hkscs", "gb18030", "gbk", "gb2312", "utf-8", "utf8"}
_EXPECTED = re.compile(r"[\t\r\n -~\u2010-\u2027\u2460-\u249b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_UNREADABLE = "文字读不出来。请用记事本打开，另存为 UTF-8 编码的文本再导入"
logger = logging.getLogger(__name__)


def signature(data: bytes) -> str:
    """What kind of file the first bytes say it is, in Chinese; empty for text and the unknown.

    >>> signature(b"%PDF-1.7")
    'PDF 文件'
    """
    return next((kind for magic, kind in _SIGNATURES if data.startswith(magic)), "")


def decode(data: bytes, declared: str = "") -> str:
    """Returns the text of `data`: by its byte order mark, as UTF-16 without one, as UTF-8, as GB18030.

    `declared` is what an HTML file says of itself; it goes before guessing. What is not text is refused: a
    wrong guess would be stored as 锟斤拷 and nobody could search it.

    >>> decode("中芯国际".encode("gbk")), decode("A股\\n".encode("utf-16-be"))
    ('中芯国际', 'A股\\n')
    """
    if kind := signature(data):
        raise ImportRefused(f"这不是文本，是 {kind}。请改用正确的扩展名，或把内容粘贴成文本再导入")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_strict(data[len(mark) :], encoding, len(mark)))
    if b"\0" in data:
        return _utf16(data)
    if declared.lower() in _DECLARABLE:
        encoding = "gb18030" if declared.lower().startswith("gb") else declared
        return _checked(_strict(data, encoding))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise _undecodable(data, error.start, "UTF-8") from None
        return _checked(_strict(data, "gb18030"))


def _strict(data: bytes, encoding: str, skipped: int = 0) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, encoding.upper(), skipped) from None


def _undecodable(data: bytes, offset: int, encoding: str, skipped: int = 0) -> ImportRefused:
    line = data.count(b"\n", 0, offset) + 1
    logger.info("Byte %d is not %s", skipped + offset + 1, encoding)
    return ImportRefused(f"这个文件的{_UNREADABLE}", line=line)


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark: in the right byte order it is Chinese and ASCII, in the wrong one neither.

    Where the NULs stand does not tell: `一` is 0x4E00.
    """
    readings: list[tuple[float, str]] = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((len(_EXPECTED.findall(text)) / max(len(text), 1), text))
    share, text = max(readings, default=(0.0, ""))
    if share > 0.9 and "\0" not in text:
        return text
    line = data.count(b"\n", 0, data.index(b"\0")) + 1
    raise ImportRefused(f"这个文件的{_UNREADABLE}", line=line)


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 with a few bad bytes: read as GB18030 it would turn into other characters."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - bad > 5 * bad


def _checked(text: str) -> str:
    """Refuses text that is mostly control characters: something else in the clothes of text."""
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ImportRefused(f"这个文件的{_UNREADABLE}", line=line)
    controls = sum(char < " " and char not in "\t\n\v\f\r" for char in text)
    if controls * 100 > len(text):
        raise ImportRefused(f"这个文件的{_UNREADABLE}")
    return text
