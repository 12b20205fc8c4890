"""Parsing keeps every visible character: `visible_in(issue) == visible(source)`."""

from __future__ import annotations

from archive.characters import without_invisible
from archive.parsing import ParsedIssue


def visible(text: str) -> str:
    """The visible characters of a text: neither white space nor invisible ones."""
    return "".join(without_invisible(text).split())


def visible_in(issue: ParsedIssue) -> str:
    """Those of every part of a parsed week, in the order of the source."""
    return visible("".join(part.text for part in issue.parts))
