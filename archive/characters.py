"""Characters that nobody can see. Pure."""

from __future__ import annotations

import re

INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Zero-width and direction characters, as the contents of a regular expression's class: WeChat and Word leave them
everywhere, nobody can see or delete them."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")


def without_invisible(text: str) -> str:
    """Returns `text` without zero-width and direction characters.

    >>> without_invisible("HBM\\u200b4")
    'HBM4'
    """
    return _INVISIBLE.sub("", text)
