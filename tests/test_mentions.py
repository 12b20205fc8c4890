"""Every file that code and docs mention exists, and they mention no papers outside the repository."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

CODE = (
    "archive",
    "benchmarks",
    "config",
    "desk",
    "glossary",
    "insight",
    "claims",
    "search",
    "worker",
    "tests",
)
TEXT = ("docs", "fixtures", "static", "templates")
NOT_OURS = {"recorded", "images", "releases", "__pycache__"}
"""Folders of data and pictures."""
PAPERS = re.compile(r"\b(?:MATERIALS|PEERS|DESIGN|PLAIN_WORDS)\b|\bissue #?\d+\b(?! of)")
"""Papers of those who wrote the code, which readers of the code do not have."""
PATH = re.compile(rf"(?<![\w/.:-])((?:{'|'.join((*CODE, *TEXT))})(?:/[\w-]+)+(?:\.\w+)*)")


@cache
def files() -> dict[str, Path]:
    found = [path for folder in (*CODE, *TEXT) for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")]
    return {str(path.relative_to(ROOT)): path for path in found if "__pycache__" not in path.parts}


def texts() -> Iterator[tuple[str, str]]:
    """Every file that people read: its path and its text."""
    for name, path in files().items():
        is_text = path.suffix in (".py", ".md", ".html", ".js", ".css", ".toml", ".in") or name == "Makefile"
        if is_text and not NOT_OURS.intersection(path.relative_to(ROOT).parts) and path != Path(__file__):
            yield name, path.read_text(encoding="utf-8")


def prose(name: str, text: str) -> str:
    """What a file says to people: a page of the docs as it is, of a module its docstrings and comments."""
    if name.endswith(".md"):
        return text
    said = [
        node.value.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join([*said, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


@cache
def places() -> frozenset[str]:
    """Files, modules also without `.py`, templates also as Django names them, and folders."""
    named = set(files())
    folders = {str(parent) for name in named for parent in Path(name).parents}
    short = {name.removesuffix(".py").removeprefix("templates/") for name in named}
    return frozenset(named | folders | short)


def is_there(mentioned: str) -> bool:
    """Whether a path is one of ours: whole, without `.py`, a decision by its number, or a module's `.attribute`."""
    if mentioned in places() or mentioned.rpartition(".")[0] in places():
        return True
    is_decision = re.fullmatch(r"docs/decisions/\d{4}", mentioned)
    return bool(is_decision) and any(place.startswith(f"{mentioned}-") for place in places())


def test_nothing_speaks_of_papers_that_are_not_here() -> None:
    found = [f"{name}: {match.group()}" for name, text in texts() for match in PAPERS.finditer(text)]
    assert found == []


def test_every_file_that_is_named_is_there() -> None:
    found = {
        f"{name}: {mentioned}"
        for name, text in texts()
        if name.endswith((".py", ".md"))
        for mentioned in PATH.findall(prose(name, text))
        if not is_there(mentioned)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("mentioned", "there"),
    [
        ("archive/body.py", True),
        ("archive/body", True),
        ("archive/body.clean", True),
        ("docs/decisions/0003", True),
        ("docs/decisions/9999", False),
        ("archive/nobody.py", False),
        ("archive/nobody.clean", False),
        ("archive/parsing", True),
    ],
)
def test_what_counts_as_there(mentioned: str, there: bool) -> None:
    assert is_there(mentioned) is there


@pytest.mark.parametrize(
    "text", ["(DESIGN §7)", "see PEERS, c5", "as in MATERIALS H2", "issue 4", "DESIGN.md"]
)
def test_a_mention_of_a_paper_is_seen(text: str) -> None:
    assert PAPERS.search(text)
