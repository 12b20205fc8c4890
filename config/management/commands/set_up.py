"""What `make run` does before it serves: from nothing to an archive that answers."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from archive.models import Issue
from config.secret_key import make_secret_key
from glossary.models import Term
from search.indexing import sync


class Command(BaseCommand):
    help = (
        "Prepares the site: database, static files, demo weeks and a demo editor when the archive is empty, "
        "and the search index. Safe to run again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)  # makes the data directory
        make_secret_key(settings.DATA_DIR / "secret_key")
        collect_static_files()
        is_empty = not Issue.objects.exists() and not get_user_model().objects.exists()
        if not Term.objects.exists():
            self.stdout.write("The glossary is empty: loading the vocabulary of the trade …")
            call_command("import_glossary", verbosity=0)
        if sync.bring_up_to_date():
            self.stdout.write("The search index was built.")
        if is_empty:
            self.stdout.write("The archive is empty: loading the demo weeks …")
            call_command("import_issues", settings.BASE_DIR / "fixtures" / "weeks", publish=True, verbosity=0)
        address = f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}/"
        self.stdout.write(f"\n{settings.SITE_NAME}  {address}\nAdmin   {address}admin/")
        if is_empty:
            password = secrets.token_urlsafe(12)
            get_user_model().objects.create_superuser("editor", password=password)
            self.stdout.write(f"Log in as: editor   password: {password}   (shown once)")
        self.stdout.write("Stop with Ctrl-C.\n")


def collect_static_files() -> None:
    """Copies and compresses the static files, unless those already there were made from the same ones."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for path in sorted((settings.BASE_DIR / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    done = Path(settings.STATIC_ROOT) / ".made-from"
    if not done.exists() or done.read_text(encoding="ascii") != digest.hexdigest():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        done.write_text(digest.hexdigest(), encoding="ascii")
