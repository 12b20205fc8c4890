"""How lines of the log look: of Django (config/settings.py) and of gunicorn (gunicorn.conf.py)."""

from __future__ import annotations

from typing import Any

FORMATTERS: dict[str, dict[str, Any]] = {
    "plain": {
        "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        "datefmt": "%Y-%m-%d %H:%M:%S%z",  # with its offset: machines and people need not guess the zone
    },
    "json": {
        "()": "pythonjsonlogger.json.JsonFormatter",
        "format": "{asctime}{levelname}{name}{message}",
        "style": "{",
        "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        "json_ensure_ascii": False,
    },
}


def to_standard_error(formatter: str) -> dict[str, Any]:
    """Returns what logging.config takes: everything to standard error, in one of the formats.

    >>> to_standard_error("json")["handlers"]["console"]["formatter"]
    'json'
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {formatter: FORMATTERS[formatter]},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["console"], "level": "INFO"},
        # OpenSearch's client notes every request. What fails is said by who asked.
        "loggers": {name: {"level": "ERROR"} for name in ("opensearch", "opensearchpy.trace")},
    }
