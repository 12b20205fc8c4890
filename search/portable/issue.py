"""An issue as the portable archive holds it: plain data. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = list[Any]
"""id, position, title, section, source, body, and whether the body is HTML: else it is a paragraph a line."""


@dataclass(frozen=True, slots=True)
class PortableIssue:
    """An issue as the file holds it."""

    slug: str
    title: str
    dates: str
    columnist: str
    introduction: str
    sign_off: str
    articles: tuple[Row, ...]
    pictures: dict[int, str] = field(default_factory=dict)
    """Figures by their id, as `data:` addresses."""

    def to_json(self) -> list[Any]:
        """Returns it as the reader reads it; its pictures stand elsewhere in the file."""
        own = [self.slug, self.title, self.dates, self.columnist, self.introduction, self.sign_off]
        return [*own, list(self.articles)]
