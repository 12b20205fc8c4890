"""Processes of the worker's, for what takes minutes or much memory and can be ended at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from threading import Thread

import django
from django.utils.module_loading import import_string

NICENESS = 10
"""Requests go first."""
FORKED_FROM = "worker.loaded"
"""Imported in one process when it is first needed; all others are forked from that one, and need not load the site."""


def start(function: str, *args: object) -> BaseProcess:
    """Calls a function in a process of its own, at low priority, that ends when ours does, however that ends."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([FORKED_FROM])
    process = context.Process(target=_run, args=(function, *args), daemon=True)
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
