"""requirements*.in and the lock files beside them, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement as Specifier
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = {
    "requirements": "What the site runs on",
    "requirements-dev": "What developing and testing needs on top",
    "requirements-bench": "What `make bench` needs on top",
}
"""Names of the files without their ending, and what each is for."""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_GPL = re.compile(r"(?<!L)GPL|GNU (?:Affero )?General Public", re.IGNORECASE)


@dataclass(frozen=True)
class Requirement:
    """A line of a requirements file: which distribution, and why it is there."""

    name: str
    file: str
    reason: str


@cache
def requirements(file: str) -> tuple[Requirement, ...]:
    """What `file`.in asks for, in its order; the reason is the comment at its line, or the lines just above it."""
    found, above = [], ""
    for line in (ROOT / f"{file}.in").read_text(encoding="utf-8").splitlines():
        asked, _, comment = (part.strip() for part in line.partition("#"))
        if asked and not asked.startswith("-"):
            name = canonicalize_name(Specifier(asked).name)
            found.append(Requirement(name, file, comment or above))
        above = f"{above} {comment}".strip() if comment and not asked else ""
    return tuple(found)


@cache
def pinned(file: str) -> dict[str, str]:
    """The version of each distribution in `file`.txt, what others need in turn included."""
    text = (ROOT / f"{file}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in _PIN.findall(text)}


@cache
def licence(name: str) -> str:
    """The licence that an installed distribution names, or else what its licence file begins with.

    Raises PackageNotFoundError when it is not installed, ValueError when it says nothing.
    """
    distribution = metadata.distribution(name)
    said = distribution.metadata
    if expression := said.get("License-Expression"):
        return expression
    classifiers = [line for line in said.get_all("Classifier") or [] if line.startswith("License :: ")]
    # "Copyright …" is how a whole text of a licence begins; its name is in the classifiers then.
    short = (said.get("License") or "").strip().split("\n")[0].split(", Copyright")[0]
    if (
        short not in {"", "UNKNOWN"}
        and not short.startswith("Copyright")
        and not (classifiers and len(short) > 40)
    ):
        return short
    if classifiers:
        return ", ".join(line.rsplit(" :: ", 1)[-1] for line in classifiers)
    for file in distribution.files or []:
        if re.search(r"LICEN[CS]E|COPYING", file.name, re.IGNORECASE):
            return next(line.strip() for line in file.read_text().splitlines() if line.strip())
    raise ValueError(f"{name} names no licence")


def is_gpl(licence: str) -> bool:
    """Whether a licence is GPL or AGPL and leaves no other choice. LGPL is neither.

    >>> [is_gpl(said) for said in ("MIT", "LGPL-3.0-only", "GPL-2.0-only OR MIT", "AGPL-3.0-or-later")]
    [False, False, False, True]
    """
    return all(_GPL.search(choice) for choice in licence.split(" OR "))
