"""Somebody of a group, and the browser in which they are logged in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.test import Client


def person(name: str, group: str, **more: Any) -> User:
    user = User.objects.create_user(name, is_staff=True, **more)
    user.groups.add(Group.objects.get(name=group))
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def proved(client: Client) -> Client:
    """A browser whose user has just given the password: pages that change people ask for it once more."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, User.objects.get(pk=request.session[SESSION_KEY]), method="password")
    request.session.save()
    return client
