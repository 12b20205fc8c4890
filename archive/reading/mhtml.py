"""A page that a browser saved as one file (.mhtml, .mht): a mail whose parts are the page and what it shows. Pure."""

from __future__ import annotations

import email
import re
from email.errors import MessageError
from email.message import Message
from email.policy import compat32
from urllib.parse import urljoin

from archive.parsing import Reading
from archive.reading.html import declared_charset, read_html
from archive.reading.text import decode
from archive.refusal import ImportRefused

MAX_PARTS = 2000
_HEAD = re.compile(rb"^content-type:\s{0,5}multipart/related\b", re.IGNORECASE | re.MULTILINE)
_BASE = "http://mhtml.invalid/"


def is_mhtml(data: bytes) -> bool:
    """Whether the content is a saved page, and no mail.

    >>> is_mhtml(b"From: <Saved by Blink>\\r\\nContent-Type: multipart/related;\\r\\n boundary=x\\r\\n\\r\\n")
    True
    """
    head = re.split(rb"\r?\n\r?\n", data[:8192], maxsplit=1)[0]
    return _HEAD.search(head) is not None


def read_mhtml(data: bytes) -> Reading:
    """Returns the lines of the page, with the images that came with it. Raises ImportRefused."""
    try:
        message = email.message_from_bytes(data, policy=compat32)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except (MessageError, RecursionError, ValueError):
        raise _broken() from None
    if len(parts) > MAX_PARTS:
        raise ImportRefused(f"网页归档里有 {len(parts)} 个部分，最多 {MAX_PARTS} 个。请只保留正文再导入")
    page = next(
        (part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")), None
    )
    if page is None:
        raise _broken()
    content = _content(page)
    declared = page.get_content_charset() or declared_charset(content)
    return read_html(decode(content, declared), files=_files(parts, page))


def _broken() -> ImportRefused:
    return ImportRefused("网页归档（.mhtml）里没有找到网页。请在浏览器里打开它，全选复制，粘贴到“导入一期”里")


def _files(parts: list[Message], page: Message) -> dict[str, bytes]:
    """The images by every address that the page may show them from: their own, `cid:`, and relative to the page."""
    base = page.get("Content-Location") or _BASE
    files = {}
    for part in parts:
        if part.get_content_maintype() != "image":
            continue
        content = _content(part)
        if location := part.get("Content-Location", ""):
            files[location] = content
            absolute, folder = urljoin(base, location), urljoin(base, ".")
            files[absolute] = content
            files[absolute.removeprefix(folder)] = content
        if name := part.get("Content-ID", "").strip("<> "):
            files[f"cid:{name}"] = content
    return files


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
