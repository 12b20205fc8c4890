"""Slots: places in the archive's pages that other rooms fill."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR) / "templates"
OF_OTHER_ROOMS = re.compile(
    r"\{% (?:load [^%]*(?:insight|glossary|thread|readers)|(?:include|extends) \"(?:search|glossary|desk|members|admin/insight|api)/"
    r"|url \"(?:search|glossary|desk|tokens|trends|api-1|opensearch|admin:(?:search|glossary|insight|desk)))"
)


def templates_of_the_archive() -> list[Path]:
    """The pages and admin pages of the archive, and what every page stands in."""
    own = [*TEMPLATES.glob("*.html"), *TEMPLATES.glob("admin/*.html")]
    return own + [
        path for folder in ("archive", "admin/archive") for path in TEMPLATES.glob(f"{folder}/**/*.html")
    ]


def test_every_slot_of_the_setting_is_in_a_page_and_every_filler_exists() -> None:
    own = [
        *templates_of_the_archive(),
        *TEMPLATES.glob("account/*.html"),
        *TEMPLATES.glob("admin/insight/*.html"),
        *TEMPLATES.glob("search/*.html"),
        *TEMPLATES.glob("glossary/*.html"),
    ]
    pages = "".join(path.read_text(encoding="utf-8") for path in own)
    assert set(re.findall(r'{% slot "([a-z-]+)" %}', pages)) == set(settings.SLOTS)
    for fillers in settings.SLOTS.values():
        for filler in fillers:
            get_template(filler)


def test_no_page_of_the_archive_names_another_room() -> None:
    for path in templates_of_the_archive():
        assert not OF_OTHER_ROOMS.search(path.read_text(encoding="utf-8")), path.name


def test_a_slot_shows_its_fillers_in_order_or_else_its_own_content() -> None:
    filled = Template('{% load slots %}{% slot "sections" %}nothing{% endslot %}').render(
        Context({"here": ""})
    )
    assert re.findall("话题|热度|搜索|关注|nothing", filled) == ["话题", "热度", "搜索", "关注"]
    empty = Template('{% load slots %}{% slot "filled-by-nobody" %}{{ own }}{% endslot %}')
    assert empty.render(Context({"own": "<b>"})) == "&lt;b&gt;"


def test_a_filler_sees_what_the_page_knows() -> None:
    page = Template(
        '{% load slots %}{% with here="search:results" %}{% slot "sections" %}{% endslot %}{% endwith %}'
    )
    assert page.render(Context()).count("aria-current") == 1
