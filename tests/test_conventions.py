"""What CONTRIBUTING.md asks of tests is so: told by reading them."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator

import pytest

from tests import tiers
from tests.conftest import ROOT

OURS = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
CLOCKS = {"time", "monotonic", "perf_counter"}


def modules(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yields each name that a module imports, and from where."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)


def patched(tree: ast.AST) -> Iterator[str]:
    """Yields what is replaced by `monkeypatch.setattr` or something of unittest.mock, by its full name."""
    imported = dict(modules(tree))
    yield from (origin for origin in imported.values() if origin.startswith(("unittest.mock", "mock.")))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "setattr"
        ):
            target = node.args[0]
            if isinstance(target, ast.Constant):
                yield str(target.value)
            while isinstance(target, ast.Attribute):
                target = target.value
            if isinstance(target, ast.Name):
                yield imported.get(target.id, target.id)


def clocks_held_against_limits(tree: ast.AST) -> Iterator[int]:
    """Yields the lines that assert something about what a clock shows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            called = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
            if called & CLOCKS and any(isinstance(part, ast.Lt | ast.LtE) for part in ast.walk(node)):
                yield node.lineno


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    """All modules of the tests, by their paths."""
    paths = sorted((ROOT / "tests").rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def test_test_modules_do_not_import_each_other(trees: dict[str, ast.AST]) -> None:
    found = [(path, origin) for path, tree in trees.items() for _, origin in modules(tree)]
    assert [pair for pair in found if pair[1].startswith("tests.") and ".test_" in pair[1]] == []


def test_nothing_of_ours_is_patched(trees: dict[str, ast.AST]) -> None:
    found = [(path, target) for path, tree in trees.items() for target in patched(tree)]
    assert [pair for pair in found if pair[1].split(".")[0] in OURS] == []


def test_no_test_holds_a_clock_against_a_limit(trees: dict[str, ast.AST]) -> None:
    found = [(path, line) for path, tree in trees.items() for line in clocks_held_against_limits(tree)]
    assert [pair for pair in found if pair[0] != "tests/waiting.py"] == []


def test_what_is_looked_for_would_be_found() -> None:
    tree = ast.parse(
        "from archive import body\n"
        "from tests.archive.test_body import page\n"
        "def test(monkeypatch):\n"
        "    monkeypatch.setattr(body.inner, 'clean', str)\n"
        "    monkeypatch.setattr('search.results.find', None)\n"
        "    assert time.monotonic() - began < 5\n"
    )
    assert {
        "archive",
        "config",
        "desk",
        "glossary",
        "insight",
        "claims",
        "members",
        "search",
        "worker",
        "benchmarks",
    } <= OURS
    assert list(patched(tree)) == ["archive.body", "search.results.find"]
    assert ("page", "tests.archive.test_body.page") in modules(tree)
    assert list(clocks_held_against_limits(tree)) == [6]


def test_the_example_of_the_tiers_holds() -> None:
    assert doctest.testmod(tiers) == (0, 1)
