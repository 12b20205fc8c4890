"""Members' scripts hold no words of their own: what they say stands in the page, in the reader's characters."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

SCRIPTS = [path for path in sorted((ROOT / "static" / "js").glob("*.js")) if not path.stem.startswith("desk")]
TEMPLATES = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
COMMENT = re.compile(r"(?:^|\s)//.*$", re.MULTILINE)


def code_of(name: str) -> str:
    """A script without its comments."""
    return COMMENT.sub("", (ROOT / "static" / "js" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [path.name for path in SCRIPTS])
def test_no_script_of_members_says_anything_of_its_own(name: str) -> None:
    assert re.findall("[\u3400-\u9fff]+", code_of(name)) == []


def test_the_words_of_scripts_and_pages_are_the_same() -> None:
    asked = {name for path in SCRIPTS for name in re.findall(r"""words\("([\w-]+)\"""", code_of(path.name))}
    assert len(asked) > 10
    assert set(re.findall(r'<template data-says="([^"]+)">', TEMPLATES)) == asked
