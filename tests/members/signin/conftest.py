"""People who log in, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.members.signin.people import PASSWORD

Maker = Callable[..., User]


@pytest.fixture(autouse=True)
def _nothing_counted_before(settings: Any) -> Iterator[None]:
    """What django-allauth and the mail of the last test counted is not rolled back with the database.

    The site's limits by address (members/limits) have tests of their own; here the lock-out is what answers.
    """
    settings.LIMITS_LIFTED_FOR = ["0.0.0.0/0", "::/0"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def make_user(db: None) -> Maker:
    """Makes an account: `make_user("wang", "主编", email="wang@example.org", is_active=False)`."""

    def make(name: str, group: str = "", *, email: str = "", verified: bool = True, **fields: bool) -> User:
        user = User.objects.create_user(name, email=email, password=PASSWORD, is_staff=bool(group), **fields)
        if group:
            user.groups.add(Group.objects.get(name=group))
        if email and verified:
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    return make


@pytest.fixture
def log_in(db: None) -> Callable[..., HttpResponse]:
    """Sends the form of the log-in: `log_in(client, "wang")`, from another address, to a page."""

    def send(
        client: Client, login: str, password: str = PASSWORD, *, address: str = "192.0.2.1", to: str = ""
    ) -> HttpResponse:
        sent = {"login": login, "password": password, "next": to}
        return client.post("/account/login/", sent, REMOTE_ADDR=address)

    return send
