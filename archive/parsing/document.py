"""The parser's input and output as plain data, without Django.

lines (text, line numbers, what the source said of them)  →  parse_issue  →  ParsedIssue
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """One line (one paragraph) of a pasted week.

    >>> Line(3, "1. 英特尔18A进展")
    Line(number=3, text='1. 英特尔18A进展', html=None, level=0, is_bold=False)
    """

    number: int
    """Its number in the source, from 1; warnings refer to it."""
    text: str
    """The visible characters, with no line break in them."""
    html: str | None = None
    """The same paragraph (or list, table, figure) as clean HTML, when the source was rich text."""
    level: int = 0
    """1–6 where the source marked the line as a heading (`<h2>`, Word's Heading 2), else 0."""
    is_bold: bool = False
    """Whether the whole line is bold in the source, as editors often mark headings."""
    list_id: str = field(default="", repr=False)
    """Which automatic list of the source numbered the line: numbers of another list do not go on from its own."""


PartKind = Literal[
    "metadata",  # front matter of a site's generator: read, but no text
    "title",  # the digest's own title
    "dates",  # the line that holds the date range
    "columnist",  # a by-line above the articles
    "contents",  # a contents list that repeats the headings
    "page_header",  # a call to follow, the head of a mail: no text of the digest
    "introduction",
    "section",  # a section head above several articles
    "number",  # an article's number with its punctuation: `1.` `第一条` `PART 01` `## 3、`
    "heading",  # an article's title
    "body",
    "source",  # `来源：…` under an article
    "sign_off",
]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of source text and its kind.

    A line is one part, or several (its number and its heading). Every character of the source but white
    space and zero-width characters is in exactly one part, in the order of the source.
    """

    kind: PartKind
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ParseWarning:
    """Something that the editor should look at: where, what, and what to do. The message is Chinese."""

    line: int | None
    """Line number in the source, from 1; None when the warning is about the whole document."""
    code: str
    """A stable name, e.g. `number-missing`; listed in docs/import-format.md."""
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Lines for the parser, the images that they name (`figure:0`), and what the reading could not keep."""

    lines: tuple[Line, ...]
    images: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[ParseWarning, ...] = ()
    year: int | None = None
    """That of the file's name, where the text has dates and no year."""


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """A parsed article. Its position is its place in `ParsedIssue.articles`, from 1."""

    title: str
    lines: tuple[Line, ...]
    """The body, a line a paragraph; without heading and source line."""
    line: int
    """Line number of the heading."""
    number: int | None = None
    """The number that the source gave it, None when the style has no numbers."""
    section: str = ""
    """The section head that it stands under, empty when there are none."""
    source: str = ""
    source_url: str = ""

    @property
    def body(self) -> str:
        """The body as text, a line a paragraph."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class ParsedIssue:
    """A parsed week. What was not found is empty or None, with a warning."""

    title: str
    start_date: dt.date | None
    end_date: dt.date | None
    articles: tuple[ParsedArticle, ...]
    columnist: str = ""
    introduction: str = ""
    sign_off: str = ""
    source_url: str = ""
    warnings: tuple[ParseWarning, ...] = ()
    parts: tuple[Part, ...] = field(default=(), repr=False)
