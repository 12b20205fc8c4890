"""Checks images on their way into the archive, scales them down, and removes their metadata. Pure.

An image can be made to take long to read: those from outside are prepared in a limited process (`archive.limited`).
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from archive.refusal import ImportRefused

MAX_PIXELS = 25_000_000
MAX_WIDTH = 1600
MAX_PIXELS_OF_FEW = 12_000_000
"""The limit for images with transparency and for rare modes: they take twice the memory a pixel."""
MAX_WEBP_PIXELS = 8_000_000
"""The limit for WebP, which takes three times the memory."""
_LARGE_WEBP = 3_000_000
"""Above this, a WebP is stored as JPEG or PNG: encoding it as WebP takes as much memory again."""
_SMOOTH = ("L", "LA", "RGB", "RGBA", "CMYK")
"""Modes that can be scaled down smoothly; others are converted first."""
MAX_PIXELS_TOGETHER = 100_000_000
"""Of all images of a week."""
MAX_WORK = 160_000_000
"""Of images of 5 MB together, in pixels that are read: some three seconds' work. Twice as much for 10 MB."""
_WORK_BYTES = 5 * 1024**2
_TO_WRITE = {"png": 2, "jpg": 1, "webp": 3}
"""Times as long as reading it takes to write a pixel."""
_LEAST_PIXELS = 50_000
"""What the smallest image counts for among others: to open and to store one takes its time, too."""
_FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "png", "MPO": "jpg"}
"""MPO is what Pillow calls a JPEG with a second picture behind it, as telephones take them."""
_READ_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError,
    OSError, SyntaxError, TypeError, ValueError, struct.error,
)  # fmt: skip
"""What Pillow raises for a damaged file."""
_STORED_FORMATS = ("PNG", "JPEG", "WEBP")
_HARMLESS = {
    "transparency", "jfif", "jfif_version", "jfif_unit", "jfif_density",
    "progressive", "progression", "loop", "background", "timestamp", "duration",
}  # fmt: skip
"""Keys of Pillow's `info` that are no metadata about the image or its maker."""


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """An image as it will be stored."""

    data: bytes = field(repr=False)
    image_format: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def prepare_image(data: bytes) -> PreparedImage:
    """Returns the image at most MAX_WIDTH wide, encoded anew, without metadata or anything hidden in it.

    The size is read from the head and checked before a pixel is unpacked. SVG is a program and is refused.
    """
    with _opened(data) as image:
        return _encode(image)


def restore_image(data: bytes) -> PreparedImage:
    """Returns an image that this archive stored before unchanged, because every new JPEG encoding loses quality.

    What is not as `prepare_image` leaves it (too wide, moving, with metadata) is prepared like any other.
    """
    with _opened(data) as image:
        image_format = _FORMATS[image.format or "PNG"]
        image.load()
        is_as_stored = (
            image.format in _STORED_FORMATS
            and image.width <= MAX_WIDTH
            and getattr(image, "n_frames", 1) == 1
            and image.info.keys() <= _HARMLESS
        )
        return PreparedImage(data, image_format, *image.size) if is_as_stored else _encode(image)


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Opens an image after checking its size. Raises ImportRefused for whatever is wrong with it, in the block too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit, below, is lower
            with Image.open(io.BytesIO(data), formats=_READ_FORMATS) as image:
                width, height = image.size
                limit = _limit_of(image)
                if width * height > limit:
                    raise ImportRefused(f"图片有 {width}×{height} 像素，{_too_large(limit)}")
                yield image
    except Image.DecompressionBombError:
        raise ImportRefused(f"图片太大，{_too_large(MAX_PIXELS)}") from None
    except UnidentifiedImageError:
        raise ImportRefused("图片不是 PNG、JPEG、WebP 或 GIF（SVG 也不行）。请存成 PNG 再导入") from None
    except _DAMAGED:
        raise ImportRefused("图片坏了，读不出来。请换一张，或删除后再导入") from None


def check_together(images: Collection[bytes]) -> None:
    """Refuses images that would take too long together. Their heads are read, and no pixel is unpacked."""
    pixels, work = 0, 0.0
    most = MAX_WORK * max(1, sum(map(len, images)) / _WORK_BYTES)
    for count, data in enumerate(images, start=1):
        read, written = _pixels_of(data)
        pixels += max(read, _LEAST_PIXELS)
        work += max(read, _LEAST_PIXELS) + written
        if pixels > MAX_PIXELS_TOGETHER or work > most:
            limit = (
                f"超过 {MAX_PIXELS_TOGETHER // 10_000} 万像素，一次最多这么多"
                if pixels > MAX_PIXELS_TOGETHER
                else f"有 {pixels // 10_000} 万像素，一次处理不完"
            )
            raise ImportRefused(
                f"图片太多太大：{count} 张图已{limit}。请在 Word 里点图片、选“压缩图片”，再导入"
            )


def _pixels_of(data: bytes) -> tuple[int, float]:
    """The pixels in an image's head, and what to write it counts; none of what `prepare_image` will refuse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_READ_FORMATS) as image:
                pixels = image.width * image.height
                scale = min(1, MAX_WIDTH / image.width)
                return pixels, pixels * scale**2 * _TO_WRITE[_FORMATS[image.format or "PNG"]]
    except (Image.DecompressionBombError, *_DAMAGED):
        return 0, 0


def _limit_of(image: Image.Image) -> int:
    if image.format == "WEBP":
        return MAX_WEBP_PIXELS
    return MAX_PIXELS if image.mode in ("1", "L", "P", "RGB", "CMYK") else MAX_PIXELS_OF_FEW


def _too_large(limit: int) -> str:
    return f"最多 {limit // 10_000} 万像素。请缩小后再导入"


def _encode(image: Image.Image) -> PreparedImage:
    """Scales and encodes an image, in place where possible: each copy of 25 million pixels is 100 MB."""
    target = _FORMATS[image.format or "PNG"]
    shown = image
    width = image.height if image.getexif().get(ExifTags.Base.Orientation, 1) > 4 else image.width
    if width > MAX_WIDTH:
        if image.mode not in _SMOOTH:
            shown = image.convert("RGBA" if image.has_transparency_data else "RGB")
        box = (MAX_WIDTH, MAX_PIXELS) if width == image.width else (MAX_PIXELS, MAX_WIDTH)
        shown.thumbnail(box, Image.Resampling.LANCZOS)  # a JPEG is decoded at this size
    ImageOps.exif_transpose(shown, in_place=True)  # turned upright, because the orientation tag is dropped
    if target == "webp" and shown.width * shown.height > _LARGE_WEBP:
        target = "png" if shown.has_transparency_data else "jpg"
    if target == "jpg":
        shown = shown if shown.mode == "RGB" else shown.convert("RGB")
    elif shown.mode not in ("L", "LA", "P", "RGB", "RGBA") or target == "webp":
        shown = shown.convert("RGBA" if shown.has_transparency_data else "RGB")
    transparency = shown.info.get("transparency")
    shown.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    name = {"jpg": "JPEG", "webp": "WEBP", "png": "PNG"}[target]
    # What costs a fifth of the time makes files as small: PNG's level 2 those of many colours, level 6 those of few;
    # WebP's method 2. Each format passes over what it does not know.
    level = 6 if shown.mode in ("L", "P") else 2
    shown.save(out, format=name, quality=85, optimize=name == "JPEG", compress_level=level, method=2)
    return PreparedImage(out.getvalue(), target, shown.width, shown.height)
