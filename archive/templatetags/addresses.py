"""`{% url %}` as Django has it, but that an address is worked out once in a process. Built in (settings.TEMPLATES)."""

from __future__ import annotations

from django import template
from django.template import defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape

from archive.addresses import address_of

register = template.Library()


class AddressNode(defaulttags.URLNode):
    """An address that is written with positional arguments alone, and not kept in a variable."""

    def render(self, context: Context) -> str:
        """Returns the address. Raises NoReverseMatch for one that there is not."""
        request = getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        address = address_of(
            self.view_name.resolve(context),
            *(argument.resolve(context) for argument in self.args),
            current_app=getattr(request, "current_app", match.namespace if match else None),
        )
        return conditional_escape(address) if context.autoescape else address


@register.tag
def url(parser: Parser, token: Token) -> defaulttags.URLNode:
    node = defaulttags.url(parser, token)
    if node.kwargs or node.asvar:
        return node
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
