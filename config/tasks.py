"""The nightly backup, by the worker."""

from __future__ import annotations

import logging

from django_tasks import task

from config.backups import nightly
from members.trail import What, record

logger = logging.getLogger(__name__)


@task(queue_name="long")
def back_up() -> None:
    """Makes tonight's backup, and deletes those that are no longer kept."""
    manifest = nightly.back_up()
    record(What.BACKED_UP, target="每晚备份")
    for name in manifest.missing:
        logger.warning("backup: %s was lost before: the database names it, and there is no such file", name)
