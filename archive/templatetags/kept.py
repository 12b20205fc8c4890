"""`{% kept %}`: parts of pages that are made once for each state of the site, and never shown past it.

    {% kept "contents" issue.pk %} … {% endkept %}

The state has a name (decision 14), which whoever answers the request puts on it as `page_state` before anything of
the page is read: what is kept under a name may be newer than it, never older. Where a request has no such name (a
preview, a page of the editors', while no index answers), a part is made each time. What a part shows beside the state
of the site (of the address, of the reader's preferences) is to be named behind its own name.
"""

from __future__ import annotations

import hashlib

from django import template
from django.core.cache import caches
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


class KeptNode(template.Node):
    def __init__(self, content: NodeList, named: list[FilterExpression]) -> None:
        self.nodelist = content
        self._named = named

    def render(self, context: Context) -> SafeString:
        state: str | None = getattr(getattr(context, "request", None), "page_state", None)
        if state is None:
            return self.nodelist.render(context)
        parts = "\n".join([state, *(str(one.resolve(context)) for one in self._named)])
        key = hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        kept: str | None = caches["parts"].get(key)
        if kept is None:
            kept = str(self.nodelist.render(context))
            caches["parts"].set(key, kept)
        return SafeString(kept)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Keeps what stands before `{% endkept %}` under the state of the site and what is named here."""
    _, *named = token.split_contents()
    content = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(content, [parser.compile_filter(one) for one in named])
