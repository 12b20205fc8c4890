"""Reads the clippings of a basket: the browser sends keys, the database gives the text.

    keys `97`, `97-p3`, `97-p3.12-45.210` ─► Item ─► read again through published() ─► Clipping: text, citation, address

The browser sends no text but the reader's own notes, so an export can not misquote an article, and what was withdrawn
is gone from every basket.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from archive.body import Block
from archive.models import Article
from archive.templatetags.archive_tags import dates_text

MAX_ITEMS = 100
"""Clippings in one basket: 100 whole articles make a book of 200 pages."""
MAX_NOTE = 2000
MOST_OF_KEY = 48
"""Characters of a key."""
_KEY = re.compile(r"([1-9][0-9]{0,17})(?:-(p[1-9][0-9]{0,5})(?:\.([0-9]{1,6})-([0-9]{1,6})\.([0-9]{1,6}))?)?")
_VISIBLE = re.compile(r"[^\s\ufeff]")
"""What counts in a Span; the same as in the reader's browser (static/js/clip-selection.js)."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that neither a text file nor a Word file may hold."""

_EMPTY = "剪报篮还是空的。请先在文章里收一篇或一段。"
_MALFORMED = "剪报篮的内容有误，没有导出。请刷新剪报篮页面再试。"

Absolute = Callable[[str], str]
"""Turns a path of this site into a full address."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a block: its visible characters `start` to `end`, of `length`, when they were clipped."""

    start: int
    end: int
    length: int

    def of(self, text: str) -> str | None:
        """Returns these words of `text`; None when it has become longer or shorter, and they may be others.

        >>> Span(1, 3, 4).of("台 积电\\n扩"), Span(1, 3, 4).of("台积电要扩"), Span(3, 1, 4).of("台积电扩")
        ('积电', None, None)
        """
        places = [found.start() for found in _VISIBLE.finditer(text)]
        if len(places) != self.length or not self.start < self.end <= self.length:
            return None
        return text[places[self.start] : places[self.end - 1] + 1]


@dataclass(frozen=True, slots=True)
class Item:
    """An article, or one block of it (`anchor`, as in `Block`), or words of that, with the reader's note."""

    article: int
    anchor: str = ""
    note: str = ""
    span: Span | None = None

    @classmethod
    def of_key(cls, key: object, note: str = "") -> Item:
        """Returns the item of a key: `97`, `97-p3`, `97-p3.12-45.210`; raises ValueError when it is none."""
        found = _KEY.fullmatch(str(key))
        if not found:
            raise ValueError(
                f"{str(key)[:40]!r} is no key of a clipping: expected 97, 97-p3 or 97-p3.12-45.210"
            )
        span = Span(*map(int, found.groups()[2:])) if found[3] else None
        return cls(int(found[1]), found[2] or "", note, span)

    @property
    def key(self) -> str:
        words = f".{self.span.start}-{self.span.end}.{self.span.length}" if self.span else ""
        return f"{self.article}-{self.anchor}{words}" if self.anchor else str(self.article)


@dataclass(frozen=True, slots=True)
class Clipping:
    """An item with its text, as it is in the archive now."""

    item: Item
    article: Article
    blocks: Sequence[Block]
    address: str
    """The full address, with the paragraph's anchor."""

    @property
    def place(self) -> str:
        """The place of the article: `《刊名》2025年3月17日—21日第 3 篇`."""
        issue = self.article.issue
        return f"《{issue.title}》{dates_text(issue)}第 {self.article.position} 篇"

    def citation(self, day: dt.date) -> str:
        """Returns what stands before the address in a list of references, by GB/T 7714-2015; it was read on `day`.

        `某报. 标题[EB/OL]//刊名: 第 3 篇. (2025-03-21)[2026-11-29]`
        """
        article, issue = self.article, self.article.issue
        by = article.source or issue.columnist
        return (
            f"{f'{by}. ' if by else ''}{article.title}[EB/OL]"
            f"//{issue.title}: 第 {article.position} 篇. ({issue.end_date})[{day}]"
        )

    @property
    def text(self) -> str:
        """The clipped text, a line a paragraph."""
        return "\n".join(block.text for block in self.blocks if block.text)


def printable(text: str) -> str:
    """Returns `text` without control characters; lines end in one way.

    >>> printable("一\\x0b二\\r\\n三")
    '一二\\n三'
    """
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))


def read_clippings(items: Iterable[Item], absolute: Absolute) -> list[Clipping]:
    """Returns the clippings of those `items` that members may see, in the same order."""
    wanted = list(items)
    articles = Article.objects.published().select_related("issue").in_bulk([item.article for item in wanted])
    found = (_clipping(item, articles.get(item.article), absolute) for item in wanted)
    return [clipping for clipping in found if clipping]


def _clipping(item: Item, article: Article | None, absolute: Absolute) -> Clipping | None:
    if article is None:
        return None
    blocks = [block for block in article.blocks if item.anchor in ("", block.anchor)]
    if item.anchor and not blocks:
        return None
    if item.span:
        words = item.span.of(blocks[0].text)
        if words is None:
            return None
        blocks = [Block(item.anchor, "p", format_html("<p>{}</p>", words), words)]
    path = article.get_absolute_url() + (f"#{item.anchor}" if item.anchor else "")
    return Clipping(item, article, blocks, absolute(path))


def _items(read: Callable[[Any], Item], values: Any) -> list[Item]:
    if not isinstance(values, list) or not values:
        raise ValidationError(_EMPTY, code="empty")
    if len(values) > MAX_ITEMS:
        raise ValidationError(
            f"剪报篮最多 {MAX_ITEMS} 条，这里有 {len(values)} 条。请先移出一些。", code="many"
        )
    items: list[Item] = []
    for value in values:
        try:
            items.append(read(value))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ValidationError(_MALFORMED, code="malformed") from None
    return items


def _noted(value: dict[str, Any]) -> Item:
    note = value.get("note", "")
    if not isinstance(note, str):
        raise TypeError("a note is text")
    return Item.of_key(value["key"], printable(note).strip()[:MAX_NOTE])


class KeysForm(forms.Form):
    """The keys that the basket page asks for: `?keys=97,98-p3`."""

    keys = forms.CharField(max_length=MOST_OF_KEY * MAX_ITEMS)

    def clean_keys(self) -> list[Item]:
        return _items(Item.of_key, self.cleaned_data["keys"].split(","))


class ExportForm(forms.Form):
    """A basket that is to be exported: `items` is JSON, `[{"key": "97-p3", "note": "…"}]`."""

    FORMATS = {"docx": "Word", "md": "Markdown", "html": "网页"}

    items = forms.JSONField(error_messages={"invalid": _MALFORMED, "required": _EMPTY})
    format = forms.ChoiceField(choices=list(FORMATS.items()))

    def clean_items(self) -> list[Item]:
        return _items(_noted, self.cleaned_data["items"])
