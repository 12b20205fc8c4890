"""What the search tells other rooms. It does not know who listens, and never fails because of them.

A listener that keeps what it hears keeps nothing about who asked: see insight/log.py.
"""

from __future__ import annotations

from django.dispatch import Signal
from django.http import HttpRequest

TYPING = "X-Typing"
"""The header by which a page asks for results to what is still being typed, or were seen before (static/js/answer.js).

It is no search: none of these signals is sent. Once it is meant, the page asks again without it.
"""


def is_typing(request: HttpRequest) -> bool:
    """Whether a page of results is asked for while its query is being typed."""
    return TYPING in request.headers


searched = Signal()
"""A search page was answered. Sent with `request`, `asked` (a SearchRequest) and `found` (SearchResults)."""

opened = Signal()
"""A result was opened: its page asks for its marks. Sent with `request`, `article` and `q`, the query."""

repeated = Signal()
"""A page was answered as it was before, without its view: whoever keeps whole pages sends it.

Sent with `request` and `match`, what its address resolves to. The view's own signal was sent when it made the page.
"""
