"""The last day on which an account was used is kept, and nothing else; pages that ask for nobody stay the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.people.last_seen import WRITTEN_EVERY_SECONDS
from members.people.models import LastSeen
from tests.archive.people import browser

pytestmark = pytest.mark.django_db


def writes(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return sum("last" in query["sql"] and query["sql"].startswith("INSERT") for query in captured)


@pytest.fixture(autouse=True)
def _nobody_was_here() -> None:
    cache.clear()


def test_a_page_that_knows_who_is_there_notes_the_day_at_most_once_an_hour(editor: User) -> None:
    client = browser(editor)
    assert [writes(client, "/admin/") for _ in range(3)] == [1, 0, 0]
    assert LastSeen.objects.values_list("user", "day").get() == (editor.pk, timezone.localdate())
    assert WRITTEN_EVERY_SECONDS == 3600
    LastSeen.objects.update(day=dt.date(2025, 3, 21))
    cache.clear()  # an hour later
    assert writes(client, "/admin/") == 1
    assert LastSeen.objects.get().day == timezone.localdate()


def test_it_is_a_day_and_nothing_of_what_was_read() -> None:
    assert {field.name for field in LastSeen._meta.get_fields()} == {"user", "day"}
    assert LastSeen._meta.get_field("day").get_internal_type() == "DateField"


def test_who_is_not_logged_in_is_not_noted_and_pages_for_all_do_not_ask(client: Client, editor: User) -> None:
    client.get("/admin/login/")
    page = client.get("/issues/")
    assert not LastSeen.objects.exists()
    assert not page.wsgi_request.session.accessed


def test_a_deactivated_account_is_not_seen(editor: User) -> None:
    client = browser(editor)
    User.objects.update(is_active=False)
    client.get("/admin/")
    assert not LastSeen.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_can_not_be_written_is_left_and_the_page_is_shown(editor: User, settings: Any) -> None:
    client = browser(editor)
    client.get("/admin/")
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_lastseen RENAME TO members_gone")
    try:
        assert client.get("/admin/").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE members_gone RENAME TO members_lastseen")
