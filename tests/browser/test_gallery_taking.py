"""The pictures of docs/pages.md can be taken: every page is opened, acted on and pictured."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.conftest import served_copy
from tests.browser.gallery.pages import EDITORS, MEMBERS
from tests.browser.gallery.taking import OFFERED, prepare, take_gallery
from tests.server.site import Site

EVERY = [page.name for page in (*MEMBERS, *EDITORS)]


@pytest.fixture
def site(
    prepared_site: tuple[Site, str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    for name, value in OFFERED.items():
        monkeypatch.setenv(name, value)
    copy = prepared_site[0].copy_to(tmp_path_factory.mktemp("gallery") / "site")
    prepare(copy)
    with served_copy((copy, prepared_site[1]), tmp_path_factory, "pictured") as served:
        yield served


@pytest.mark.nightly
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
def test_every_page_is_pictured(site: Site, chromium: Browser, tmp_path: Path) -> None:
    take_gallery(site, chromium, EVERY, into=tmp_path)

    taken = {path.stem: Image.open(path).size for path in tmp_path.glob("*.webp")}
    assert sorted(taken) == sorted(EVERY)
    assert all(width > 300 and height > 300 for width, height in taken.values())
