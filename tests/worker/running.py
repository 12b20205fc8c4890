"""Runs tasks in the process of a test, which is no worker."""

from __future__ import annotations

import threading

from worker.running import LONG, QUICK, Lane


def run_due_tasks() -> int:
    """Runs every task that is due, one after the other. Returns how many that were."""
    lanes = [Lane(queue, "test", threading.Event(), in_children=False) for queue in (QUICK, LONG)]
    count = 0
    while any(lane.round() == 0 for lane in lanes):
        count += 1
    return count
