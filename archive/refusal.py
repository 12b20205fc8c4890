"""The error with which a file or a week is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Self


class ImportRefused(Exception):
    """A file or a week can not be imported. Editors read the message: what is wrong, where, and what to do.

    >>> str(ImportRefused("没有找到起止日期。请加上 --start-date", path="a.txt", line=3))
    'a.txt:3: 没有找到起止日期。请加上 --start-date'
    """

    def __init__(self, message: str, *, path: Path | str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line

    def at(self, path: Path | str, line: int | None = None) -> Self:
        """Returns the same refusal with its place, where the one that raised it did not know."""
        self.path = self.path or path
        self.line = self.line or line
        return self

    def __str__(self) -> str:
        place = (
            "" if self.path is None else f"{self.path}:" if self.line is None else f"{self.path}:{self.line}:"
        )
        return f"{place} {self.message}".strip()
