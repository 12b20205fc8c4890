"""Follows what becomes visible (PUBLICATION_FOLLOWERS): notes what arrives, and has the worker tell of it."""

from __future__ import annotations

from collections.abc import Collection

from members.alerts.tasks import prepare_alerts
from members.following import arrivals
from worker.backend import enqueue_once


def note_publication(article_ids: Collection[int]) -> None:
    """Numbers the articles that became visible for the first time, in the transaction that made them so."""
    if arrivals.note(article_ids):
        enqueue_once(prepare_alerts)
