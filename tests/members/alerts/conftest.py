"""A mail server and a receiver of HTTP, both real, and who is told by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from members.alerts.models import Channel
from members.alerts.settings import add_channel, tell, tell_by_mail
from members.following.models import Follow
from tests.mailbox import Mailbox
from tests.members.alerts.work import PATHS, SITE
from tests.receiver import Receiver

Following = Callable[..., Follow]


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        yield mailbox


@pytest.fixture
def told(follow: Following, mailbox: Mailbox) -> Follow:
    """HBM4 is followed, and told of by mail."""
    one = follow("q=HBM4")
    tell_by_mail(one, SITE)
    return one


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with Receiver() as receiver:
        settings.ALERT_RECEIVERS_FOR_TESTS = [f"127.0.0.1:{receiver.port}"]
        yield receiver


@pytest.fixture
def channel(member: User, receiver: Receiver, follow: Following) -> Callable[..., Channel]:
    """A channel that is told of HBM4."""

    def make(kind: str, secret: str = "") -> Channel:
        address = f"http://127.0.0.1:{receiver.port}{PATHS[kind]}"
        made, _ = add_channel(member, kind, "群", address, secret=secret, rhythm="now", site=SITE)
        tell(follow("q=HBM4"), made)
        return made

    return make
