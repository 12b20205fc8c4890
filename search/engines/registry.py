"""Which engine SEARCH_URL names, and Haystack's connection to it. Settings import this: it imports nothing heavy."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from search.engines.base import Engine

ENGINES = {
    "whoosh": "search.engines.whoosh.engine.WhooshEngine",
    "opensearch": "search.engines.opensearch.engine.OpenSearchEngine",
    "database": "search.engines.database.DatabaseEngine",
}
"""Scheme of SEARCH_URL → class, which is made of the URL. A new engine is a line here."""


def haystack_connections(url: str) -> dict[str, dict[str, Any]]:
    """Returns HAYSTACK_CONNECTIONS for a SEARCH_URL. Raises ImproperlyConfigured when it names no engine."""
    _class_of(url)
    return {
        "default": {
            "ENGINE": "search.engines.haystack.PortEngine",
            "URL": url,
            "SILENTLY_FAIL": False,
            "INCLUDE_SPELLING": False,
        }
    }


@cache
def engine_for(url: str) -> Engine:
    """Returns the engine that a URL names: one in each process, whichever thread asks."""
    engine: Engine = import_string(_class_of(url))(url)
    return engine


def current_engine() -> Engine:
    """Returns the engine of this site."""
    from django.conf import settings

    return engine_for(settings.SEARCH_URL)


def _class_of(url: str) -> str:
    scheme = urlsplit(url).scheme
    if scheme not in ENGINES:
        raise ImproperlyConfigured(
            f"SEARCH_URL={re.sub('//[^/]*@', '//…@', url)!r}: no search engine is called {scheme!r}. "
            f"Use one of: {', '.join(f'{name}://' for name in ENGINES)}."
        )
    return ENGINES[scheme]
