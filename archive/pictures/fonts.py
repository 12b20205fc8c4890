"""The font of the pictures: that of PICTURE_FONT, or else the first of the system's that has Chinese."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from PIL import ImageFont

logger = logging.getLogger(__name__)

SYSTEM = (
    *(
        "NotoSerifCJK-Bold.ttc",
        "NotoSerifCJKsc-Bold.otf",
        "NotoSerifSC-Bold.otf",
        "SourceHanSerifSC-Bold.otf",
    ),
    *(
        "NotoSansCJK-Bold.ttc",
        "NotoSansCJK-Regular.ttc",
        "NotoSansCJKsc-Regular.otf",
        "SourceHanSansSC-Bold.otf",
    ),
    *("wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "uming.ttc", "ukai.ttc"),
    *("PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Medium.ttc", "msyhbd.ttc", "msyh.ttc", "simsun.ttc"),
)
"""Names of files by which Linux, macOS and Windows have them, the best first. Pillow knows where fonts are."""
_SAMPLE = "芯闻库周报"
_NOWHERE = "\U0010ffff"
"""A character that no font has: it is drawn as what stands for a missing one."""
_MOST_FACES = 20
_PROBE = 24

Font = ImageFont.FreeTypeFont


def font(size: int) -> Font | None:
    """Returns the font in this size, in pixels; None where there is none that has Chinese."""
    found = _found(settings.PICTURE_FONT)
    return _sized(*found, size) if found else None


def shown(text: str) -> str:
    """Returns a text without the characters that the font lacks: they would be boxes."""
    probe = font(_PROBE)
    return "".join(one for one in text if one.isspace() or _has(probe, one)) if probe else ""


def check(app_configs: object, **options: object) -> list[CheckMessage]:
    """Says when PICTURE_FONT is no font that has Chinese."""
    if not settings.PICTURE_FONT or _found(settings.PICTURE_FONT):
        return []
    return [
        Warning(
            f"PICTURE_FONT={settings.PICTURE_FONT} is no font with Chinese: pictures beside shared links have no text.",
            hint="Give the path of a .ttf, .otf or .ttc, or leave it out: a font of the system is looked for.",
            id="archive.W001",
        )
    ]


@lru_cache(maxsize=4)
def _found(path: str) -> tuple[str, int] | None:
    """Returns a file, and which of its faces: one file may have several scripts."""
    for name in [path] if path else SYSTEM:
        if path and not Path(path).is_file():
            continue
        face = _face_of(name)
        if face is not None:
            return name, face
    logger.info("no font with Chinese was found: pictures beside shared links have no text (PICTURE_FONT)")
    return None


def _face_of(name: str) -> int | None:
    """Returns the face of a file that has Chinese, that of simplified Chinese if there is one; None if none has."""
    best = None
    for face in range(_MOST_FACES):
        try:
            font = ImageFont.truetype(name, _PROBE, index=face)
        except (OSError, ValueError):  # no such file, or no further face
            break
        if not all(_has(font, one) for one in _SAMPLE):
            continue
        if any("SC" in (part or "").split() for part in font.getname()):
            return face
        best = face if best is None else best
    return best


@lru_cache(maxsize=32)
def _sized(name: str, face: int, size: int) -> Font:
    return ImageFont.truetype(name, size, index=face)


@lru_cache(maxsize=20_000)
def _has(font: Font, character: str) -> bool:
    return _drawn(font, character) != _drawn(font, _NOWHERE)


def _drawn(font: Font, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)
