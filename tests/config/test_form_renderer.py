"""Inputs that are written without templates are those that Django's templates write."""

from __future__ import annotations

import doctest
from itertools import product
from typing import Any

import pytest
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from config import form_renderer
from config.form_renderer import INPUTS, FlatInputs

VALUES: list[Any] = [None, "", "a<\"'&", 5, 0, True, False, SafeString("<b>"), "  x ", ["a"], "{{ x }}"]
ATTRS: list[dict[str, Any]] = [
    {},
    {"id": "i", "required": True, "disabled": False, "y": None, "tabindex": 0, "placeholder": "台<"},
    {"data-a": SafeString("&amp;"), "maxlength": "1000"},
]


@pytest.mark.parametrize("template", sorted(INPUTS))
def test_an_input_is_what_the_template_would_be(template: str) -> None:
    for value, attrs in product(VALUES, ATTRS):
        context = {"widget": {"type": "text", "name": "n<", "value": value, "attrs": attrs}}
        assert FlatInputs().render(template, context) == DjangoTemplates().render(template, context)


def test_the_examples_hold() -> None:
    result = doctest.testmod(form_renderer)
    assert (result.attempted > 0, result.failed) == (True, 0)
