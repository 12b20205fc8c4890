"""The examples in the docstrings of the desk are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["figure_html", "operations", "rewriting", "validation"])
def test_examples_in_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(import_module(f"desk.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
