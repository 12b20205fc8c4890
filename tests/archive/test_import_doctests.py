"""The examples in the docstrings of this room are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = [
    "archive.admin.numbers",
    "archive.body",
    "archive.calendar",
    "archive.characters",
    "archive.charts",
    "archive.article_matching",
    "archive.named_gaps",
    "archive.numerals",
    "archive.reading_time",
    "archive.refusal",
    "archive.richtext",
    "archive.traditional",
    "archive.subheads",
    "archive.timeline",
    "archive.management.tables",
    "archive.markdown",
    "archive.pictures.addresses",
    "archive.pictures.layout",
    "archive.reading",
    "archive.reading.data_addresses",
    "archive.reading.markup",
    "archive.reading.page_frame",
    "archive.reading.word.number_formats",
    "archive.reading.jsonweeks",
    "archive.reading.markdown",
    "archive.reading.text",
    "archive.wechat.look",
    "archive.wechat.pictures",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
