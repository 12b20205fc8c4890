"""Renders the inputs of forms without a template: a page of the editors has fifty, each longer than a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

INPUTS = frozenset(
    f"django/forms/widgets/{name}.html"
    for name in ("checkbox", "email", "hidden", "input", "number", "text", "url")
)
"""Django's templates that say nothing but `<input>`."""


class FlatInputs(DjangoTemplates):
    """Django's renderer, which writes the templates of INPUTS itself, as they would be."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in INPUTS:
            return input_of(context["widget"])
        return str(super().render(template_name, context, request))


def input_of(widget: Mapping[str, Any]) -> SafeString:
    """Returns the `<input>` of a widget's context.

    >>> input_of({"type": "text", "name": "q", "value": '"', "attrs": {"required": True, "disabled": False}})
    '<input type="text" name="q" value="&quot;" required>'
    """
    attrs = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        attrs["value"] = _said(widget["value"])
    written = "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_said(value)}"'
        for name, value in [*attrs.items(), *widget["attrs"].items()]
        if value is not False
    )
    return mark_safe(f"<input{written}>")  # noqa: S308 - each value is escaped


def _said(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))
