"""docs/security.md has one row for every requirement of ASVS 5.0, levels 1 and 2, and names no file that is not there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "security.md"
LEVELS = Path(__file__).parent / "asvs-5.0.0.txt"
ROW = re.compile(r"^\| (V[\d.]+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
STATES = {"done", "n/a", "not done"}
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|txt))`")


def asked() -> list[str]:
    """The requirements of levels 1 and 2."""
    items = []
    for line in LEVELS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            section, *levels = line.split()
            items += [f"{section}.{number}" for number, level in enumerate(levels, 1) if level in {"1", "2"}]
    return items


def rows() -> list[tuple[str, str, str, str]]:
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_every_item_of_levels_1_and_2_has_one_row_in_order() -> None:
    assert len(asked()) == 70 + 183
    assert [item for item, *_ in rows()] == asked()


def test_every_row_says_what_holds_and_how() -> None:
    assert {state for _, _, state, _ in rows()} <= STATES
    assert [item for item, _, state, how in rows() if state == "not done" and len(how) < 40] == []


def test_most_is_decided() -> None:
    """The page can not become a list of what is missing without anyone noticing."""
    counted = Counter(state for _, _, state, _ in rows())
    assert counted["not done"] <= 6, counted


@pytest.mark.parametrize("page", [PAGE, ROOT / "SECURITY.md"], ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    linked = re.findall(r"\]\(([^)#:]+)[)#]", text)
    missing += [name for name in linked if not (page.parent / name).exists()]
    assert missing == []
