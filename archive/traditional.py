"""Shows pages in traditional characters to readers who chose them.

The page is converted as it leaves, not the archive: search, addresses and anchors stay as they are. OpenCC's table for
Taiwan is used character by character and phrase by phrase, and never changes how many characters there are, so
that the places of marks (search/results/marking) hold in either script. Its words (s2twp: 软件 is 軟體) are not used:
they change that number, and what the sources said (docs/wording.md).
"""

from __future__ import annotations

import re
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from opencc import OpenCC

from archive.page_text import Kind, parts_of
from archive.preferences import Preferences

_HAN = re.compile("[\u3400-\u9fff]")
_QUOTED = re.compile("[“”‘’]")
_QUOTES = str.maketrans("“”‘’", "「」『』")
_APOSTROPHE, _KEPT = re.compile("(?<=[A-Za-z0-9])’(?=[A-Za-z0-9])"), "\ufdd0"
"""A character that no text has stands for an apostrophe while quotation marks are replaced."""


def to_traditional(text: str) -> str:
    """Returns `text` in traditional characters, as long as before.

    >>> to_traditional("台积电在台湾的后段产线，台风停产")
    '台積電在台灣的後段產線，颱風停產'

    `台` stays where the table would have 臺: companies' names and everyday writing have 台. Quotation marks become
    those that are used with these characters; an apostrophe stays:

    >>> to_traditional("“台积电‘全包’”的TSMC’s")
    '「台積電『全包』」的TSMC’s'
    """
    text = (
        _APOSTROPHE.sub(_KEPT, text).translate(_QUOTES).replace(_KEPT, "’") if _QUOTED.search(text) else text
    )
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
    return "".join(
        part.text if part.kind is Kind.MARKUP else to_traditional(part.text) for part in parts_of(html)
    )


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


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")
