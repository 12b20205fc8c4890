"""Numbers that a form says of itself are checked before anything is locked, counted or looked up by them."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import QueryDict

MAX_LINES = 1000
"""Lines that a formset may have: what Django takes by default."""
MAX_DIGITS = 18
"""Of a key or a version: what every database can look up."""


def check_numbers(post: QueryDict) -> None:
    """Raises BadRequest when a form names more lines, or longer numbers, than a form of ours can have.

    >>> check_numbers(QueryDict("articles-TOTAL_FORMS=1000000000"))
    Traceback (most recent call last):
    django.core.exceptions.BadRequest: articles-TOTAL_FORMS is over 1000 or over what was sent
    """
    for name, value in post.items():
        text = str(value).strip()
        if not text.isdecimal():
            continue
        if len(text) > MAX_DIGITS and (name == "version" or name.endswith(("-id", "-position", "_FORMS"))):
            raise BadRequest(f"{name} has over {MAX_DIGITS} digits")
        if name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS")) and int(text) > min(MAX_LINES, len(post)):
            raise BadRequest(f"{name} is over {MAX_LINES} or over what was sent")
