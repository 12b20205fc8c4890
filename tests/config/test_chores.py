"""What the caretaker does about the index by itself."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from config.caretaker import Caretaker
from config.chores import CHECK, CheckProcess, chores


def wait_for(process: CheckProcess) -> None:
    deadline = time.monotonic() + 30
    while process.is_running and time.monotonic() < deadline:
        time.sleep(0.01)


def test_index_and_archive_are_compared_a_minute_after_the_start_and_once_an_hour(tmp_path: Path) -> None:
    """The clock is one that is told what to say; each comparison is a process that waits for a line."""
    [chore] = [chore for chore in chores() if chore.name == "check"]
    assert isinstance(chore.run, CheckProcess)
    assert CHECK[-2:] == ["check_index", "--fix"]
    line = tmp_path / "line"
    os.mkfifo(line)
    process = CheckProcess(["/bin/sh", "-c", f"read word < {line}"])
    now, started = 0, []
    keeper = Caretaker([replace(chore, run=process)], tmp_path / "lock", tmp_path / "state", lambda: now)
    for now in range(0, 3 * 3600, 20):
        keeper.round()
        if process.is_running:
            started.append(now)
            line.write_text("go on\n")
            wait_for(process)
    assert started == [60, 3660, 7260]


def test_a_comparison_that_fails_is_reported_and_the_next_one_is_started() -> None:
    process = CheckProcess([sys.executable, "-c", "raise SystemExit(1)"])
    process()
    assert process.is_running
    wait_for(process)
    with pytest.raises(RuntimeError, match="check_index"):
        process()
    process()
    assert process.is_running
    wait_for(process)
