"""What the benchmark of pages says of what it measured."""

from __future__ import annotations

import random

from benchmarks.pages import FLOOR, HEALTH, Made, Taken, budget, kinds

MADE = Made([f"q{number}" for number in range(9)], list(range(1, 20)), ["2025-03-21"], ["hbm"], "session")


def test_the_work_of_the_server_decides_and_not_the_waiting() -> None:
    asked = [
        kind for kind in kinds(MADE, random.Random(0)) if kind.name in (FLOOR, HEALTH, "article", "home")
    ]
    taken = {
        FLOOR: [Taken(1.0, 0.5)] * 3,
        HEALTH: [Taken(2.0, 1.0)] * 3,
        "article": [Taken(20.0, 4.0)] * 3,
        "home": [Taken(2.0, 4.1)] * 3,
    }
    rows = {row.split(" | ")[0].strip("| "): row for row in budget(asked, taken).splitlines()}
    assert rows["article"].endswith("| 8.0 | 10.0 | 4.0 | 4 | yes |")
    assert rows["home"].endswith("| 8.2 | 1.0 | 4.1 | 4 | **no** |")


def test_every_kind_of_page_has_an_address() -> None:
    for kind in kinds(MADE, random.Random(0)):
        assert next(kind.paths).startswith("/"), kind.name
