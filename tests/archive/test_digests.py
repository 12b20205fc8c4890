"""Digests in the manner of other publishers are read as they should be; so are the cases that lie beside the project."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

from archive.parsing import parse_issue
from archive.reading import read_document
from benchmarks.digests import DIGESTS, Outcome, f1, read_folder
from tests.archive.wholeness import visible, visible_in

CASES = Path(__file__).parents[3] / "shared" / "cases" / "import"
TUNED_ON = [
    outcome
    for folder in (DIGESTS / "open", DIGESTS / "later", CASES)
    if folder.is_dir()
    for outcome in read_folder(folder)
]
LEAST = 0.95
"""What is asked of digests that the parser was not made with: there some mistakes must be possible."""


def digests(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix != ".json") if folder.is_dir() else []


@pytest.mark.parametrize("outcome", TUNED_ON, ids=lambda outcome: outcome.name)
def test_a_digest_is_read_with_its_title_dates_sections_and_articles(outcome: Outcome) -> None:
    assert outcome.differences == {}


def test_digests_that_the_parser_was_not_made_with_are_read_too() -> None:
    outcomes = [*read_folder(DIGESTS / "held")]
    assert len(outcomes) >= 20
    assert mean(outcome.articles for outcome in outcomes) >= LEAST
    assert mean(outcome.sections for outcome in outcomes) >= LEAST


@pytest.mark.parametrize(
    "path",
    [path for name in ("open", "held", "later") for path in digests(DIGESTS / name)] + digests(CASES),
    ids=lambda path: path.name,
)
def test_no_character_of_a_digest_is_lost_or_doubled(path: Path) -> None:
    lines = read_document(path.name, path.read_bytes()).lines
    for reading in (0, 1):
        assert visible_in(parse_issue(lines, reading=reading)) == visible(
            "".join(line.text for line in lines)
        )


def test_the_measure_counts_what_is_missing_and_what_is_too_much() -> None:
    assert f1(["甲", "乙"], ["甲", "乙"]) == 1
    assert f1(["甲", "乙"], ["甲", "丙"]) == 0.5
    assert f1(["甲"], ["甲", "甲"]) == pytest.approx(2 / 3)
    assert f1(["甲"], []) == 0
