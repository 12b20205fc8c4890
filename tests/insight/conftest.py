"""Fixtures of this room's tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from insight import log
from insight.models import SearchRecord
from tests.search.conftest import trade_archive as trade_archive
from tests.search.conftest import trade_glossary as trade_glossary

PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
RecordMaker = Callable[..., SearchRecord]
EditorMaker = Callable[..., Client]


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    """What another test noted and did not write is not this one's."""
    log._waiting.clear()
    yield
    log._waiting.clear()


@pytest.fixture
def make_record(db: None) -> RecordMaker:
    """Makes a record of a search, `days_ago` days before now."""

    def make(query: str, *, days_ago: float = 1, **fields: object) -> SearchRecord:
        values = {"form": query.lower(), "answer": SearchRecord.Answer.FULL, "hits": 3, "took_ms": 2.0}
        at = timezone.now() - dt.timedelta(days=days_ago)
        return SearchRecord.objects.create(query=query, created_at=at, **{**values, **fields})

    return make


@pytest.fixture
def editor(db: None) -> EditorMaker:
    """A browser in which someone with exactly these permissions is logged in."""

    def make(*permissions: str) -> Client:
        user = User.objects.create_user(f"editor{User.objects.count()}", is_staff=True)
        for permission in permissions:
            app, codename = permission.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        client = Client()
        client.force_login(user)
        return client

    return make
