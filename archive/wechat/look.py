"""How a post looks: the declarations that stand in the `style` of each of its elements. Pure.

WeChat's editor drops style sheets, classes and ids, and most of what lays a page out (position, flex, backgrounds, the
width of pictures). What is left is type, colour, space and borders, and nothing here needs more: a heading is never
white on a background that may be gone. The elements are made here one by one, so each gets its declarations when
it is made; a library that inlines a style sheet (css-inline, juice) would need classes first, and read the HTML again.
"""

from __future__ import annotations

from dataclasses import dataclass

INK, SOFT, RULE = "#2b2b2b", "#7a7a7a", "#d9d9d9"
DEFAULT_COLOUR = "#ab2417"
HEADINGS = {
    "bar": "左边一道竖线",
    "line": "下面一道横线",
    "centre": "居中，编号在上",
    "plain": "只有颜色",
}
"""Forms of an article's title."""

_TEXT = f"font-size:16px;line-height:1.8;letter-spacing:0.5px;color:{INK}"
_SMALL = f"font-size:14px;line-height:1.7;color:{SOFT}"
_TITLE = "font-size:19px;line-height:1.5;font-weight:bold"
STYLES = {
    "post": f"{_TEXT};word-break:break-word",
    "text": f"{_TEXT};margin:0 0 16px;text-align:justify",
    "quoted": f"font-size:15px;line-height:1.8;letter-spacing:0.5px;color:{SOFT};margin:0 0 8px",
    "in-cell": "margin:0 0 4px",
    "section": "margin:48px 0 24px;text-align:center",
    "section-name": "font-size:17px;line-height:1.5;font-weight:bold;letter-spacing:3px;color:{colour};"
    "padding:6px 4px;border-top:1px solid {colour};border-bottom:1px solid {colour}",
    "subhead": f"font-size:17px;line-height:1.6;font-weight:bold;color:{INK};margin:24px 0 12px",
    "minor-subhead": f"font-size:16px;line-height:1.6;font-weight:bold;color:{SOFT};margin:20px 0 10px",
    "quote": "margin:0 0 16px;padding:2px 0 2px 14px;border-left:3px solid {colour}",
    "table-frame": "margin:16px 0;overflow-x:auto",
    "table": "border-collapse:collapse;width:100%",
    "cell": f"font-size:14px;line-height:1.6;color:{INK};padding:6px 8px;border:1px solid {RULE};text-align:left",
    "head-cell": "font-size:14px;line-height:1.6;color:{colour};font-weight:bold;padding:6px 8px;"
    f"border:1px solid {RULE};border-bottom:2px solid {{colour}};text-align:left",
    "figure": "margin:16px 0;text-align:center",
    "picture": "max-width:100%;height:auto;vertical-align:middle",
    "caption": "font-size:13px;line-height:1.6;color:#8a8a8a;margin:6px 0 0;text-align:center",
    "rule": f"border:none;border-top:1px solid {RULE};margin:24px 0",
    "strong": "font-weight:bold",
    "em": "font-style:italic",
    "sub": "font-size:12px;line-height:1;vertical-align:sub",
    "sup": "font-size:12px;line-height:1;vertical-align:super",
    "mark": "font-size:12px;line-height:1;vertical-align:super;color:{colour}",
    "link": "color:{colour};text-decoration:none",
    "source": f"{_SMALL};margin:0 0 16px;text-align:right",
    "lead": f"{_SMALL};margin:0 0 8px;text-align:center",
    "dates": "font-size:15px;line-height:1.7;letter-spacing:1px;color:{colour};margin:0 0 16px;text-align:center",
    "contents": "margin:24px 0 32px;padding:16px 0 8px;border-top:1px solid {colour};border-bottom:1px solid {colour}",
    "contents-head": "font-size:15px;line-height:1.6;font-weight:bold;letter-spacing:3px;color:{colour};"
    "margin:0 0 10px;text-align:center",
    "contents-item": f"font-size:15px;line-height:1.6;color:{INK};margin:0 0 8px;padding-left:1.8em;text-indent:-1.8em",
    "number": "color:{colour};font-weight:bold",
    "sign-off": "margin:40px 0 0;padding:16px 0 0;border-top:1px solid " + RULE,
    "small": f"{_SMALL};margin:0 0 8px;text-align:justify",
    "notes": "margin:32px 0 0;padding:16px 0 0;border-top:1px solid " + RULE,
    "notes-head": "font-size:14px;line-height:1.6;font-weight:bold;color:{colour};margin:0 0 8px",
    "note": f"font-size:12px;line-height:1.6;color:{SOFT};margin:0 0 6px;word-break:break-all",
    "closing": "margin:40px 0 0;padding:20px 16px;border:1px solid {colour};text-align:center",
    "closing-text": f"font-size:15px;line-height:1.8;color:{INK};margin:0 0 8px;text-align:center",
}
"""Role of an element → its declarations."""
_HEADING = {
    "bar": f"{_TITLE};color:{INK};margin:40px 0 18px;padding-left:12px;border-left:4px solid {{colour}}",
    "line": f"{_TITLE};color:{INK};margin:40px 0 18px;padding-bottom:8px;border-bottom:2px solid {{colour}}",
    "centre": f"{_TITLE};color:{INK};margin:48px 0 20px;text-align:center",
    "plain": f"{_TITLE};color:{{colour}};margin:40px 0 16px",
}
_HEADING_NUMBER = {
    "centre": "display:block;font-size:24px;line-height:1.4;letter-spacing:2px;color:{colour}",
}
_OTHER_NUMBER = "color:{colour}"
MOST_INDENTS = 4
"""Deeper levels of a list stand where this one stands: a telephone has no room."""
WIDE_FROM = 5
"""Columns from which on a table is made wider than the screen, to be pushed sideways."""
_COLUMN = 76
"""Pixels that a column of such a table has at least."""


@dataclass(frozen=True, slots=True)
class Look:
    """The choices of the alliance: a colour (`#ab2417`) and the form of titles (a key of HEADINGS).

    >>> Look(colour="#1d5a9e").style("link")
    'color:#1d5a9e;text-decoration:none'
    """

    colour: str = DEFAULT_COLOUR
    heading: str = "bar"

    def style(self, role: str) -> str:
        """The declarations of an element of this role."""
        return self._filled(STYLES[role])

    def title(self) -> str:
        """Those of an article's title."""
        return self._filled(_HEADING[self.heading])

    def title_number(self) -> str:
        """Those of the number in front of it, or above it."""
        return self._filled(_HEADING_NUMBER.get(self.heading, _OTHER_NUMBER))

    @property
    def after_number(self) -> str:
        """What stands between number and title."""
        return "" if self.heading in _HEADING_NUMBER else "\u2002"

    def item(self, level: int, *, is_first: bool) -> str:
        """Those of a paragraph of a list's item; the first of an item hangs out by its marker."""
        left = 1.6 * (min(level, MOST_INDENTS) + 1)
        hanging = ";text-indent:-1.6em" if is_first else ""
        return f"{_TEXT};margin:0 0 8px;padding-left:{left:.1f}em{hanging}"

    def table(self, columns: int) -> str:
        """Those of a table of so many columns."""
        wide = f";min-width:{columns * _COLUMN}px" if columns >= WIDE_FROM else ""
        return self.style("table") + wide

    def _filled(self, declarations: str) -> str:
        return declarations.replace("{colour}", self.colour)
