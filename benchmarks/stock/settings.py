"""Settings of a site on the stock stack: the archive alone, and an index in a folder of its own."""

import logging

import jieba

from config import settings as ours
from tests.archive.alone.settings import *  # noqa: F403
from tests.archive.alone.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "haystack", "benchmarks.stock"]
# As in Django's project template, with static files and compression added.
MIDDLEWARE = [name for name in ours.MIDDLEWARE if name.startswith(("django.", "whitenoise."))]
STORAGES = ours.STORAGES
ALLOWED_HOSTS = ours.ALLOWED_HOSTS
ROOT_URLCONF = "benchmarks.stock.urls"
WSGI_APPLICATION = "benchmarks.stock.wsgi.application"
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "benchmarks.stock.engine.ChineseWhooshEngine",
        "PATH": str(ours.DATA_DIR / "stock"),
    }
}
# Django's defaults.
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = True
jieba.setLogLevel(logging.WARNING)
