"""What the worker does for alerts."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from members.alerts import preparing, sending, whole_issues
from members.alerts.models import Channel
from worker.backend import enqueue_once

INDEX_PAUSE = dt.timedelta(seconds=5)
"""When to look again for what the index does not know yet."""


@task()
def prepare_alerts() -> None:
    """Writes down what has to be sent, and has it sent."""
    whole_issues.prepare()
    if not preparing.prepare():
        enqueue_once(prepare_alerts.using(run_after=timezone.now() + INDEX_PAUSE), key="again")
    enqueue_once(send_alerts)


@task(queue_name="long")
def send_alerts() -> None:
    """Sends what is due; runs again when the next one is."""
    next_at = sending.send_due(timezone.now())
    if next_at is not None:
        enqueue_once(send_alerts.using(run_after=next_at), key="next")


@task()
def gather_alerts() -> None:
    """Makes one message of what a week brought, for those who want it so."""
    preparing.gather(timezone.now())
    enqueue_once(send_alerts)


@task()
def delete_old_alerts() -> None:
    """Deletes what was sent long ago, and addresses that nobody confirmed."""
    sending.delete_old(timezone.now())
    whole_issues.delete_unconfirmed(timezone.now())


@task()
def mail_confirmation(pk: int) -> None:
    """Mails the link that confirms an address. Raises OSError, and is tried again."""
    channel = Channel.objects.filter(pk=pk, confirmed_at=None).first()
    if channel is not None and whole_issues.is_offered():
        whole_issues.send_confirmation(channel)
