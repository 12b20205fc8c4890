"""`python -m tests.supply.audit`: whether a pinned version has a known hole, by pip-audit.

    exit 0   none has, or the database can not be asked from here, which is said in so many words
    exit 1   one has, or pip-audit itself fails

What is passed over stands in ignored.tsv with its reason. Options go on to pip-audit, such as another database:
`python -m tests.supply.audit --vulnerability-service osv`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = [ROOT / name for name in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")]
IGNORED = Path(__file__).parent / "ignored.tsv"
SECONDS = 30
"""Longer nobody waits for `make check` to learn that the database does not answer."""
_UNREACHABLE = re.compile(
    r"requests\.exceptions\.\w+|Could not connect to \S+|not redirecting properly|ServiceError"
)


def audit(locks: list[Path], options: list[str], seconds: float = SECONDS, ignored: Path = IGNORED) -> int:
    """Asks about every version that the lock files pin, prints what is known, and returns the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--disable-pip", "--require-hashes", "--timeout", "5", "--desc", "off", *options]
    command += [word for path in locks for word in ("--requirement", str(path))]
    command += [word for advisory in ignored_advisories(ignored) for word in ("--ignore-vuln", advisory)]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return _not_checked(f"its database did not answer everything within {seconds:g} s")
    try:
        asked: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        if said := _UNREACHABLE.findall(done.stderr):
            return _not_checked(f"its database can not be reached from here ({said[-1]})")
        print(f"pip-audit failed:\n{done.stderr}", file=sys.stderr)
        return 1
    return _tell(asked)


def _tell(asked: list[dict[str, Any]]) -> int:
    unknown = [package["name"] for package in asked if "skip_reason" in package]
    if len(unknown) == len(asked):
        return _not_checked(f"what answers from here knows none of the {len(asked)} packages")
    holes = [(package, hole) for package in asked for hole in package.get("vulns", [])]
    for package, hole in holes:
        fixed = ", ".join(hole["fix_versions"]) or "no version yet"
        names = ", ".join([hole["id"], *hole["aliases"]])
        print(f"{package['name']} {package['version']}: {names}; mended in {fixed}", file=sys.stderr)
    if holes:
        print(
            f"Raise the version (make lock), or say in {IGNORED.name} why it can not harm.", file=sys.stderr
        )
    elif unknown:
        print(
            f"pip-audit: no known hole, NOT CHECKED: {', '.join(unknown)} (the database does not know them)"
        )
    else:
        print(f"pip-audit: no known hole in {len(asked)} packages")
    return bool(holes)


def _not_checked(why: str) -> int:
    print(f"pip-audit: NOT CHECKED, {why}")
    return 0


def ignored_advisories(path: Path) -> list[str]:
    """The advisories that are passed over. Raises ValueError for a line without a day or a reason."""
    advisories = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        advisory, day, reason = [*line.split("\t"), "", ""][:3]
        try:
            dt.date.fromisoformat(day)
        except ValueError:
            reason = ""
        if not reason.strip():
            raise ValueError(
                f"{path}:{number}: write id, day (2026-11-29) and reason, with tabs between them"
            )
        advisories.append(advisory)
    return advisories


if __name__ == "__main__":
    sys.exit(audit(LOCKS, sys.argv[1:]))
