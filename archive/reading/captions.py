"""Puts the line below a picture that names it, `图1 产能走势`, into its figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.body import shown
from archive.richtext import Node

_CLASSES = frozenset({"caption", "MsoCaption"})
_NAMED = re.compile(r"图(?:片|表)?\s?[\d一二三四五六七八九十]{1,3}(?:[-.]\d{1,2})?(?:\s|[:：.、．]|[^\d\W])")
_LONGEST = 60
_OPEN = tuple("。；，、：;,:")


def is_caption(text: str) -> bool:
    """Whether a line reads as the caption of the picture above it.

    >>> is_caption("图1 产能走势"), is_caption("图1中可以看出，产能在增长。"), is_caption("产能走势")
    (True, False, False)
    """
    return _NAMED.match(text) is not None and len(text) <= _LONGEST and not text.endswith(_OPEN)


def join_captions(root: Node) -> None:
    """Makes one figure of each picture and the caption that stands below it, or above it where none is below."""
    for node in [root, *root.find()]:
        if any(isinstance(child, Node) and child.tag == "p" for child in node.children):
            _join_among(node)


def _join_among(parent: Node) -> None:
    kept: list[Node | str] = []
    children = [child for child in parent.children if isinstance(child, Node) or child.strip()]
    at = 0
    while at < len(children):
        child = children[at]
        at += 1
        image = _only_image(child)
        if image is None:
            kept.append(child)
            continue
        below = _next_line(children, at)
        if below is not None and _is_caption(children[below]):
            kept += [_figure(child, image, children[below]), *children[at:below]]
            at = below + 1
        elif kept and _is_caption(kept[-1], only_marked=True):
            kept[-1] = _figure(child, image, kept[-1])
        else:
            kept.append(child)
    parent.children = kept


def _next_line(children: Sequence[Node | str], at: int) -> int | None:
    while at < len(children):
        child = children[at]
        if isinstance(child, str) or child.tag != "p" or shown(child) or any(child.find("img")):
            return at
        at += 1
    return None


def _only_image(child: Node | str) -> Node | None:
    """The last picture of a paragraph that holds nothing else."""
    if isinstance(child, str) or child.tag not in ("p", "img"):
        return None
    images = [child] if child.tag == "img" else [*child.find("img")]
    return images[-1] if images and not shown(child) else None


def _is_caption(child: Node | str, *, only_marked: bool = False) -> bool:
    if isinstance(child, str) or child.tag != "p":
        return False
    text = shown(child)
    is_marked = not _CLASSES.isdisjoint(child.attrs.get("class", "").split())
    if is_marked:
        return bool(text) and not text.startswith("表")
    return is_caption(text) and not only_marked


def _figure(paragraph: Node | str, image: Node, caption: Node | str) -> Node:
    figure = Node("figure", {}, [image, Node("figcaption", {}, [caption])])
    others = [] if isinstance(paragraph, str) else [one for one in paragraph.find("img") if one is not image]
    return Node("div", {}, [*others, figure]) if others else figure
