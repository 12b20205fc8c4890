"""Measures how well foreign digests are read: `python -m benchmarks.digests [--show open] [FOLDER …]`.

A folder holds digests and `expected.json`, which says of each file its title, dates, articles and sections. The folders
of tests/archive/digests are `open`, which the parser may be tuned on, and `held`, which it may not; `later`
holds those that were written while it was.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from archive.refusal import ImportRefused

DIGESTS = Path(__file__).parents[1] / "tests" / "archive" / "digests"


@dataclass(frozen=True)
class Outcome:
    """How one digest was read."""

    name: str
    expected: dict[str, Any]
    found: dict[str, Any]

    @property
    def articles(self) -> float:
        return f1(self.expected["articles"], self.found["articles"])

    @property
    def sections(self) -> float:
        return f1(_placed(self.expected), _placed(self.found))

    @property
    def differences(self) -> dict[str, tuple[object, object]]:
        """Returns what is not as expected: (expected, found) of each field."""
        return {
            name: (wanted, self.found[name])
            for name, wanted in self.expected.items()
            if name in self.found and not _is_right(wanted, self.found[name], name)
        }


def read_folder(folder: Path) -> Iterator[Outcome]:
    """Yields the outcome of each digest that `expected.json` names."""
    wanted = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for name, expected in sorted(wanted.items()):
        yield Outcome(name, expected, _read(folder / name))


def f1(expected: Sequence[object], found: Sequence[object]) -> float:
    """Returns the F1 of two lists, in which the same thing may stand twice.

    >>> f1(["甲", "乙"], ["甲", "丙"]), f1([], [])
    (0.5, 1.0)
    """
    if not expected and not found:
        return 1.0
    right = sum((Counter(expected) & Counter(found)).values())
    return 2 * right / (len(expected) + len(found))


def _read(path: Path) -> dict[str, Any]:
    from archive.reading import read_weeks  # needs Django's settings

    try:
        [week] = read_weeks(path.name, path.read_bytes())
    except ImportRefused as refused:
        return {"title": str(refused), "articles": [], "sections": [], "bodies": []}
    return {
        "title": week.title,
        "start_date": str(week.start_date),
        "end_date": str(week.end_date),
        "articles": [article.title for article in week.articles],
        "sections": [article.section for article in week.articles],
        "bodies": [article.body for article in week.articles],
    }


def _is_right(wanted: object, found: object, name: str) -> bool:
    if name.endswith("_date") and isinstance(wanted, list):
        return found in wanted
    return wanted == found


def _placed(week: dict[str, Any]) -> list[tuple[str, str]]:
    sections = week.get("sections") or [""] * len(week["articles"])
    return [*zip(sections, week["articles"], strict=True)]


def main() -> None:
    """Prints a row for each folder, and with `--show` what was read wrong in it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="*", type=Path, default=[DIGESTS / "open", DIGESTS / "held"])
    arguments.add_argument("--show", action="append", default=[], help="a folder whose mistakes are listed")
    options = arguments.parse_args()
    print(f"{'folder':10}{'digests':>8}{'articles F1':>13}{'sections F1':>13}{'all right':>11}")
    for folder in options.folders:
        outcomes = [*read_folder(folder)]
        exact = mean(not one.differences for one in outcomes)
        print(
            f"{folder.name:10}{len(outcomes):8}{mean(one.articles for one in outcomes):13.3f}"
            f"{mean(one.sections for one in outcomes):13.3f}{exact:11.2f}"
        )
        for outcome in outcomes if folder.name in options.show else ():
            for name, (wanted, found) in outcome.differences.items():
                print(f"  {outcome.name}: {name}\n    - {wanted}\n    + {found}")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main()
