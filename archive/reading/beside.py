"""Images that lie beside a page or a Markdown file, put into it, so that the file can be read alone. Pure.

A page that a browser saved as a whole has them in a folder `…_files`, an exported one in `assets`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from archive.reading.data_addresses import address_of
from archive.reading.html import declared_charset
from archive.reading.page_frame import is_page
from archive.reading.text import decode

_IMAGE = re.compile(
    r"""(<img\b[^>]{0,4000}?\ssrc\s{0,5}=\s{0,5})("[^"]{1,1000}"|'[^']{1,1000}')""", re.IGNORECASE
)
_LINK = re.compile(r"(!\[[^\]]{0,300}\]\(\s{0,5})(<[^>\n]{1,1000}>|[^)\s]{1,1000})")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}:|//|#", re.IGNORECASE)


def named_images(data: bytes) -> list[str]:
    """Returns the paths of images that a page or a Markdown file names beside itself, as it names them.

    >>> named_images(b'<html><img src="w_files/640%20a.png"><img src="https://a.example/b.png">')
    ['w_files/640 a.png']
    """
    found = dict.fromkeys(_path(match[2]) for match in _pattern(data).finditer(_text(data)))
    return [path for path in found if path]


def with_images(data: bytes, images: Mapping[str, bytes]) -> bytes:
    """Returns the file with these images in it, as `data:` addresses; `images` by the paths of `named_images`."""

    def put_in(match: re.Match[str]) -> str:
        content = images.get(_path(match[2]))
        address = address_of(content) if content else ""
        quote = match[2][0] if match[2][0] in "\"'" else ""
        return f"{match[1]}{quote}{address}{quote}" if address else match[0]

    return _pattern(data).sub(put_in, _text(data)).encode("utf-8-sig")


def _pattern(data: bytes) -> re.Pattern[str]:
    return _IMAGE if is_page(data) or b"<img" in data else _LINK


def _text(data: bytes) -> str:
    return decode(data, declared_charset(data))


def _path(written: str) -> str:
    """The path that an address names, empty when it leads elsewhere."""
    address = written.strip("\"'<>").strip()
    if _SCHEME.match(address):
        return ""
    return unquote(address.partition("?")[0].partition("#")[0]).replace("\\", "/")
