"""Cells that a spreadsheet must not run: a text that begins like a formula is kept from being one. Pure."""

from __future__ import annotations

import re

_RUN = re.compile(r"\A'*[=+\-@＝＋－＠\t\r]")
"""How a cell begins that a spreadsheet would run, or that had to be kept from it."""


def disarmed(text: str) -> str:
    """Returns a cell that Excel takes for text: one that begins with `=`, `+`, `-`, `@` would be a formula.

    >>> disarmed("=1+1"), disarmed("台积电")
    ("'=1+1", '台积电')
    """
    return f"'{text}" if _RUN.match(text) else text


def armed(text: str) -> str:
    """Undoes `disarmed`, for a file that comes back.

    >>> armed("'=1+1"), armed("'台积电'")
    ('=1+1', "'台积电'")
    """
    return text[1:] if text.startswith("'") and _RUN.match(text) else text
