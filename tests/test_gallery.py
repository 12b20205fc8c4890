"""docs/pages.md shows every page, each picture is there, and a page added later is missed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from tests.browser.gallery.pages import EDITORS, MEMBERS, NO_PAGE
from tests.browser.gallery.taking import IMAGES
from tests.server.site import ROOT

PAGES = [*MEMBERS, *EDITORS]
SHOWN = {view for page in PAGES for view in page.views}
DOC = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(images/pages/(?P<name>[\w-]+)\.webp\)")
ALL_MAY_TAKE = 3_000_000
"""Bytes: the repository keeps every picture that was ever taken."""


def views(resolver: URLResolver, room: str = "", below: str = "") -> Iterator[tuple[str, str]]:
    """Yields the full name and the address of everything in the URLconf."""
    for found in resolver.url_patterns:
        address = below + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from views(found, f"{room}{found.namespace}:" if found.namespace else room, address)
        elif isinstance(found, URLPattern) and found.name:
            yield f"{room}{found.name}", address


def members_views() -> set[str]:
    """What answers outside the admin and the API."""
    apart = ("admin/", "api/")
    return {name for name, address in views(get_resolver()) if not address.startswith(apart)}


def test_every_page_of_the_site_is_pictured() -> None:
    missed = sorted(members_views() - SHOWN - set(NO_PAGE))
    assert not missed, (
        f"{missed}: no picture. A page needs a line in tests/browser/gallery/pages.py (MEMBERS), a section in "
        "docs/pages.md, and `make screenshots`; what is no page belongs to NO_PAGE there."
    )


def test_nothing_is_pictured_or_left_out_that_is_no_more() -> None:
    known = {name for name, _ in views(get_resolver())}
    assert SHOWN | set(NO_PAGE) <= known
    assert not SHOWN & set(NO_PAGE)


def test_docs_show_every_page_once_in_the_order_of_the_table() -> None:
    assert [found["name"] for found in PICTURE.finditer(DOC)] == [page.name for page in PAGES]


def test_every_picture_is_described_in_its_own_words() -> None:
    described = Counter(found["alt"] for found in PICTURE.finditer(DOC))
    assert all(len(alt) > 20 for alt in described)
    assert max(described.values()) == 1


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_each_picture_is_there(name: str) -> None:
    with Image.open(IMAGES / f"{name}.webp") as picture:
        assert picture.format == "WEBP"
        assert picture.width > picture.height


def test_no_picture_is_left_over_and_all_stay_light() -> None:
    files = list(IMAGES.iterdir())
    assert {file.stem for file in files} == {page.name for page in PAGES}
    assert sum(file.stat().st_size for file in files) <= ALL_MAY_TAKE
