"""Parts an HTML page into what people read or hear and the rest, so that its text can be changed as it leaves."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

_RAW = ("script", "style", "textarea")
"""Elements whose content stays as it is."""
_SPOKEN = tuple(
    f"{space}{name}=" for name in ("title", "aria-label", "alt", "placeholder") for space in " \n\r\t"
)
"""How attributes begin that people see or hear. Those that are sent back (`value`, `href`) stay as they are."""
_ENDS_IN_A_TAG = re.compile("[<>\"']")


class Kind(Enum):
    TEXT = "text"
    SPOKEN = "spoken"
    """The value of an attribute that people see or hear."""
    MARKUP = "markup"


class Part(NamedTuple):
    """A stretch of a page; the parts of a page together are the page."""

    text: str
    kind: Kind


def parts_of(html: str) -> list[Part]:
    """Returns the page in its parts, in one pass.

    >>> [part.text for part in parts_of('<p title="国产">甲</p>') if part.kind is not Kind.MARKUP]
    ['国产', '甲']
    """
    parts: list[Part] = []
    at = 0
    while (begin := html.find("<", at)) >= 0:
        parts.append(Part(html[at:begin], Kind.TEXT))
        at = _put_markup(html, begin, parts)
    parts.append(Part(html[at:], Kind.TEXT))
    return [part for part in parts if part.text]


def _put_markup(html: str, begin: int, parts: list[Part]) -> int:
    """Puts the comment, element or tag that begins here, and returns where it ends: each character is passed once."""
    if html.startswith("<!--", begin):
        end = html.find("-->", begin + 4) + 3
    elif _name_at(html, begin + 1) in _RAW:
        end = _end_of_raw(html, begin)
    elif html[begin + 1 : begin + 2].isalpha() or html.startswith(("</", "<!"), begin):
        return _put_tag(html, begin, parts)
    else:
        end = begin + 1
    end = end if end > begin else len(html)  # never closed: all that follows
    parts.append(Part(html[begin:end], Kind.MARKUP))
    return end


def _name_at(html: str, at: int) -> str:
    name = html[at : at + 9].lower()  # one more than the longest that is asked for
    return next((raw for raw in _RAW if name.startswith(raw) and not name[len(raw) :][:1].isalnum()), "")


def _end_of_raw(html: str, at: int) -> int:
    while (at := html.find("</", at)) >= 0:
        at += 2
        if name := _name_at(html, at):
            at += len(name)
            while html[at : at + 1].isspace():
                at += 1
            if html[at : at + 1] == ">":
                return at + 1
    return 0


def _put_tag(html: str, at: int, parts: list[Part]) -> int:
    while found := _ENDS_IN_A_TAG.search(html, at + html.startswith("<", at)):
        mark, place = found[0], found.start()
        if mark in "<>":
            end = place + (mark == ">")
            parts.append(Part(html[at:end], Kind.MARKUP))
            return end
        close = html.find(mark, place + 1)
        if close < 0:
            break
        before, value = html[at : place + 1], html[place + 1 : close]
        is_spoken = mark == '"' and before[:-1].endswith(_SPOKEN)
        parts += [
            Part(before, Kind.MARKUP),
            Part(value, Kind.SPOKEN if is_spoken else Kind.MARKUP),
            Part(mark, Kind.MARKUP),
        ]
        at = close + 1
    parts.append(Part(html[at:], Kind.MARKUP))
    return len(html)
