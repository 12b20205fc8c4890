"""Which migrations a database has, beside those of this code; and bringing another database up to date."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable

from django.conf import settings
from django.db.migrations.loader import MigrationLoader


class MigratingError(Exception):
    """A database that can not be brought up to date, and why."""


Migration = tuple[str, str]
"""App and name."""


def pending(applied: Iterable[Migration]) -> list[Migration]:
    """Returns the migrations of this code that a database lacks."""
    return sorted(MigrationLoader(None).disk_migrations.keys() - set(applied))


def unknown(applied: Iterable[Migration]) -> list[Migration]:
    """Returns the migrations of a database that this code does not know: a later version made it."""
    known = MigrationLoader(None).disk_migrations
    replaced = {each for migration in known.values() for each in migration.replaces}
    return sorted(set(applied) - known.keys() - replaced)


def migrate(database_url: str = "", data_dir: str = "") -> None:
    """Brings a database up to date: the site's, or another one. Raises MigratingError with what went wrong.

    In a process of its own: the connections of this one are to another database, or in a transaction.
    """
    other = {"DATABASE_URL": database_url, "XWK_DATA_DIR": data_dir}
    done = subprocess.run(  # noqa: S603 - our own command
        [
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            *"migrate --noinput --skip-checks -v0".split(),
        ],
        env={**os.environ, **{name: value for name, value in other.items() if value}},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise MigratingError(" ".join(done.stderr.strip().splitlines()[-1:]))
