"""What the first page of every worker would make again, made once before they are forked."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.urls import reverse

from config.fingerprint import fingerprint


def warm_up_pages() -> None:
    """Reads the release's name, all addresses and all templates: no worker has to, and they share the memory."""
    fingerprint()
    reverse("archive:home")  # the first address that is asked for loads the views of all
    folder = Path(settings.BASE_DIR) / "templates"
    for path in folder.rglob("*.html"):
        with suppress(TemplateSyntaxError):  # it is an error of the pages that show it
            get_template(str(path.relative_to(folder)))
