"""Images that came along in the text itself, as `data:` addresses. Pure."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from archive.reading.text import signature

_TYPES = {"PNG 图片": "png", "JPEG 图片": "jpeg", "GIF 图片": "gif", "WebP 图片或音视频": "webp"}
_BITMAPS = tuple(f"data:image/{kind};" for kind in ("png", "jpg", "jpeg", "gif", "webp"))


def data_address(attrs: Mapping[str, str]) -> str:
    """The `data:` address of an image with these attributes, empty when it has another."""
    source = attrs.get("src", "").lstrip()
    return source if source[:5].lower() == "data:" else ""


def address_of(bitmap: bytes) -> str:
    """Returns the `data:` address of an image file; empty when it is no bitmap that we show.

    >>> address_of(b"GIF89a")
    'data:image/gif;base64,R0lGODlh'
    """
    kind = _TYPES.get(signature(bitmap))
    return f"data:image/{kind};base64,{base64.b64encode(bitmap).decode()}" if kind else ""


def bitmap_in(address: str) -> bytes:
    """The file in a `data:` address; empty when it is no bitmap.

    >>> bitmap_in("data:image/png;base64,iVBO")
    b'\\x89PN'
    """
    head, _, content = address.partition(",")
    kind = "".join(head.lower().split())
    if not f"{kind};".startswith(_BITMAPS):
        return b""
    raw = unquote_to_bytes(content)
    if not kind.endswith(";base64"):
        return raw
    try:
        return base64.b64decode(b"".join(raw.split()), validate=True)
    except binascii.Error:
        return b""


def is_dot(bitmap: bytes) -> bool:
    """Whether it is one pixel of GIF or PNG, which stands for an image until the page is scrolled to it."""
    if bitmap.startswith(b"GIF8") and len(bitmap) > 10:
        width, height = struct.unpack_from("<HH", bitmap, 6)
    elif bitmap.startswith(b"\x89PNG") and len(bitmap) > 24:
        width, height = struct.unpack_from(">II", bitmap, 16)
    else:
        return False
    return bool(width <= 1 and height <= 1)
