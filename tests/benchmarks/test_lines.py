"""Lines of code are counted without what is there for readers only."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.lines import ROOMS, Count, count_python, count_rooms


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", 0),
        ("# a comment\n\n\n", 0),
        ('"""A docstring\nof two lines."""\n', 0),
        ("x = 1  # why\n", 1),
        ('x = 1\n"""What x is for."""\n', 1),
        ('def f() -> str:\n    """Says.\n\n    More.\n    """\n    return "a"\n', 2),
        ('text = """one\n\nthree"""\n', 3),  # a value, however long
        ("f(\n    1,\n\n    # why\n    2,\n)\n", 4),
    ],
)
def test_a_line_counts_when_code_stands_on_it(source: str, lines: int) -> None:
    assert count_python(source) == lines


def test_another_checkout_is_counted_by_room_without_its_migrations(tmp_path: Path) -> None:
    for room in [*ROOMS, "worker"]:
        (tmp_path / room / "migrations").mkdir(parents=True)
        (tmp_path / room / "models.py").write_text("a = 1\nb = 2\n", encoding="utf-8")
        (tmp_path / room / "migrations" / "0001.py").write_text("c = 3\n", encoding="utf-8")
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "a.js").write_text("// why\n\nf();\n", encoding="utf-8")
    counts = count_rooms(tmp_path)
    assert counts["archive"] == Count(1, 2)
    assert counts["all rooms"] == Count(len(ROOMS), 2 * len(ROOMS))
    assert counts["worker"] == Count(1, 2)
    assert counts["static/js"] == Count(1, 1)
    assert counts["templates"] == Count(0, 0)
