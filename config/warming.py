"""What the first page of every worker would make again, made once before they are forked."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from config.fingerprint import fingerprint


def warm_up_pages() -> None:
    """Reads the release's name and all templates of the site: no worker has to, and they share the memory."""
    fingerprint()
    folder = Path(settings.BASE_DIR) / "templates"
    for path in folder.rglob("*.html"):
        with suppress(TemplateSyntaxError):  # it is an error of the pages that show it
            get_template(str(path.relative_to(folder)))
