"""A closed archive, as READERS=members makes it."""

from __future__ import annotations

import os
import runpy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from config import settings as site_settings
from members.following import changes
from members.following.models import Follow
from members.following.subjects import read_subject
from tests.conftest import ROOT


def settings_with(**environment: str) -> dict[str, Any]:
    """What config/settings.py makes of an environment."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        made = runpy.run_path(str(ROOT / "config" / "settings.py"))
    finally:
        os.environ.clear()
        os.environ.update(before)
    return {name: value for name, value in made.items() if name.isupper()}


@pytest.fixture
def pages_are_kept(settings: Any) -> Iterator[None]:
    """The page cache works, and holds nothing of another test."""
    settings.CACHES = site_settings.CACHES
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def closed(settings: Any, pages_are_kept: None) -> None:
    """Only members may read: with all that this changes in the settings."""
    is_open, is_closed = (settings_with(READERS=readers) for readers in ("everyone", "members"))
    changed = {name: value for name, value in is_closed.items() if value != is_open[name]}
    assert changed["READERS"] == "members"
    for name, value in changed.items():
        setattr(settings, name, value)


@pytest.fixture
def member(db: None) -> User:
    """An active account that is no editor's."""
    return User.objects.create_user("member", email="member@example.org")


@pytest.fixture
def follow(member: User) -> Callable[..., Follow]:
    """Follows a key, as the button does: for the member unless told otherwise."""

    def follow(key: str, user: User = member) -> Follow:
        return changes.follow(user, read_subject(key))

    return follow


@pytest.fixture
def members_client(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client
