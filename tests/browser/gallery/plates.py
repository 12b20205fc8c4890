"""Several views of a page on one picture, as small as a picture of text can be."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

HEIGHT = 840
"""Pixels of a plate without its edge: two screens above each other, a phone, a sheet of paper."""
GAP = 20
GROUND = "#b9b9b4"
MAX_BYTES = 100_000
DPI = 150
"""At which a sheet is drawn before it is made smaller: letters come out clean."""
HOW_TO_INSTALL = "apt-get install poppler-utils"


def screen(page: Page) -> Image.Image:
    """Returns what the window shows, once its images and fonts are there."""
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def sheets(page: Page) -> list[Image.Image]:
    """Returns the page printed on A4, a picture for each sheet."""
    with tempfile.TemporaryDirectory(prefix="xinwenku-print-") as folder:
        printed = Path(folder) / "page.pdf"
        page.pdf(path=printed, format="A4", prefer_css_page_size=True)
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", printed, Path(folder) / "sheet"], check=True)
        return [
            Image.open(io.BytesIO(path.read_bytes())).convert("RGB")
            for path in sorted(Path(folder).glob("*.png"))
        ]


def plate(light: Image.Image, dark: Image.Image, tall: Sequence[Image.Image]) -> Image.Image:
    """Returns light above dark, and beside them what is taller than wide, on grey."""
    half = (HEIGHT - GAP) // 2
    pair = [_of_height(picture, half) for picture in (light, dark)]
    others = [_of_height(picture, HEIGHT) for picture in tall]
    width = GAP + sum(picture.width + GAP for picture in (pair[0], *others))
    ground = Image.new("RGB", (width, HEIGHT + 2 * GAP), GROUND)
    ground.paste(pair[0], (GAP, GAP))
    ground.paste(pair[1], (GAP, GAP + half + GAP))
    left = GAP + pair[0].width + GAP
    for picture in others:
        ground.paste(picture, (left, GAP))
        left += picture.width + GAP
    return ground


def write(path: Path, picture: Image.Image) -> None:
    """Writes a WebP of few colours without loss: letters stay sharp, and it is smaller than a blurred one.

    Raises AssertionError when even 16 colours take more than MAX_BYTES.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in (32, 24, 16):
        few = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.convert("RGB").save(path, lossless=True, method=6)
        if path.stat().st_size <= MAX_BYTES:
            break
    else:
        raise AssertionError(f"{path} takes {path.stat().st_size} bytes, more than {MAX_BYTES}")
    print(f"{path.name}  {path.stat().st_size // 1000} KB, {colours} colours")


def _of_height(picture: Image.Image, height: int) -> Image.Image:
    width = round(picture.width * height / picture.height)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
