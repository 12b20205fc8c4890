"""What `make run` does before it serves: from nothing to an archive that answers."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from archive.models import Issue
from config import static_files
from config.secret_key import make_secret_key
from config.services import problems
from glossary.models import Term
from search.engines.base import Unreachable
from search.indexing import sync


class Command(BaseCommand):
    help = (
        "Prepares the site: database, static files, demo weeks and a demo editor when the archive is empty, "
        "and the search index. Safe to run again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with _without_the_trail():
            self._set_up()

    def _set_up(self) -> None:
        call_command("migrate", verbosity=0)  # makes the data directory
        make_secret_key(settings.DATA_DIR / "secret_key")
        static_files.collect()
        is_empty = not Issue.objects.exists() and not get_user_model().objects.exists()
        if not Term.objects.exists():
            self.stdout.write("The glossary is empty: loading the vocabulary of the trade …")
            call_command("import_glossary", verbosity=0)
        try:
            if sync.bring_up_to_date():
                self.stdout.write("The search index was built.")
        except Unreachable as error:
            self.stdout.write(f"Searches are answered from the database until the index answers: {error}")
        if is_empty:
            self.stdout.write("The archive is empty: loading the demo weeks …")
            call_command("import_issues", settings.BASE_DIR / "fixtures" / "weeks", publish=True, verbosity=0)
        for problem in problems().values():
            if problem != "ok":
                self.stderr.write(f"The site serves, and this has to be mended: {problem}")
        address = f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}/"
        self.stdout.write(f"\n{settings.SITE_NAME}  {address}\nAdmin   {address}admin/")
        if is_empty:
            password = secrets.token_urlsafe(12)
            get_user_model().objects.create_superuser("editor", password=password)
            self.stdout.write(f"Log in as: editor   password: {password}   (shown once)")
            if settings.SECOND_FACTOR_REQUIRED:
                self.stdout.write(
                    "The editors' room asks for an authenticator app first; "
                    "SECOND_FACTOR_REQUIRED=false tries the site without one."
                )
        self.stdout.write("Stop with Ctrl-C.\n")


@contextmanager
def _without_the_trail() -> Iterator[None]:
    """A newcomer looks for the password among these lines, not for twelve demo weeks that went live."""
    trail = logging.getLogger("trail")
    level = trail.level
    trail.setLevel(logging.WARNING)
    try:
        yield
    finally:
        trail.setLevel(level)
