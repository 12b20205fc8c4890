"""Automatic numbers: what a list of Word shows before a paragraph, and which list it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from archive.body import shown
from archive.parsing import Line
from archive.richtext import Node

_LIST = re.compile(r"mso-list:\s?(l\d{1,6}) (level\d) (lfo\d{1,6})")
_IGNORED = re.compile(r"mso-list:\s?ignore", re.IGNORECASE)
_BULLETS = frozenset("·•●○■□◆◇▪▫➢➤►Øøolnqu§ü-–—*\uf0b7\uf06c\uf06e\uf0d8\uf0a7\uf0fc")
_DECIMAL = re.compile(r"(\d{1,4})[.．、。)）]?")
_NEEDS_NO_SPACE = "、，。：；）】》」』〕．"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph of a list."""

    list_id: str
    text: str
    number: int | None
    """The number, where the label is a decimal number and no more: then HTML has a list that shows it by itself."""


def label_of(node: Node) -> Label | None:
    """The label that a reader of files gave a paragraph."""
    list_id = node.attrs.get("data-word-list")
    if not list_id:
        return None
    number = node.attrs.get("data-word-number", "")
    is_number = number.isascii() and number.isdecimal() and len(number) <= 4
    return Label(list_id, node.attrs.get("data-word-label", ""), int(number) if is_number else None)


def labelled(line: Line, label: Label) -> Line:
    """The line with its number before it: an item of a list where HTML can show that, else text."""
    html = line.html or ""
    tag = f"h{line.level}" if line.level else "p"
    inner = html.removeprefix(f"<{tag}>").removesuffix(f"</{tag}>")
    if label.number is None or line.level:
        html = f"<{tag}>{label.text}{inner}</{tag}>" if inner != html else html
    else:
        start = "" if label.number == 1 else f' start="{label.number}"'
        html = f"<ol{start}><li>{inner}</li></ol>"
    return replace(line, text=f"{label.text}{line.text}", html=html, list_id=label.list_id)


def label_word_lists(root: Node) -> None:
    """Reads the numbers of paragraphs that were pasted from Word, which has them as text that is marked."""
    for node in root.find("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div"):
        found = _LIST.search(node.attrs.get("style", ""))
        mark = found and next(
            (one for one in node.find("span") if _IGNORED.search(one.attrs.get("style", ""))), None
        )
        if not found or not mark:
            continue
        label = " ".join(shown(mark).split())
        mark.children = []
        if label in _BULLETS or not label:
            node.children = (
                [Node("ul", {}, [Node("li", {}, node.children)])] if node.tag == "p" else node.children
            )
            continue
        number = _DECIMAL.fullmatch(label) if found[2] == "level1" else None
        node.attrs["data-word-list"] = f"{found[1]}.{found[3]}.{found[2]}"
        node.attrs["data-word-number"] = number[1] if number else ""
        node.attrs["data-word-label"] = label if label[-1] in _NEEDS_NO_SPACE else f"{label} "
