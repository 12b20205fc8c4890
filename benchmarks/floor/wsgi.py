"""The application that gunicorn serves for `benchmarks.pages` and `benchmarks.phone`: the site's, but for `/floor`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor.settings")

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from config.wsgi import application as site


class Bare(WSGIHandler):
    """Django without any middleware."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=[]):
            super().load_middleware(is_async)


bare = Bare()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers `/floor` and what is below it by Django alone, all else as the site does."""
    asked: Callable[..., Iterable[bytes]] = bare if environ["PATH_INFO"].startswith("/floor") else site
    return asked(environ, start_response)
