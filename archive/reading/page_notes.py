"""Footnotes of a paste from Word: each is put below the paragraph that cites it, as of a Word file."""

from __future__ import annotations

import re

from archive.body import shown
from archive.richtext import Node

NOTE = "word-note"
"""The class of the mark of a note."""
_CITED = re.compile(r"#(_(?:ftn|edn)\d{1,4})")
_NOTE = re.compile(r"(?:ftn|edn)\d{1,4}")
_LIST = re.compile(r"mso-element:(?:foot|end)note-list")
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 li table".split())


def place_notes(root: Node) -> None:
    """Moves each note to where it is cited, its mark `注1` outside the words of the line."""
    notes = {
        f"_{node.attrs['id']}": node for node in root.find("div") if _NOTE.fullmatch(node.attrs.get("id", ""))
    }
    if not notes:
        return
    cited: dict[str, int] = {}
    _place(root, notes, cited)
    _without_lists(root, {id(notes[name]) for name in cited})


def _place(root: Node, notes: dict[str, Node], cited: dict[str, int]) -> None:
    """Goes through the tree without recursion into what was placed; a note that cites another is left as it is."""
    names = {name.removeprefix("_") for name in notes}
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        kept: list[Node | str] = []
        for child in parent.children:
            kept.append(child)
            if not isinstance(child, Node) or child.attrs.get("id", "") in names:
                continue
            if child.tag in _PARAGRAPHS:
                kept += _lines_below(child, notes, cited)
            else:
                waiting.append(child)
        parent.children = kept


def _lines_below(paragraph: Node, notes: dict[str, Node], cited: dict[str, int]) -> list[Node]:
    lines: list[Node] = []
    for link in paragraph.find("a"):
        found = _CITED.fullmatch(link.attrs.get("href", ""))
        if not found or found[1] not in notes or found[1] in cited:
            continue
        number = cited[found[1]] = len(cited) + 1
        link.tag, link.attrs, link.children = "sup", {"class": NOTE}, [f"注{number}"]
        lines += _lines(notes[found[1]], number)
    return lines


def _lines(note: Node, number: int) -> list[Node]:
    lines: list[Node] = []
    for paragraph in note.find("p"):
        for link in paragraph.find("a"):
            if link.attrs.get("href", "").startswith(("#_ftnref", "#_ednref")):
                link.children = []
        if shown(paragraph):
            before = "" if lines else f"注{number}："
            _strip_before(paragraph)
            lines.append(Node("p", {}, [before, *paragraph.children]))
    return lines


def _strip_before(paragraph: Node) -> None:
    """Takes white space from the beginning of a paragraph."""
    for node in [paragraph, *paragraph.find()]:
        for at, child in enumerate(node.children):
            if isinstance(child, str):
                node.children[at] = child.lstrip()
                if child.strip():
                    return
            elif shown(child):
                break


def _without_lists(root: Node, placed: set[int]) -> None:
    """Takes out the notes that were placed, and lists of notes that are empty then."""
    for node in [root, *root.find()]:
        node.children = [child for child in node.children if not _is_done(child, placed)]


def _is_done(child: Node | str, placed: set[int]) -> bool:
    if isinstance(child, str):
        return False
    if id(child) in placed:
        return True
    style = "".join(child.attrs.get("style", "").split())
    return bool(_LIST.search(style)) and all(
        id(one) in placed for one in child.find("div") if one.attrs.get("id")
    )
