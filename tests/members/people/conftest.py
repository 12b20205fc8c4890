"""What the tests of people share: who is there, and a site that sends mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.archive.people import browser, person, proved
from worker.models import Task
from worker.running import run

SITE = "http://testserver"


@pytest.fixture
def chief(db: None) -> User:
    return person("zhubian", "主编", first_name="李主编", email="li@alliance.example")


@pytest.fixture
def editor(db: None) -> User:
    return person("bianji", "编辑", first_name="小林", email="lin@alliance.example")


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user("chengyuan", "cheng@fab.example", first_name="陈成员")


@pytest.fixture
def as_chief(chief: User) -> Client:
    """The browser of the 主编, who has just given the password once more."""
    return proved(browser(chief))


@pytest.fixture(autouse=True)
def _sends_no_mail(settings: Any) -> None:
    settings.EMAIL_URL = ""


@pytest.fixture
def sends_mail(_sends_no_mail: None, settings: Any) -> None:
    """A site that has a mail server. What is sent lands in django.core.mail.outbox."""
    settings.EMAIL_URL = "smtp://mail.example"


def run_tasks() -> list[Task]:
    """Runs the tasks that wait, as the worker does; returns them as they are after it."""
    waiting = list(Task.objects.filter(state=Task.State.READY, every=None).order_by("pk"))
    for task in waiting:
        task.state, task.attempts = Task.State.RUNNING, task.attempts + 1
        task.save()
        run(task)
        task.refresh_from_db()
    return waiting
