"""Shows pages in traditional characters to readers who chose them.

The page is converted as it leaves, not the archive: search, addresses and anchors stay as they are. OpenCC's table for
Taiwan is used character by character and phrase by phrase, and never changes how many characters there are, so
that the places of marks (search/results/marking) hold in either script.
"""

from __future__ import annotations

import re
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from opencc import OpenCC

from archive.preferences import Preferences

_MARKUP = re.compile(
    r"(<!--.*?-->|<(?:script|style|textarea)\b.*?</(?:script|style|textarea)\s*>"
    r"""|<[a-zA-Z/!](?:[^<>"']|"[^"]*"|'[^']*')*>)""",
    re.DOTALL | re.IGNORECASE,
)
_SPOKEN = re.compile(r'(?<=\s)(title|aria-label|alt|placeholder)="([^"]*)"')
"""Attributes that people see or hear. Those that are sent back (`value`, `href`) stay as they are."""
_HAN = re.compile("[\u3400-\u9fff]")


def to_traditional(text: str) -> str:
    """Returns `text` in traditional characters, as long as before.

    >>> to_traditional("台积电在台湾的后段产线，台风停产")
    '台積電在台灣的後段產線，颱風停產'

    `台` stays where the table would have 臺: companies' names and everyday writing have 台.
    """
    if not _HAN.search(text):
        return text
    converted: str = _converter().convert(text)
    if "臺" in converted and len(converted) == len(text):
        return "".join(
            "台" if before == "台" and after == "臺" else after
            for before, after in zip(text, converted, strict=True)
        )
    return converted


def page_to_traditional(html: str) -> str:
    """Returns an HTML page with what people see and hear of it in traditional characters.

    >>> page_to_traditional('<p title="国产"><a href="/?q=国产">国产</a></p><script>"国产"</script>')
    '<p title="國產"><a href="/?q=国产">國產</a></p><script>"国产"</script>'
    """
    pieces = _MARKUP.split(html)
    pieces[::2] = map(to_traditional, pieces[::2])
    pieces[1::2] = [
        piece if piece[:7].lower() in ("<script", "<textar") else _SPOKEN.sub(_spoken, piece)
        for piece in pieces[1::2]
    ]
    return "".join(pieces)


class TraditionalChineseMiddleware(MiddlewareMixin):
    """Converts pages for readers who chose traditional characters.

    It runs inside ConditionalPageCache, which keeps a page for each choice, and inside GZip. The admin stays as it is,
    because what an editor saves there must be what he saw, and so does a file, because it quotes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not isinstance(response, HttpResponse) or not is_page:
            return response
        match = request.resolver_match
        if (match and match.app_name == "admin") or response.has_header("Content-Disposition"):
            return response
        patch_vary_headers(response, ["Cookie"])
        if Preferences.of(request).is_traditional:
            response.content = page_to_traditional(response.content.decode()).encode()
        return response


def _spoken(match: re.Match[str]) -> str:
    return f'{match[1]}="{to_traditional(match[2])}"'


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")
