"""Reads the clippings of a basket: the browser sends keys, the database gives the text.

    keys `97`, `97-p3` ─► Item ─► read again through published() ─► Clipping: title, text, citation, address

The browser sends no text but the reader's own notes, so an export can not misquote an article, and what was withdrawn
is gone from every basket.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from archive.body import Block
from archive.models import Article
from archive.templatetags.archive_tags import dates_text

MAX_ITEMS = 100
"""Clippings in one basket: 100 whole articles make a book of 200 pages."""
MAX_NOTE = 2000
_KEY = re.compile(r"([1-9][0-9]{0,17})(?:-(p[1-9][0-9]{0,5}))?")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that neither a text file nor a Word file may hold."""

Absolute = Callable[[str], str]
"""Turns a path of this site into a full address."""


@dataclass(frozen=True, slots=True)
class Item:
    """An article, or one block of it (`anchor`, as in `Block`), with the reader's note."""

    article: int
    anchor: str = ""
    note: str = ""

    @classmethod
    def of_key(cls, key: object, note: str = "") -> Item:
        """Returns the item of a key, `97` or `97-p3`; raises ValueError when it is none."""
        found = _KEY.fullmatch(str(key))
        if not found:
            raise ValueError(f"{str(key)[:40]!r} is no key of a clipping: expected 97 or 97-p3")
        return cls(int(found[1]), found[2] or "", note)

    @property
    def key(self) -> str:
        return f"{self.article}-{self.anchor}" if self.anchor else str(self.article)


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

    @property
    def citation(self) -> str:
        """`“标题”，《刊名》2025年3月17日—21日第 3 篇，芯闻库`; the address is shown beside it."""
        return f"“{self.article.title}”，{self.place}，{settings.SITE_NAME}"

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
    path = article.get_absolute_url() + (f"#{item.anchor}" if item.anchor else "")
    return Clipping(item, article, blocks, absolute(path))


def _items(read: Callable[[Any], Item], values: Any) -> list[Item]:
    if not isinstance(values, list) or not values:
        raise ValidationError("剪报篮是空的：先在文章里放进一篇或一段。", code="empty")
    if len(values) > MAX_ITEMS:
        raise ValidationError(
            f"剪报篮最多 {MAX_ITEMS} 条，这里有 {len(values)} 条。请先取出一些。", code="many"
        )
    items: list[Item] = []
    for number, value in enumerate(values, start=1):
        try:
            items.append(read(value))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ValidationError(
                f"第 {number} 条不是剪报。请回到剪报篮页面，从那里导出。", code="malformed"
            ) from None
    return items


def _noted(value: dict[str, Any]) -> Item:
    note = value.get("note", "")
    if not isinstance(note, str):
        raise TypeError("a note is text")
    return Item.of_key(value["key"], printable(note).strip()[:MAX_NOTE])


class KeysForm(forms.Form):
    """The keys that the basket page asks for: `?keys=97,98-p3`."""

    keys = forms.CharField(max_length=40 * MAX_ITEMS)

    def clean_keys(self) -> list[Item]:
        return _items(Item.of_key, self.cleaned_data["keys"].split(","))


class ExportForm(forms.Form):
    """A basket that is to be exported: `items` is JSON, `[{"key": "97-p3", "note": "…"}]`."""

    FORMATS = {"docx": "Word", "md": "Markdown", "html": "网页"}

    items = forms.JSONField(error_messages={"invalid": "剪报篮读不懂。请回到剪报篮页面，从那里导出。"})
    format = forms.ChoiceField(choices=list(FORMATS.items()))

    def clean_items(self) -> list[Item]:
        return _items(_noted, self.cleaned_data["items"])
