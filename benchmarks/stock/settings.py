"""The archive's models under a stock Haystack, with its index in a folder of its own."""

import logging

import jieba

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, INSTALLED_APPS

INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in ("config", "search")] + ["benchmarks.stock"]
ROOT_URLCONF = "benchmarks.stock.urls"
WSGI_APPLICATION = "benchmarks.stock.wsgi.application"
HAYSTACK_CONNECTIONS = {
    "default": {"ENGINE": "benchmarks.stock.engine.ChineseWhooshEngine", "PATH": str(DATA_DIR / "stock")}
}
# What a project has that sets nothing else.
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = True
jieba.setLogLevel(logging.WARNING)
