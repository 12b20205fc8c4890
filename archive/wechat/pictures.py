"""The pictures of a post, each as a `data:` address: WeChat's editor uploads them from the clipboard.

An address of ours would not do: WeChat's servers can not fetch a draft's figures, nor those of a site in an intranet.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Collection

from PIL import Image

from archive.models import Article, Figure
from archive.wechat.rendering import Picture

_TYPES = {"png": "image/png", "jpg": "image/jpeg"}
QR_WIDTH = 258
"""Pixels. WeChat shows a picture as wide as it is and drops every other width, so it has to be this small."""


def pictures_of(articles: Collection[Article]) -> dict[str, Picture]:
    """The figures of these articles by the addresses that bodies name; those whose file is gone are left out."""
    pictures = {}
    for figure in Figure.objects.filter(article__in=articles):
        try:
            with figure.image.open("rb") as file:
                data = file.read()
        except OSError:
            continue
        image_format, was_webp = figure.image_format, figure.image_format == "webp"
        if was_webp:
            data, image_format = _without_webp(data)
        pictures[figure.get_absolute_url()] = Picture(
            data_address(data, image_format), len(data), figure.width, was_webp
        )
    return pictures


def data_address(data: bytes | memoryview, image_format: str = "png") -> str:
    """The address that holds an image itself.

    >>> data_address(b"PNG")
    'data:image/png;base64,UE5H'
    """
    return f"data:{_TYPES[image_format]};base64,{base64.b64encode(data).decode('ascii')}"


def qr_picture(data: bytes) -> bytes:
    """An image that was prepared (`archive.images`) as the PNG of a closing card."""
    with Image.open(io.BytesIO(data)) as image:
        shown = image.convert("RGBA" if image.has_transparency_data else "RGB")
    shown.thumbnail((QR_WIDTH, QR_WIDTH), Image.Resampling.LANCZOS)
    return _written(shown, "PNG")


def _without_webp(data: bytes) -> tuple[bytes, str]:
    """A WebP as PNG or JPEG: WeChat takes no WebP."""
    with Image.open(io.BytesIO(data)) as image:
        if image.has_transparency_data:
            return _written(image, "PNG"), "png"
        return _written(image.convert("RGB"), "JPEG"), "jpg"


def _written(image: Image.Image, name: str) -> bytes:
    out = io.BytesIO()
    image.save(out, name, quality=90, optimize=True)
    return out.getvalue()
