"""`/readyz` and the checks warn of a large archive before searches become slow."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core import checks
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from tests.conftest import WeekMaker

ARTICLES = {f"第{number}条": "文" for number in range(1, 8)}
BELOW, REACHED = 8, 7


def ready(client: Client) -> tuple[int, str, str]:
    response = client.get("/readyz")
    return response.status_code, response.json()["index"], response.json()["search"]["warning"]


def checked() -> list[checks.CheckMessage]:
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    return [message for message in found if message.id == "search.W003"]


def compared(*options: str) -> str:
    printed = io.StringIO()
    call_command("check_index", *options, stdout=printed)
    return printed.getvalue()


def test_the_bound_is_15000_articles() -> None:
    assert site_settings.SEARCH_LARGE_FROM == 15_000


@pytest.mark.parametrize(("bound", "is_large"), [(BELOW, False), (REACHED, True)])
def test_a_large_index_is_ready_and_said_to_be_large(
    client: Client, make_issue: WeekMaker, settings: Settings, bound: int, is_large: bool
) -> None:
    make_issue(ARTICLES)
    settings.SEARCH_LARGE_FROM = bound
    status, index, warning = ready(client)
    assert (status, index) == (200, "ok")
    assert ("the index holds 7 articles" in warning) == is_large
    assert ("How large it may grow" in warning) == is_large
    assert [message.hint for message in checked()] == ([warning] if is_large else [])
    assert all(not message.is_serious() for message in checked())
    assert (f"Note: {warning}." in compared()) == is_large
    answer: dict[str, Any] = json.loads(compared("--json"))
    assert answer["equal"] is True
    assert answer["warning"] == (warning or None)


def test_the_section_that_it_names_is_there() -> None:
    page = (site_settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "### How large it may grow\n" in page
