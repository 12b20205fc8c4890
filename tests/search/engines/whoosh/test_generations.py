"""Generations are told apart by their names: which is the newest, which one stays beside the live one."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine

from search.engines.whoosh.generations import VERSION, Generations
from search.engines.whoosh.manifest import Manifest


def complete(generations: Generations) -> Path:
    """A generation with nothing in it that went live."""
    path = generations.new()
    Manifest(VERSION, built_at="", documents=0, commit=1, position={}, files={}).write(path)
    generations.activate(path.name)
    return path


@pytest.mark.parametrize("seconds", [0, 0.000001, -1, -3600, -86400])
def test_the_one_made_last_is_the_newest_whatever_the_clock_says(tmp_path: Path, seconds: float) -> None:
    """Several are made in one second, and clocks are set back."""
    generations = Generations(tmp_path / "index")
    with time_machine.travel("2025-03-21 10:15:00+08:00", tick=False) as clock:
        made = []
        for _ in range(4):
            made.append(complete(generations))
            clock.shift(seconds)
        assert [path.name for path in made] == sorted(path.name for path in made)
        assert generations.remove_old() == [path.name for path in reversed(made[:2])]
    assert made[2].exists()
    assert generations.pointed_at == made[3].name


def test_names_of_earlier_versions_are_followed(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index")
    with time_machine.travel("2025-03-21 10:15:00+08:00", tick=False):
        generations.new().rename(tmp_path / "index" / VERSION / "20250321-101500-fffffe")
        assert generations.new().name == "20250321-101501-000000"
