"""Slots: places in the archive's pages that other rooms fill. `SLOTS` in config/parts.py says which fills what."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader_tags import IncludeNode
from django.utils.safestring import SafeString

register = template.Library()


class SlotNode(template.Node):
    def __init__(self, content: NodeList) -> None:
        self.nodelist = content

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """Includes the templates that fill a slot, in order; shows its own content when nothing fills it.

    `{% slot "article-below" %}{% endslot %}`. The templates see what the page knows, as with `{% include %}`. The
    setting is read when a page's template is compiled, so that a slot costs what its includes cost.
    """
    _, name = token.split_contents()
    content = parser.parse(("endslot",))
    parser.delete_first_token()
    if fillers := settings.SLOTS.get(name.strip('"')):
        content = NodeList()
        for filler in fillers:
            parser.extend_nodelist(content, IncludeNode(parser.compile_filter(f'"{filler}"')), token)
    return SlotNode(content)
