"""Generations are told apart by their names: which is the newest, which one stays beside the live one."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from filelock import FileLock

from search.engines.base import OtherVersion
from search.engines.whoosh.generations import POINTER, VERSION, Generations
from search.engines.whoosh.manifest import MANIFEST, Manifest


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


def of_another_version(folder: Path, days_ago: float) -> Generations:
    other = Generations(folder, "v0.1")
    complete(other)
    changed = time.time() - days_ago * 86_400
    for path in [other.root / POINTER, *other.root.glob(f"*/{MANIFEST}")]:
        os.utime(path, (changed, changed))
    return other


def test_what_another_version_built_stays_for_a_week_after_its_last_change(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    complete(generations)
    of_another_version(tmp_path, days_ago=6.9)
    assert generations.remove_unused_versions() == []
    other = of_another_version(tmp_path, days_ago=7.1)
    with FileLock(other.lock_path("maintain")):  # a worker of that version looks after it
        assert generations.remove_unused_versions() == []
    assert generations.remove_unused_versions() == ["v0.1"]
    assert not other.root.exists()
    assert generations.live().path.exists()


def test_the_index_of_the_first_version_is_not_asked_and_goes_after_a_week(tmp_path: Path) -> None:
    """0.1.0 had its generations in the folder itself, and another lock."""
    old = of_another_version(tmp_path / "elsewhere", days_ago=8)
    for path in old.root.iterdir():
        path.rename(tmp_path / path.name)
    (tmp_path / "caretaker.lock").touch()
    tmp_path.chmod(0o700)
    generations = Generations(tmp_path)
    assert not generations.is_empty
    with pytest.raises(OtherVersion, match="rebuild_index"):
        generations.live()
    live = complete(generations)
    with FileLock(tmp_path / "caretaker.lock"):
        assert generations.remove_unused_versions() == []
    assert generations.remove_unused_versions() == [tmp_path.name]
    assert {path.name for path in tmp_path.iterdir()} == {VERSION, "elsewhere"}
    assert generations.live().path == live


def test_an_index_whose_manifest_names_another_version_is_refused(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    live = complete(generations)
    replace(Manifest.read(live), version="v0.1").write(live)
    with pytest.raises(OtherVersion):
        generations.live()
    assert generations.candidates() == []
