"""The archive serves its pages with every other room uninstalled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from archive.punctuation import full_width
from tests.conftest import ROOT

pytestmark = pytest.mark.server

ROOMS_ABOVE = {
    "config",
    "desk",
    "insight",
    "claims",
    "search",
    "glossary",
    "haystack",
    "whoosh",
    "jieba",
    "rjieba",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("alone")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.archive.alone.settings",
        "XWK_DATA_DIR": str(folder / "data"),
        "SECRET_KEY": "only-for-tests",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.alone.visit", folder / "export.jsonl"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_no_other_room_is_installed_or_loaded(site: dict[str, Any]) -> None:
    assert "archive" in site["installed"]
    assert not ROOMS_ABOVE & {name.partition(".")[0] for name in site["installed"]}
    assert [name for name in site["loaded"] if name.partition(".")[0] in ROOMS_ABOVE] == []


def test_every_page_answers_and_no_link_leads_to_nothing(site: dict[str, Any]) -> None:
    for who in ("reader", "editor"):
        answers = {address: page["status"] for address, page in site[who].items() if address != "/nothing/"}
        # Where a redirect leads is walked too.
        assert {address: status for address, status in answers.items() if status not in (200, 302)} == {}, who
        assert len(answers) > 15, who


def test_the_pages_say_what_is_in_the_archive(site: dict[str, Any]) -> None:
    pages, headline, title = site["reader"], site["headline"], site["title"]
    assert {"/", "/issues/", "/basket/", "/feeds/issues.atom", site["issue"], site["article"]} <= set(pages)
    for address in ("/", site["issue"], site["article"], "/feeds/issues.atom"):
        assert full_width(headline) in pages[address]["text"], address
        assert title in pages[address]["text"], address
    assert site["article"] in pages["/sitemap.xml"]["text"]
    assert "没有这一页" in site["editor"]["/nothing/"]["text"]
    for words_of_others in ("搜索", "话题", "热度", "接口", "来龙去脉", "升温"):
        assert words_of_others not in pages["/"]["text"]
        assert words_of_others not in site["editor"]["/nothing/"]["text"]


def test_editors_work_in_the_admin(site: dict[str, Any]) -> None:
    pages, headline = site["editor"], site["headline"]
    assert headline in pages["/admin/archive/article/"]["text"]
    for address in ("/admin/archive/issue/add/", "/admin/archive/article/add/", "/admin/archive/issue/bin/"):
        assert pages[address]["status"] == 200
    assert headline in pages["/admin/archive/issue/1/history/1/"]["text"]
    assert site["saved"] == [302, "单独的文库也能改。"]


def test_basket_and_export_hold_the_text(site: dict[str, Any]) -> None:
    assert [clipping["title"] for clipping in site["clipped"]] == [full_width(site["headline"])]
    assert site["headline"] in site["basket"]
    exported = site["exported"]
    assert exported["title"] == site["title"]
    assert site["headline"] in [article["title"] for article in exported["articles"]]
