"""What the caretaker does about the index by itself."""

from __future__ import annotations

import sys
import time

import pytest

from config.chores import CHECK, CheckProcess, chores


def wait_for(process: CheckProcess) -> None:
    deadline = time.monotonic() + 30
    while process.is_running and time.monotonic() < deadline:
        time.sleep(0.01)


def test_index_and_archive_are_compared_once_an_hour_but_not_while_the_server_starts() -> None:
    [chore] = [chore for chore in chores() if chore.name == "check"]
    assert chore.every_seconds == 1800  # every other call starts one
    assert isinstance(chore.run, CheckProcess)
    chore.run()
    assert not chore.run.is_running
    assert CHECK[-2:] == ["check_index", "--fix"]


def test_a_comparison_that_fails_is_reported_and_the_next_one_is_started() -> None:
    process = CheckProcess([sys.executable, "-c", "raise SystemExit(1)"])
    process()
    process()
    assert process.is_running
    wait_for(process)
    with pytest.raises(RuntimeError, match="check_index"):
        process()
    process()
    assert process.is_running
    wait_for(process)
