"""Takes the pictures of README and docs: `python -m tests.browser.screenshots` (`make screenshots`)."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import HOW_TO_INSTALL, Watch, find_chromium, launch
from tests.browser.editors_week import MAKE_CHIEF, whole_week
from tests.browser.gallery import acts
from tests.browser.gallery.taking import OFFERED, prepare, take_gallery
from tests.browser.visiting import log_in
from tests.server.site import ROOT, Site, printed_password

IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 80_000
DESKTOP = {
    "home": "/",
    "search": "/search/?q=HBM&year=2025",
    "article": "/articles/{article}/",
    "issue": "/issues/2025-03-21/",
}
WEEK = [
    "front",
    "desk",
    "split",
    "figure",
    "words",
    "preview",
    "look",
    "scheduled",
    "found",
    "compare",
    "wechat",
    "withdrawn",
]
"""Of the steps of an editor's week, those that the handbook shows."""
PHONE = ["/", "/search/?q=HBM", "/articles/{article}/?q=带宽"]
GAP = 24
"""Pixels between the phones of one picture."""


PATIENCE_MS = 20_000


def main() -> None:
    expect.set_options(timeout=PATIENCE_MS)
    if not find_chromium():
        sys.exit(f"No Chromium found. Remedy: {HOW_TO_INSTALL}.")
    with tempfile.TemporaryDirectory(prefix="xinwenku-screenshots-") as folder:
        prepared = Site.in_folder(Path(folder) / "data")
        password = printed_password(prepared.manage("set_up"))
        every_page = prepared.copy_to(Path(folder) / "gallery")
        os.environ |= OFFERED
        prepare(every_page)
        prepared.run_python(MAKE_CHIEF)
        with sync_playwright() as playwright:
            browser = launch(playwright)
            with every_page.served() as site:
                take_gallery(site, browser)
            with prepared.served() as site:
                take_all(browser, site, password or "")
                take_the_week(browser, site)


def take_all(browser: Browser, site: Site, password: str) -> None:
    article = site.search("昇腾910C 带宽")["results"][0]["id"]
    page = window(browser, site, width=1200, height=760)
    for name, path in DESKTOP.items():
        page.goto(path.format(article=article))
        write(name, picture(page))
    dark = window(browser, site, width=1200, height=760, color_scheme="dark")
    dark.goto(f"/articles/{article}/")
    write("dark", picture(dark))

    phone = window(browser, site, width=360, height=720)
    phones = []
    for path in PHONE:
        phone.goto(path.format(article=article))
        phones.append(picture(phone))
    write("phone", side_by_side(phones))

    page.goto("/admin/")
    log_in(page, "editor", password)
    page.goto("/admin/archive/issue/")
    write("admin", picture(page))
    page.goto(f"/admin/archive/article/{article}/change/")
    page.locator(".field-body .ProseMirror[contenteditable=true] > p").first.wait_for()
    write("admin-article", picture(page))
    page.goto("/admin/desk/batches/")
    acts.bring_back_issues(page)
    write("batch", picture(page))


def take_the_week(browser: Browser, site: Site) -> None:
    """The handbook's pictures: an editor's week, as the browser test does it."""
    editor, member = (window(browser, site, width=1200, height=760) for _ in range(2))
    for step, page in whole_week(site, Watch(), editor, member):
        if step in WEEK:
            write(f"week-{step}", picture(page))


def window(browser: Browser, site: Site, *, width: int, height: int, **options: object) -> Page:
    context = browser.new_context(
        base_url=site.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": width, "height": height},
        **options,  # type: ignore[arg-type]
    )
    return context.new_page()


def picture(page: Page) -> Image.Image:
    """What the window shows, once its images and fonts are there."""
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """The pictures in a row on grey."""
    width = sum(picture.width + GAP for picture in pictures) + GAP
    row = Image.new("RGB", (width, pictures[0].height + 2 * GAP), "#c9c9c5")
    left = GAP
    for picture in pictures:
        row.paste(picture, (left, GAP))
        left += picture.width + GAP
    return row


def write(name: str, picture: Image.Image) -> None:
    """Writes a PNG of few colours: these pages have few, and the file is a fraction as large.

    Maximum coverage keeps the red, which is rare; the median cut turns it brown.
    """
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = IMAGES / f"{name}.png"
    for colours in (48, 24, 16, 8):
        picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
        if path.stat().st_size <= MAX_BYTES:
            break
    else:
        raise AssertionError(f"{path} takes {path.stat().st_size} bytes, more than {MAX_BYTES}")
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} KB, {colours} colours")


if __name__ == "__main__":
    main()
