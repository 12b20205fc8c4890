"""Programs that tests need, from the system's packages where apt may install them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable

from tests.cluster.starting import CanNotStart


def need(is_there: Callable[[], object], *packages: str) -> None:
    """Installs packages, unless what they bring is there. Raises CanNotStart where that can not be."""
    if is_there():
        return
    what = " ".join(packages)
    if os.geteuid() or not shutil.which("apt-get"):
        raise CanNotStart(f"This needs what is not on this machine: apt-get install {what}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *arguments], check=False, env=quiet, capture_output=True, encoding="utf-8"
        )
        if done.returncode:
            raise CanNotStart(f"apt-get could not install {what}:\n{done.stderr[-1000:]}")


def is_on_path(program: str) -> Callable[[], bool]:
    """Returns what tells whether a program is there."""
    return lambda: shutil.which(program) is not None
