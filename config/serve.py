"""`python -m config.serve`: the server and its worker, until Ctrl-C; when one of them dies, the other is ended.

What `make run` starts. In production they are two services (docs/operations.md). Arguments are gunicorn's.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1
STOP_SECONDS = 40
"""gunicorn lets requests end for 30 seconds, the worker its task for 10."""


def main(arguments: list[str]) -> int:
    """Returns 0 when it was told to end, else the exit code of the one that ended by itself, or 1."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    commands = {
        "server": [sys.executable, "-m", "gunicorn", "config.wsgi", *arguments],
        "worker": [sys.executable, "manage.py", "run_worker"],
    }
    running = {name: _start(command) for name, command in commands.items()}
    ended: list[str] = []
    while not told.wait(0.2) and not ended:
        ended = [name for name, process in running.items() if process.poll() is not None]
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        _wait(process)
    if not ended:
        return 0
    code = running[ended[0]].returncode
    other = "worker" if ended[0] == "server" else "server"
    print(f"The {ended[0]} ended by itself ({code}), so the {other} was ended too.", file=sys.stderr)
    return code if 0 < code < 256 else 1  # a signal's is negative


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # No threads run here yet, so the hook is safe.
    return subprocess.Popen(command, cwd=ROOT, preexec_fn=_end_with_parent)  # noqa: S603 - our own commands


def _end_with_parent() -> None:
    """Has Linux end this process when the one that starts it is killed, which could not do it itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
