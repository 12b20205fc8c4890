"""The site with every room uninstalled but the archive, and what the archive itself stands on."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES, WORKER_TASKS

ABOVE = ("config", "members", "desk", "insight", "claims", "search", "glossary", "haystack")
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in ABOVE and not app.startswith("allauth")]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(("config.", "members.", "allauth."))]
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
_options = {name: value for name, value in TEMPLATES[0]["OPTIONS"].items() if name != "loaders"}
TEMPLATES = [{**TEMPLATES[0], "APP_DIRS": True, "OPTIONS": _options}]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
ROOT_URLCONF = "tests.archive.alone.urls"
ARCHIVE_FOLLOWERS: list[str] = []
PUBLICATION_FOLLOWERS: list[str] = []
PUBLICATION_CHECKS: list[str] = []
AUDIT_RECORDERS: list[str] = []
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
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
