"""Performs a run in a process and a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.faults.table import Run
from tests.server.site import ROOT, SETTINGS_IN_ENVIRONMENT


def perform(run: Run, counts: dict[str, float], folder: Path) -> dict[str, Any]:
    """Returns the figures that the run printed. Raises RuntimeError with what went wrong when it did not end."""
    whole = {name: int(count) if count == int(count) else count for name, count in counts.items()}
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS_IN_ENVIRONMENT}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{run.module}", json.dumps(whole)],
        cwd=ROOT,
        env={
            "LIMITS_LIFTED_FOR": "127.0.0.0/8",
            **kept,
            "XWK_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECOND_FACTOR_REQUIRED": "false",
            "SECRET_KEY": "only-for-fault-runs",  # most runs do without `set_up`, which makes one
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"tests.faults.{run.module} {whole}:\n{done.stderr[-4000:]}")
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made
