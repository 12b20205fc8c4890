"""Static files of two releases lie side by side, until the older one was not started for a long time."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.test import Client
from pytest_django import Settings

from config import static_files


@pytest.fixture
def sources(settings: Settings, tmp_path: Path) -> Path:
    """The sources of a site that has a script, which imports another one, and a style sheet."""
    for name, text in {
        "js/page.js": 'import { open } from "./part.js";\nopen();\n',
        "js/part.js": f"// {'long ' * 500}\nexport const open = () => 1;\n",
        "css/base.css": "body { color: black }\n",
    }.items():
        path = tmp_path / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    return tmp_path / "sources"


def start(settings: Settings) -> None:
    """Starts the release that the sources are now: what `set_up` does, and then a new process."""
    static_files.release.cache_clear()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static_files.HashedFiles"},
    }
    static_files.collect()
    settings.STORAGES = {**settings.STORAGES}  # the storage is made anew, and reads its manifest


def test_a_page_of_the_old_release_finds_its_scripts_and_that_release_starts_again(
    sources: Path, settings: Settings
) -> None:
    root = Path(settings.STATIC_ROOT)
    start(settings)
    before = (sources / "js" / "part.js").read_text(encoding="utf-8")
    old = {name: static(name) for name in ("js/page.js", "js/part.js", "css/base.css")}
    (sources / "js" / "part.js").write_text("export const open = () => 2;\n", encoding="utf-8")
    os.utime(sources / "js" / "part.js", (1, 1))  # as an archive was unpacked
    start(settings)
    new = {name: static(name) for name in old}
    assert {name for name in old if old[name] != new[name]} == {"js/page.js", "js/part.js"}
    for address in (*old.values(), *new.values()):
        assert Client().get(address).status_code == 200, address
    for address, said in ((old["js/page.js"], old["js/part.js"]), (new["js/page.js"], new["js/part.js"])):
        text = (root / address.removeprefix("/static/")).read_text(encoding="utf-8")
        imported = re.search(r'"\./(part\..*?js)"', text)
        assert imported
        assert said.endswith(imported[1])
    assert (root / "js" / "part.js").read_text(encoding="utf-8") == "export const open = () => 2;\n"
    (sources / "js" / "part.js").write_text(before, encoding="utf-8")
    start(settings)
    assert {name: static(name) for name in old} == old, "back to the release before"


def test_a_release_that_ran_for_months_until_now_is_kept_as_one_that_was_just_started(
    sources: Path, settings: Settings
) -> None:
    start(settings)
    old = static("js/part.js")
    [marker] = Path(settings.STATIC_ROOT).glob(".made-from-*")
    long_ago = time.time() - 3 * static_files.KEPT_SECONDS
    os.utime(marker, (long_ago, long_ago))
    (sources / "js" / "part.js").write_text("export const open = () => 2;\n", encoding="utf-8")
    for _ in range(2):  # a restart
        start(settings)
        assert static("js/part.js") != old
        assert Client().get(old).status_code == 200, "a page that is open still asks for it"


def test_what_only_a_release_names_that_was_not_started_for_a_month_goes(
    sources: Path, settings: Settings
) -> None:
    root = Path(settings.STATIC_ROOT)
    start(settings)
    old_release, old, shared = static_files.release(), static("js/part.js"), static("css/base.css")
    assert (root / f"{old.removeprefix('/static/')}.gz").exists()
    (sources / "js" / "part.js").write_text("export const open = () => 2;\n", encoding="utf-8")
    start(settings)
    long_ago = time.time() - static_files.KEPT_SECONDS - 1
    os.utime(root / f".made-from-{old_release}", (long_ago, long_ago))
    start(settings)
    there = {f"/static/{path.relative_to(root)}" for path in root.rglob("*")}
    assert {old, f"{old}.gz", f"/static/staticfiles-{old_release}.json"} & there == set()
    assert {shared, static("js/part.js")} <= there
    assert staticfiles_storage.exists("js/part.js")


def test_a_style_sheet_goes_without_its_comments(sources: Path, settings: Settings) -> None:
    (sources / "css" / "base.css").write_text(
        "/* Two\n   lines. *//*! MIT */\na { color: red }\n/**/ b::before { content: '/' } /* url(no.png) */\n",
        encoding="utf-8",
    )
    start(settings)
    sent = b"".join(Client().get(static("css/base.css")))  # type: ignore[arg-type]
    assert sent.split() == b"/*! MIT */ a { color: red } b::before { content: '/' }".split()
    assert b"".join(Client().get(static("js/part.js"))).startswith(b"// long")  # type: ignore[arg-type]


def test_a_style_sheet_holds_those_that_it_imports(sources: Path, settings: Settings) -> None:
    (sources / "css" / "page.css").write_text('@import "parts.css";\np { color: red }\n', encoding="utf-8")
    (sources / "css" / "parts.css").write_text('@import "base.css";\nq { color: blue }\n', encoding="utf-8")
    start(settings)
    before = static("css/page.css")
    sent = b"".join(Client().get(before))  # type: ignore[arg-type]
    assert sent.split(b"\n") == [
        b"body { color: black }",
        b"",
        b"q { color: blue }",
        b"",
        b"p { color: red }",
        b"",
    ]
    (sources / "css" / "base.css").write_text("body { color: gray }\n", encoding="utf-8")
    start(settings)
    assert static("css/page.css") != before, "it is another one when what it imports is"
