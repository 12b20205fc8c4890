"""docs/architecture.md is read in five minutes, and names every room."""

from __future__ import annotations

import re
import tomllib

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MAX_WORDS = 800


def test_it_has_at_most_800_words_and_one_diagram() -> None:
    assert len(PAGE.split()) <= MAX_WORDS, "what to change where stands in docs/changing.md"
    assert PAGE.count("```") == 2


def test_its_table_has_the_rooms_that_import_linter_knows_in_the_order_of_their_imports() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rooms = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert rooms == contracts["root_packages"][::-1]
    assert f"`{' → '.join(contracts['root_packages'])}`" in PAGE
