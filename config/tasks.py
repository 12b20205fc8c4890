"""The nightly backup, by the worker."""

from __future__ import annotations

import logging

from django_tasks import task

from config.backups import nightly

logger = logging.getLogger(__name__)


@task(queue_name="long")
def back_up() -> None:
    """Makes tonight's backup, and deletes those that are no longer kept."""
    for name in nightly.back_up().missing:
        logger.warning("backup: %s was lost before: the database names it, and there is no such file", name)
