"""What lies at an editor's desk becomes another's: the week they are at, imports they could take back, batches."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from desk.batches.models import Batch
from desk.models import Desk


class AtDesk(NamedTuple):
    """How much lies at somebody's desk."""

    is_open: bool
    """Whether there is a week that is not stored yet."""
    batches: int


class DeskTaken(Exception):
    """The other one has a week on their desk too, and there is room for one."""


def at_desk(user_id: int) -> AtDesk:
    """Returns how much lies at somebody's desk."""
    return AtDesk(
        Desk.objects.open_of(user_id) is not None,
        Batch.objects.filter(user=user_id).count(),
    )


def hand_on(user_id: int, to_id: int) -> None:
    """Gives it all to another editor. Raises DeskTaken, and then nothing has changed."""
    with transaction.atomic():
        if Desk.objects.open_of(user_id) and Desk.objects.open_of(to_id):
            raise DeskTaken
        Desk.objects.filter(user=user_id).update(user=to_id)
        Batch.objects.filter(user=user_id).update(user=to_id)
