"""Settings of a site on the stock stack, with the archive's models and an index in a folder of its own."""

import logging

import jieba

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, INSTALLED_APPS, MIDDLEWARE

OURS = ("config", "desk", "insight", "claims", "search")
"""Rooms that need our engine."""
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in OURS] + ["benchmarks.stock"]
# As in Django's project template, with static files and compression added.
MIDDLEWARE = [name for name in MIDDLEWARE if name.startswith(("django.", "whitenoise."))]
ROOT_URLCONF = "benchmarks.stock.urls"
WSGI_APPLICATION = "benchmarks.stock.wsgi.application"
HAYSTACK_CONNECTIONS = {
    "default": {"ENGINE": "benchmarks.stock.engine.ChineseWhooshEngine", "PATH": str(DATA_DIR / "stock")}
}
# Django's defaults.
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = True
jieba.setLogLevel(logging.WARNING)
