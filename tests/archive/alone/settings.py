"""The site with every room uninstalled but the archive, and what the archive itself stands on."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, MIDDLEWARE, WORKER_TASKS

ABOVE = ("config", "desk", "insight", "search", "glossary", "haystack")
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in ABOVE]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("config.")]
ROOT_URLCONF = "tests.archive.alone.urls"
ARCHIVE_FOLLOWERS: list[str] = []
SLOTS: dict[str, list[str]] = {}
WORKER_TASKS = {
    name: options for name, options in WORKER_TASKS.items() if name.startswith(("archive.", "worker."))
}
WORKER_LOOPS: list[str] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver"]
