"""Processes of the worker's, for what takes minutes or much memory and can be ended at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from threading import Thread

import django
from django.utils.module_loading import import_string

NICENESS = 10
"""Requests go first."""


def start(function: str, *args: object) -> SpawnProcess:
    """Calls a function in a process of its own, at low priority, that ends when ours does, however that ends."""
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(function, *args), daemon=True)
    process.start()
    return process


def _run(function: str, *args: object) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a terminal's Ctrl-C: the worker ends this process when it ends
    os.nice(NICENESS)
    django.setup()
    import_string(function)(*args)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    wait([parent.sentinel] if parent else [])
    os._exit(2)
