"""Settings of 芯闻库: one file, read from the environment, safe when nothing is set.

Every variable read here has a line in `.env.example` and a row in README's table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import Env, validate

from config.secret_key import read_secret_key
from search.engines.registry import haystack_connections

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

# --- Where things are kept -----------------------------------------------------------------------------

DATA_DIR: Path = env.path("XWK_DATA_DIR", BASE_DIR / "var").absolute()
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# --- The site ------------------------------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", False)
SECRET_KEY: str = env.str("SECRET_KEY", "") or read_secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
SITE_NAME: str = env.str("SITE_NAME", "芯闻库")

HTTPS: bool = env.bool("HTTPS", False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # monitors ask from inside, over plain HTTP
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]
# Whether all subdomains are HTTPS too, and for ever, is for their owner to say, not for this site.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"

# What a page may load and run: nothing but files of ours, and no script or style that stands in the page itself.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in "camera display-capture geolocation microphone midi payment usb serial hid".split()
}
# Pages of other sites may read what everyone may read: the API and the feeds. No cookies go along.
CORS_URLS_REGEX = r"^/(api/v1|feeds)/|^/search/feed\.atom$"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match"]
CORS_EXPOSE_HEADERS = ["etag"]

FORMS_URLFIELD_ASSUME_HTTPS = True  # Django 6's default; a web address typed without its scheme

# A pasted week is one big field, and an issue form with 30 articles has some hundred small ones: Django's
# default limits answer a bare 400 and the editor's text is gone.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Their order means nothing: a test permutes it.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "corsheaders",
    "csp",
    "django_tasks",
    "worker",
    "config",
    "desk",
    "archive",
    "glossary",
    "search",
    "insight",
    "haystack",
    "reversion",  # stores the versions of issues
    "django_prose_editor",
    "js_asset",
]
# What follows every change of issues and articles, in its transaction and in this order (archive/changes).
ARCHIVE_FOLLOWERS = [
    "glossary.mentions.find_mentions",
    "search.indexing.follower.note_changes",
    "insight.tasks.check_after_change",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.page_cache.ConditionalPageCache",
    "django.middleware.gzip.GZipMiddleware",
    "config.policy.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "archive.traditional.TraditionalChineseMiddleware",
    "config.write_errors.DatabaseWriteErrorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "archive.context_processors.site",
            ],
        },
    },
]

# Places in the archive's pages (`{% slot "…" %}`) and the templates of other rooms that fill them, in order.
SLOTS = {
    "head": ["search/_head.html"],
    "sections": ["glossary/_section.html", "search/_sections.html"],
    "masthead": ["search/_masthead.html"],
    "keys": ["search/_keys.html"],
    "footer-links": ["api/_footer_link.html"],
    "not-found": ["search/_not_found.html"],
    "home-head": ["search/_home_head.html"],
    "home-rail": ["glossary/_home_rising.html"],
    "article-scripts": ["search/_article_scripts.html", "glossary/_article_scripts.html"],
    "article-text": ["glossary/_article_text.html"],
    "article-below": ["search/_thread.html"],
    "article-end": ["search/_hit_bar.html", "glossary/_gloss.html"],
    "admin-styles": ["admin/insight/_styles.html"],
    "admin-home": ["admin/insight/_admin_home.html"],
    "admin-form-top": ["admin/insight/_form_top.html"],
    "admin-issue-tools": ["desk/_admin_issue_tools.html"],
    "admin-issues-tools": ["desk/_admin_issues_tools.html"],
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.HashedFiles"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Database ------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Deferred transactions that read first and write later fail at once with "database is locked",
        # whatever the timeout: 598 of 800 in our measurement, none of 800 with IMMEDIATE.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was saved survives a power cut.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;"
        ),
    }

CACHES = {
    "default": env.dj_cache_url("CACHE_URL", "locmem://"),
    # Pages as they were sent, in each worker's own memory: on average some 10 KB each, compressed.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# How long a process trusts the words that it knows: a term takes effect everywhere within two seconds of its saving.
GLOSSARY_TRUSTED_SECONDS = 1.0

# --- Search --------------------------------------------------------------------------------------------

SEARCH_URL: str = env.str("SEARCH_URL", "whoosh://")
HAYSTACK_CONNECTIONS = haystack_connections(SEARCH_URL)
# search/indexing/sync feeds the index from its outbox; Haystack's own processors index inside the transaction.
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False
HAYSTACK_DEFAULT_OPERATOR = "AND"

# From so many articles on, /readyz and the checks say that the index is large. Everything grows in proportion, nothing
# breaks; half as much again as docs/performance.md has whole tables for is where to look at the machine.
SEARCH_LARGE_FROM: int = env.int("SEARCH_LARGE_FROM", 15_000)

_or_no_record = validate.Range(0, error="{input}: use a number of days, or 0 to keep no record of searches.")
SEARCH_LOG_DAYS: int = env.int("SEARCH_LOG_DAYS", 180, validate=_or_no_record)

# Up to so many articles a change of a term finds its mentions itself, in about a second; past it the worker does.
GLOSSARY_READS_AT_ONCE = 2000

# --- Background tasks ----------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "worker.backend.DatabaseBackend", "QUEUES": ["default", "long"]}}
# Every task: its name for editors; and when it runs on a schedule, `every` how many seconds, `at` what time of day, and
# whether each data directory has its own (`only_here`).
WORKER_TASKS: dict[str, dict[str, Any]] = {
    "archive.tasks.publish_due": {"label": "定时发布", "every": 300},
    "config.tasks.back_up": {"label": "每晚备份", "every": 86_400, "at": "03:15"},
    "glossary.tasks.find_pending_forms": {"label": "按新写法查找词条"},
    "insight.tasks.check_golden_queries": {"label": "检查必中检索", "every": 86_400, "at": "05:00"},
    "insight.tasks.delete_old_searches": {"label": "清理旧的检索记录", "every": 86_400, "at": "04:10"},
    "search.tasks.compare": {"label": "核对检索索引", "every": 1800, "only_here": True},
    "search.tasks.delete_old_changes": {"label": "清理索引已经收下的改动", "every": 3600},
    "search.tasks.delete_old_generations": {"label": "清理旧的检索索引", "every": 3600, "only_here": True},
    "worker.tasks.delete_old_tasks": {"label": "清理旧的任务记录", "every": 86_400, "at": "04:20"},
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
    del WORKER_TASKS["config.tasks.back_up"]  # pg_dump does it (docs/operations.md, Backups)
# What the worker of each data directory does all the time, each in a thread: classes with `round` and `end`.
WORKER_LOOPS = ["search.tasks.IndexUpkeep"]
SEARCH_TASKS_OF_A_NEW_INDEX = ["insight.tasks.check_golden_queries"]

# --- Backups and disk ----------------------------------------------------------------------------------

BACKUP_DIR: Path = env.path("BACKUP_DIR", DATA_DIR / "backups").absolute()
_or_never = validate.Range(0, error="{input}: use a number of days, or 0 to be never reminded.")
BACKUP_REMINDER_DAYS: int = env.int("BACKUP_REMINDER_DAYS", 7, validate=_or_never)

# What the admin's first page warns of beside the index: functions that return notices.
SITE_NOTICES = ["config.background.notices", "config.disk.notices", "config.backups.reminder.notices"]

# Enough for a second index of 10,000 articles, a backup of them beside it, and some days to make room in.
DISK_WARN_MB: int = env.int("DISK_WARN_MB", 1000)

# --- Logs ----------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
