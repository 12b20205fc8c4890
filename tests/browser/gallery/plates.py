"""Several views of a page on one picture, as small as a picture of text can be."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from PIL.ImageColor import getrgb
from playwright.sync_api import Page

HEIGHT = 840
"""Pixels of a plate without its edge: two screens above each other, a phone, a sheet of paper."""
GAP = 20
GROUND = "#b9b9b4"
MAX_BYTES = 120_000
FLAT = "#fff #f3f3f0 #f8e4df #4b241e #1f2023 #b9b9b4 #1d5a9e #86b9f5 #21714a #7cce9e #2f7d32 #ffc #583305".split()
"""Papers, washes, tints, the lines of charts, the editors' buttons and notices."""
EDGES = [
    ("#1b1b1d", "#fdfdfc", 6),
    ("#dcdad5", "#151618", 6),
    ("#ab2417", "#fdfdfc", 5),
    ("#ff927d", "#151618", 5),
]
"""Inks on their paper, and in how many steps one becomes the other (static/css/base.css)."""
DPI = 150
"""At which a sheet is drawn before it is made smaller: letters come out clean."""
HOW_TO_INSTALL = "apt-get install poppler-utils"


def screen(page: Page) -> Image.Image:
    """Returns what the window shows, once its images and fonts are there."""
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def sheets(page: Page) -> list[Image.Image]:
    """Returns the page printed on A4, a picture for each sheet.

    Raises FileNotFoundError when there is no pdftoppm, with what to do.
    """
    if not shutil.which("pdftoppm"):
        raise FileNotFoundError(f"No pdftoppm found, which draws what is printed. Remedy: {HOW_TO_INSTALL}.")
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
    """Writes a WebP of our inks without loss: letters stay sharp, and it is smaller than a blurred one.

    Raises AssertionError when it takes more than MAX_BYTES.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    few = picture.quantize(palette=_inks(), dither=Image.Dither.NONE)
    few.convert("RGB").save(path, lossless=True, method=6)
    size = path.stat().st_size
    assert size <= MAX_BYTES, f"{path} takes {size} bytes, more than {MAX_BYTES}"
    print(f"{path.name}  {size // 1000} KB")


def _inks() -> Image.Image:
    """A palette of what our pages are painted with, and of the edges of their letters."""
    colours = [getrgb(colour) for colour in FLAT]
    for ink, paper, steps in EDGES:
        first, last = getrgb(ink), getrgb(paper)
        colours += [
            tuple(round(a + (b - a) * step / (steps - 1)) for a, b in zip(first, last, strict=True))
            for step in range(steps)
        ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in colour])
    return palette


def _of_height(picture: Image.Image, height: int) -> Image.Image:
    width = round(picture.width * height / picture.height)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
