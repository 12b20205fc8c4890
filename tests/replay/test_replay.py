"""What was recorded is still answered, some cases of each kind; `make replay` compares all of them."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

from tests.replay import recording, site

ROOT = Path(__file__).resolve().parent.parent.parent
EVERY = 12


def test_some_cases_of_each_kind_are_answered_as_they_were_recorded() -> None:
    command = [sys.executable, "-m", "tests.replay", "compare", "--every", str(EVERY)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    compared = sum(len(recording.read(kind)[::EVERY]) for kind in recording.KINDS)
    assert f"{compared} cases, 0 differences" in done.stdout


def test_what_is_recorded_is_enough_of_each_kind() -> None:
    counts = {kind: len(recording.read(kind)) for kind in recording.KINDS}

    assert counts["queries"] >= 500
    assert counts["imports"] >= 100
    assert counts["pages"] >= 40
    assert counts["explained"] >= 40
    assert counts["export"] >= 12


@pytest.mark.parametrize("module", [recording, site], ids=lambda module: module.__name__)
def test_the_examples_in_its_own_code_hold(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize(
    ("recorded", "answered", "places"),
    [
        ({"total": 3}, {"total": 4}, [".total"]),
        ({"total": 3}, {}, [".total"]),
        ({}, {"new": None}, [".new"]),
        ([{"id": 1}], [{"id": 1}, {"id": 2}], ["[1]"]),
        ({"score": 1.2345}, {"score": 1.2346}, []),
        ({"score": 1.2345}, {"score": 1.2347}, [".score"]),
        ({"is": 1}, {"is": True}, [".is"]),
        ({"told": "one\ntwo"}, {"told": "one\n2"}, [".told"]),
        ({"told": ["a", "b"]}, {"told": ["a"]}, [".told"]),
        ({"told": []}, {"told": ["a"]}, [".told[0]"]),
    ],
)
def test_every_difference_is_told_with_its_place(
    recorded: object, answered: object, places: list[str]
) -> None:
    assert [place for place, _ in recording.differences(recorded, answered)] == places


def test_what_differs_on_purpose_needs_a_line_that_names_case_or_place(tmp_path: Path) -> None:
    path = tmp_path / "allowed.tsv"
    path.write_text("# comment\npage/search/*\tnew words\nquery/* .told.total\tcounted otherwise\n")
    allowed = recording.Allowed(path)

    assert allowed.reason("page/search/?q=HBM", ".told", "1 → 2") == "new words"
    assert allowed.reason("query/001 typed", ".told.total", "1 → 2") == "counted otherwise"
    assert not allowed.reason("query/001 typed", ".told.query", "1 → 2")
    assert not allowed.reason("page/", ".told", "1 → 2")
    assert allowed.unused == set()
