"""A backup every night, and which of the earlier ones are kept: 7 daily, 4 weekly, 12 monthly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from config.backups import reminder
from config.backups.databases import site_database
from config.backups.making import make_backup
from config.backups.manifest import Manifest
from config.media.store import site_media

NAME = "nightly-%Y%m%d-%H%M%S.zip"
"""Only files with such a name are ever deleted: what somebody puts beside them stays."""
KEPT: tuple[tuple[int, Callable[[dt.datetime], object]], ...] = (
    (7, lambda moment: moment.date()),
    (4, lambda moment: moment.isocalendar()[:2]),
    (12, lambda moment: (moment.year, moment.month)),
)
"""Of so many days, weeks and months that have a backup, the last one of each is kept."""


def back_up() -> Manifest:
    """Makes tonight's backup in BACKUP_DIR, verified, and then deletes those that are no longer kept.

    Raises BackupError or OSError when it can not be made; then nothing is deleted.
    """
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / timezone.localtime().strftime(NAME)
    manifest = make_backup(site_database(), site_media(), target)
    reminder.note(dt.datetime.fromisoformat(manifest.created_at))
    for path in no_longer_kept(folder.glob("nightly-*.zip")):
        path.unlink()
    return manifest


def no_longer_kept(paths: Iterable[Path]) -> list[Path]:
    """Returns the nightly backups that are neither one of the last days, nor the last one of a week or month.

    >>> nights = [Path(f"nightly-202501{day:02}-031500.zip") for day in range(1, 32)]
    >>> kept = sorted(set(nights) - set(no_longer_kept(nights)))
    >>> [path.name[14:16] for path in kept]
    ['12', '19', '25', '26', '27', '28', '29', '30', '31']
    """
    made = {moment: path for path in paths if (moment := _made_at(path))}
    kept: set[dt.datetime] = set()
    for count, period in KEPT:
        last = {period(moment): moment for moment in sorted(made)}
        kept.update(sorted(last.values())[-count:])
    return [made[moment] for moment in sorted(made.keys() - kept)]


def _made_at(path: Path) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(path.name, NAME)
    except ValueError:
        return None
