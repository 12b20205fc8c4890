"""Counts the lines of code of each room and of the worker: `python -m benchmarks.lines [CHECKOUT] [--against OTHER]`.

A line counts when something of a statement stands on it: no blank line, comment or docstring. Migrations are left out.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import tokenize
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["archive", "glossary", "search", "claims", "insight", "desk", "config"]
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
_JS_COMMENT = re.compile(r"^\s*//[^\n]*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
_TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)


class Count(NamedTuple):
    """How many files there are, and how many lines of code in all of them."""

    files: int
    lines: int

    def __add__(self, other: Count) -> Count:  # type: ignore[override]
        return Count(self.files + other.files, self.lines + other.lines)


def count_python(source: str) -> int:
    """Returns how many lines hold code.

    >>> count_python('# why\\n\\ndef f():\\n    "Says."\\n    return (1,\\n\\n        2)\\n')
    3
    """
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - docstrings)


def count_rooms(checkout: Path) -> dict[str, Count]:
    """Returns the count of each room of a checkout, then of the worker, and of the scripts and templates they share."""
    counts = {}
    for room in [*ROOMS, "worker"]:
        files = [path for path in (checkout / room).rglob("*.py") if "migrations" not in path.parts]
        counts[room] = Count(len(files), sum(count_python(path.read_text("utf-8")) for path in files))
    counts["all rooms"] = sum((counts[room] for room in ROOMS), Count(0, 0))
    counts["worker"] = counts.pop("worker")  # below the sum, which it is no part of
    counts["static/js"] = _count_others(checkout / "static" / "js", "*.js", _JS_COMMENT)
    counts["templates"] = _count_others(checkout / "templates", "*.*", _TEMPLATE_COMMENT)
    return counts


def _count_others(folder: Path, pattern: str, comment: re.Pattern[str]) -> Count:
    files = [path for path in folder.rglob(pattern) if path.is_file()]
    lines = [line for path in files for line in comment.sub("", path.read_text("utf-8")).splitlines()]
    return Count(len(files), sum(1 for line in lines if line.strip()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--against", type=Path, metavar="OTHER", help="another checkout, counted as before")
    options = parser.parse_args()
    now = count_rooms(options.checkout)
    before = count_rooms(options.against) if options.against else None
    print("              files    lines" + ("    before: files    lines   change" if before else ""))
    for name, count in now.items():
        row = f"{name:12} {count.files:6} {count.lines:8,}"
        if before:
            row += f"           {before[name].files:6} {before[name].lines:8,} {count.lines - before[name].lines:+8,}"
        print(row)


if __name__ == "__main__":
    main()
