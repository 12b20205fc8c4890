"""The archive's models under a stock Haystack, with its index in a folder of its own."""

import logging

import jieba

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, INSTALLED_APPS, MIDDLEWARE

OURS = ("config", "desk", "insight", "search")
"""Rooms that search by our engine, or are built on one that does."""
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in OURS] + ["benchmarks.stock"]
# What Django's own project template has, and what serves files and packs pages.
MIDDLEWARE = [name for name in MIDDLEWARE if name.startswith(("django.", "whitenoise."))]
ROOT_URLCONF = "benchmarks.stock.urls"
WSGI_APPLICATION = "benchmarks.stock.wsgi.application"
HAYSTACK_CONNECTIONS = {
    "default": {"ENGINE": "benchmarks.stock.engine.ChineseWhooshEngine", "PATH": str(DATA_DIR / "stock")}
}
# What a project has that sets nothing else.
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = True
jieba.setLogLevel(logging.WARNING)
