"""Tasks that tests give to real workers; each leaves a line in a file."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from django_tasks import task


class Panic(BaseException):
    """What PyO3 makes of a panic in Rust: no Exception."""


def _note(path: str, word: str) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")


@task()
def quick(path: str, word: str = "quick") -> None:
    _note(path, word)


@task(queue_name="long")
def long(path: str, word: str = "long") -> None:
    _note(path, f"{word} {os.getpid()} {os.getppid()}")


@task()
def until(path: str, other: str) -> None:
    """Begins, and ends when another file is there."""
    _note(path, "begun")
    while not Path(other).exists():
        time.sleep(0.02)
    _note(path, "ended")


@task(queue_name="long")
def long_until(path: str, other: str) -> None:
    _note(path, f"begun {os.getpid()}")
    while not Path(other).exists():
        time.sleep(0.02)
    _note(path, "ended")


@task()
def fails(path: str) -> None:
    _note(path, "tried")
    raise ValueError("这个任务总是失败")


@task(queue_name="long")
def long_fails(path: str) -> None:
    _note(path, "tried")
    raise ValueError("这个任务总是失败")


@task()
def panics(path: str) -> None:
    _note(path, "tried")
    raise Panic("这个任务惊慌失措")


@task(queue_name="long")
def long_panics(path: str) -> None:
    _note(path, "tried")
    raise Panic("这个任务惊慌失措")


@task(queue_name="long")
def long_dies(path: str) -> None:
    _note(path, "tried")
    os._exit(3)


@task()
def kills_its_worker(path: str) -> None:
    _note(path, "tried")
    os.kill(os.getpid(), signal.SIGKILL)
