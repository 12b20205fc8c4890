"""An address, an action or a button that nobody classified fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from tests.border.actions import ACTIONS
from tests.border.shown import ACCOUNTS, SHOWN
from tests.border.steps_own import OWN
from tests.border.steps_public import PUBLIC
from tests.border.steps_words import WORDS
from tests.border.world import World, client_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def _names(patterns: list[Any], place: str = "", space: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        here = place + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            within = "" if pattern.namespace in (None, "admin") else f"{pattern.namespace}:"
            found |= _names(pattern.url_patterns, here, within or space)
        elif (
            isinstance(pattern, URLPattern) and pattern.name and (here.startswith("admin/") or "desk" in here)
        ):
            found.add(space + pattern.name)
    return found


def test_every_address_of_the_admin_and_the_desk_is_classified() -> None:
    steps = {**PUBLIC, **OWN, **WORDS}
    classified = {step.name for step in steps.values()} | SHOWN.keys() | ACCOUNTS
    addresses = _names(get_resolver().url_patterns)
    assert addresses - classified == set(), "say in PUBLIC, OWN, WORDS or SHOWN what they change"
    assert classified - addresses == set(), "these are no more"


def test_every_action_of_a_list_is_classified() -> None:
    actions = {
        (model, action if isinstance(action, str) else action.__name__)
        for model, model_admin in admin.site._registry.items()
        for action in (*(model_admin.actions or ()), "delete_selected")
        if model._meta.app_label != "auth"
    }
    assert actions == ACTIONS.keys()


def test_every_button_of_the_forms_is_pressed(world_of: Callable[[str], World]) -> None:
    pressed = {"_continue", "_save", "_preview", "_look", "_withdraw", "_close_report"}
    world = world_of("编辑")
    for browser in (world.client, client_of("主编")[0]):
        for issue in (world.issue, world.due, world.draft(), world.in_review().issue):
            for address in (f"issue/{issue.pk}", f"article/{issue.articles.all()[0].pk}"):
                page = browser.get(f"/admin/archive/{address}/change/").content.decode()
                assert set(re.findall(r'<input type="submit"[^>]*name="(\w+)"', page)) <= pressed
