"""Images are checked before they are unpacked, and nothing but their pixels is kept."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from archive.images import prepare_image
from archive.refusal import ImportRefused
from tests.archive.makers import image_bytes


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png_head(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = (
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in (head, body, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("given", "stored"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")]
)
def test_formats_that_browsers_show_are_kept_and_gif_becomes_png(given: str, stored: str) -> None:
    image = prepare_image(image_bytes(image_format=given))
    assert (image.image_format, image.width, image.height) == (stored, 40, 30)
    assert opened(image.data).format == {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}[stored]


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_wide_image_is_made_1600_wide(image_format: str) -> None:
    image = prepare_image(image_bytes(3200, 1000, image_format))
    assert (image.width, image.height) == (1600, 500) == opened(image.data).size


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("width", [20, 1700])
def test_every_colour_mode_is_read(mode: str, width: int) -> None:
    out = io.BytesIO()
    Image.new(mode, (width, 20)).save(out, "TIFF" if mode == "CMYK" else "PNG")
    if mode == "CMYK":
        out = io.BytesIO()
        Image.new(mode, (width, 20)).save(out, "JPEG")
    assert prepare_image(out.getvalue()).width == min(width, 1600)


def test_transparency_is_kept() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(prepare_image(out.getvalue()).data).convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_metadata_is_dropped_after_the_picture_was_turned(image_format: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "secret camera"  # turned by 90 degrees; maker
    data = image_bytes(40, 30, image_format, exif=exif)
    assert b"secret camera" in data
    image = prepare_image(data)
    assert (image.width, image.height) == (30, 40)
    assert b"secret" not in image.data
    assert not opened(image.data).getexif()


def test_of_a_telephones_picture_with_another_behind_it_the_first_is_kept() -> None:
    Image.new("RGB", (40, 30), "red").save(
        out := io.BytesIO(), "MPO", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]
    )
    image = prepare_image(out.getvalue())
    assert image.image_format == "jpg"
    assert opened(image.data).format == "JPEG"
    assert opened(image.data).convert("RGB").getpixel((9, 9))[0] > 200


def test_same_image_has_the_same_name() -> None:
    assert prepare_image(image_bytes()).sha256 == prepare_image(image_bytes()).sha256


@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (30_000, 30_000), (100_000, 100_000)])
def test_image_bomb_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    with pytest.raises(ImportRefused, match=r"最多 2500 万像素。请"):
        prepare_image(png_head(width, height))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        image_bytes()[:60],
        b"BM" + b"\0" * 60,
        image_bytes(image_format="TIFF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        png_head(50, 50),
    ],
)
def test_what_is_not_a_whole_bitmap_is_refused(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="图片"):
        prepare_image(data)


@pytest.mark.parametrize(("mode", "image_format"), [("RGBA", "PNG"), ("RGB", "WEBP")])
def test_what_takes_more_memory_may_have_fewer_pixels(mode: str, image_format: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (4000, 3100)).save(out, image_format)
    with pytest.raises(ImportRefused, match="万像素。请缩小"):
        prepare_image(out.getvalue())


def test_a_long_webp_is_stored_in_a_format_that_takes_less_memory() -> None:
    out = io.BytesIO()
    Image.new("RGB", (1200, 3000), "red").save(out, "WEBP")
    assert prepare_image(out.getvalue()).image_format == "jpg"
