"""Takes the picture of every page: by `make screenshots`, or alone with `python -m tests.browser.gallery.taking`.

With names, those pages only; with `--full FOLDER`, each view in full into a folder as well, to be looked at.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch
from tests.browser.editors_week import LOST, MAKE_CHIEF, TEXT, log_in
from tests.browser.gallery import acts, plates
from tests.browser.gallery.pages import EDITORS, MEMBERS, Shown
from tests.server.site import ROOT, Site

IMAGES = ROOT / "docs" / "images" / "pages"
WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 360, "height": 720},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

View = dict[str, Image.Image]


def take_gallery(
    site: Site, browser: Browser, names: Sequence[str] = (), full: Path | None = None, into: Path = IMAGES
) -> None:
    """Takes the plates of all pages, or of those named, of a site with one draft (`prepare`)."""
    known = acts.known(site)
    reader = {"user_agent": acts.READER}
    member, its_phone = _window(site, browser, WIDE | reader), _window(site, browser, PHONE | reader)
    acts.search_around(member)
    editor, their_phone = _window(site, browser, WIDE), _window(site, browser, PHONE)
    log_in(editor)
    their_phone.context.add_cookies(editor.context.cookies())  # type: ignore[arg-type]
    for pages, wide, phone in ((MEMBERS, member, its_phone), (EDITORS, editor, their_phone)):
        for shown in pages:
            if not names or shown.name in names:
                views = _views(shown, known, wide, phone, is_printed=pages is MEMBERS)
                _keep(shown.name, views, full, into)


OFFERED = {"EMAIL_URL": "dummy:", "PORTABLE_ARCHIVE": "text"}
"""Settings of the site, while it is prepared and served: pages offer what needs mail, and none goes out."""


def prepare(site: Site) -> None:
    """Gives a site that is set up its chief editor, golden queries, and the one draft, a week after the demo's."""
    made = MAKE_CHIEF, acts.MAKE_GOLDEN, acts.MAKE_REPORTS, acts.MAKE_PROPOSAL, acts.MAKE_PEOPLE
    site.run_python("".join(made))
    with tempfile.TemporaryDirectory(prefix="xinwenku-draft-") as folder:
        draft = Path(folder) / "draft.txt"
        draft.write_text(TEXT.replace(LOST, f"2、{LOST}"), encoding="utf-8")
        site.manage("import_issues", draft, "--start-date", "2025-04-07", "--end-date", "2025-04-11")
    site.run_python("from search.portable.keeping import bring_up_to_date; bring_up_to_date()")


def _window(site: Site, browser: Browser, options: dict[str, Any]) -> Page:
    """A browser of its own, whose pages move without animation."""
    context = browser.new_context(
        base_url=site.url, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
    )
    return context.new_page()


def _views(shown: Shown, known: dict[str, str], wide: Page, phone: Page, *, is_printed: bool) -> View:
    views: View = {}
    for name, page in (("light", wide), ("dark", wide), ("phone", phone)):
        page.emulate_media(color_scheme="dark" if name == "dark" else "light")
        page.goto(shown.path.format(**known))
        if shown.act:
            shown.act(page)
        views[name] = plates.screen(page)
    if is_printed:
        wide.emulate_media(color_scheme="light")
        views |= {f"paper-{number}": sheet for number, sheet in enumerate(plates.sheets(wide), start=1)}
    return views


def _keep(name: str, views: View, full: Path | None, into: Path) -> None:
    tall = [views[view] for view in ("phone", "paper-1") if view in views]
    plates.write(into / f"{name}.webp", plates.plate(views["light"], views["dark"], tall))
    if full:
        full.mkdir(parents=True, exist_ok=True)
        for view, picture in views.items():
            picture.save(full / f"{name}-{view}.png")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("names", nargs="*", help="of the pages (tests/browser/gallery/pages.py); else all")
    arguments.add_argument("--full", type=Path, metavar="FOLDER", help="keep each view in full as well")
    options = arguments.parse_args()
    os.environ |= OFFERED
    with tempfile.TemporaryDirectory(prefix="xinwenku-gallery-") as folder, sync_playwright() as playwright:
        site = Site.in_folder(Path(folder) / "data")
        site.manage("set_up")
        prepare(site)
        with site.served():
            take_gallery(site, launch(playwright), options.names, options.full)


if __name__ == "__main__":
    main()
