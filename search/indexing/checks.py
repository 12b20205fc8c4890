"""System checks of the index: its folder is private and out of the web's reach; and, with the database, its state."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from search.engines.registry import current_engine
from search.indexing.state import index_state


def register() -> None:
    """Makes them run with Django's own. Called once, when the app is ready."""
    checks.register(check_folder, checks.Tags.security)
    checks.register(check_state, checks.Tags.database)


def check_folder(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """The index holds pickles: who can write there can run code here, so nobody else may, and no page shows it."""
    folder = current_engine().folder
    return [*_private(folder), *_unserved(folder)] if folder else []


def _private(folder: Path) -> Iterator[checks.CheckMessage]:
    if not folder.exists():
        return
    status = folder.stat()
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield checks.Error(
            f"The folder of the search index, {folder}, is open to other users of this machine.",
            hint=f"chmod 700 {folder}; if others could write there, remove it first: it is built anew.",
            id="search.E001",
        )
    if status.st_uid != os.geteuid():
        yield checks.Error(
            f"The folder of the search index, {folder}, belongs to another user than the one who runs this.",
            hint="Run the command as the user of the service.",
            id="search.E002",
        )


def _unserved(folder: Path) -> Iterator[checks.CheckMessage]:
    served = [settings.MEDIA_ROOT, settings.STATIC_ROOT, *settings.STATICFILES_DIRS]
    roots = [Path(root).resolve() for root in served if root]
    for root in roots:
        if folder.resolve().is_relative_to(root):
            yield checks.Error(
                f"The search index, {folder}, lies in {root}, whose files are served to everybody.",
                hint="Give XWK_DATA_DIR, or MEDIA_ROOT and STATIC_ROOT, other places.",
                id="search.E003",
            )


def check_state(
    app_configs: Any, databases: Sequence[str] | None = None, **options: Any
) -> list[checks.CheckMessage]:
    """What /readyz says of the index. Only with `manage.py check --database default`: it reads the database."""
    folder = current_engine().folder
    if not databases or (folder and not folder.exists()):
        return []
    try:
        state = index_state()
    except DatabaseError:
        return []  # before its first migration, or before those of an upgrade, which run this check first
    set_aside = f"{state.set_aside} articles could not be indexed." if state.set_aside else ""
    said = [
        ("search.W001", state.problem and "Searches are answered from the database.", state.problem),
        ("search.W002", set_aside, "The admin lists them with the reason, under 搜索."),
        ("search.W003", state.warning and "The search index is large.", state.warning),
    ]
    return [checks.Warning(message, hint=hint, id=name) for name, message, hint in said if message]
