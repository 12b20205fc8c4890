"""Images that came along in the text itself, as `data:` addresses. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

_BITMAPS = tuple(f"data:image/{kind};" for kind in ("png", "jpg", "jpeg", "gif", "webp"))


def data_address(attrs: Mapping[str, str]) -> str:
    """The `data:` address of an image with these attributes, empty when it has another."""
    source = attrs.get("src", "").lstrip()
    return source if source[:5].lower() == "data:" else ""


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
