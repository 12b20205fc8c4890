"""Settings of 芯闻库: one file, read from the environment, safe when nothing is set.

Every variable read here has a line in `.env.example` and a row in README's table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import Env, ValidationError, validate

from archive.networks import networks
from archive.rate import limits_of
from config import parts
from config.caches import caches_of
from config.logs import to_standard_error
from config.media.address import configured as configured_media
from config.secret_key import read_secret_key
from members.signin import providers
from search.engines.registry import haystack_connections

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

# --- Where things are kept -----------------------------------------------------------------------------

DATA_DIR: Path = env.path("XWK_DATA_DIR", BASE_DIR / "var").absolute()
# Where figures are kept: a folder, or a bucket of an S3 store that hosts share (config/media/address.py).
MEDIA_STORAGE_URL: str = env.str("MEDIA_STORAGE_URL", "")
MEDIA_ROOT, _media = configured_media(MEDIA_STORAGE_URL, DATA_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# --- The site ------------------------------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", False)
SECRET_KEY: str = env.str("SECRET_KEY", "") or read_secret_key(DATA_DIR / "secret_key")
SECRET_KEY_IS_SET = bool(env.str("SECRET_KEY", ""))  # and so on every host of the site
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
SITE_NAME: str = env.str("SITE_NAME", "芯闻库")
# Who may read: everyone, or members alone (members/access).
READERS: str = env.str(
    "READERS",
    "everyone",
    validate=validate.OneOf(
        ["everyone", "members"],
        error="{input}: use everyone (the archive is open), or members (who is not logged in reads nothing of it).",
    ),
)
# Half-width punctuation between Han characters is shown full-width; what is stored stays as it was pasted.
FULL_WIDTH_PUNCTUATION: bool = env.bool("FULL_WIDTH_PUNCTUATION", True)

# The font of the pictures beside shared links; empty: one of the system that has Chinese (archive/pictures/fonts).
PICTURE_FONT: str = env.str("PICTURE_FONT", "")

# In the footer, where they are set: what the ministry and the police gave the site (ICP备案, 公安备案).
ICP_NUMBER: str = env.str("ICP_NUMBER", "")
POLICE_NUMBER: str = env.str("POLICE_NUMBER", "")

HTTPS: bool = env.bool("HTTPS", False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = HTTPS and env.bool("HSTS_SUBDOMAINS", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None


def _are_networks(listed: list[str]) -> None:
    try:
        networks(tuple(listed))
    except ValueError as error:
        raise ValidationError(f"{error}: list addresses or networks, like 192.0.2.7 or 10.0.0.0/8") from error


# Whose X-Forwarded-For is believed. With HTTPS there is a proxy on this machine; without, nobody is one.
TRUSTED_PROXIES: list[str] = env.list(
    "TRUSTED_PROXIES", ["127.0.0.1", "::1"] if HTTPS else [], validate=_are_networks
)
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
    r"^metrics$",
]  # monitors ask from inside, over plain HTTP
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]
# Whether all subdomains are HTTPS too (HSTS_SUBDOMAINS), and for ever, is for their owner to say, not for this site.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
# A browser takes a cookie of such a name only over HTTPS, from this very host, for the whole site: no other host of the
# domain can put one of its own in the place of ours.
_COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script of ours reads the cookie
MESSAGE_STORAGE = "config.messages.Messages"
X_FRAME_OPTIONS = "DENY"

# What a page may load and run: nothing but files of ours, and no script or style that stands in the page itself.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
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
# Pages of other sites may read what everyone may read: the API and the feeds. No cookies go along. In a closed archive
# that is nothing.
CORS_URLS_REGEX = r"^/(api/v1|feeds)/|^/search/feed\.atom$"
CORS_ALLOW_ALL_ORIGINS = READERS == "everyone"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match"]
CORS_EXPOSE_HEADERS = ["etag"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # static files are for our own pages

FORM_RENDERER = "config.form_renderer.FlatInputs"
FORMS_URLFIELD_ASSUME_HTTPS = True  # Django 6's default; a web address typed without its scheme

# A pasted week is one big field, and an issue form with 30 articles has some hundred small ones: Django's
# default limits answer a bare 400 and the editor's text is gone.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A folder of back issues, sent without the script that sends it in parcels: some years of weeks.
DATA_UPLOAD_MAX_NUMBER_FILES = 500

SOCIALACCOUNT_PROVIDERS: dict[str, Any] = providers.configured(env)
INSTALLED_APPS = [
    *parts.INSTALLED_APPS,
    *(f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS),
]
MIDDLEWARE = parts.MIDDLEWARE
SLOTS = parts.SLOTS
ARCHIVE_FOLLOWERS = parts.ARCHIVE_FOLLOWERS
PUBLICATION_FOLLOWERS = parts.PUBLICATION_FOLLOWERS
PUBLICATION_CHECKS = parts.PUBLICATION_CHECKS
AUDIT_RECORDERS = parts.AUDIT_RECORDERS
SITE_NOTICES = parts.SITE_NOTICES
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.templates.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "archive.context_processors.site",
            ],
            "builtins": ["archive.templatetags.addresses"],
        },
    },
]

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "locale"]  # what Django's admin says, in our words
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": _media,
    "staticfiles": {"BACKEND": "config.static_files.HashedFiles"},
}

# --- Logging in (members/signin; docs/operations.md, Sign-in) -------------------------------------------

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "archive:home"  # of members; editors are led to their room
AUTHENTICATION_BACKENDS = ["members.signin.backends.AccountBackend"]
# The first makes new hashes; one that another of them made is made anew when its owner logs in.
PASSWORD_HASHERS = ["config.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),  # Django ships a list of 20,000 that leaked
        ("NumericPasswordValidator", {}),
    )
]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "config.passwords.SiteWordsValidator"}]
# Who must have a second factor: whoever may publish. false is for trying the site out.
SECOND_FACTOR_REQUIRED: bool = env.bool("SECOND_FACTOR_REQUIRED", True)
# Who may make an account for oneself: a function that says so (members/signin/adapters.may_sign_up); empty: nobody.
SIGNUP_ALLOWED = ""
SESSION_COOKIE_AGE = 14 * 24 * 3600  # of editors it is less: members/signin/lifetime.py

ACCOUNT_ADAPTER = "members.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # of an account that is there; who is invited has proved the address
ACCOUNT_CHANGE_EMAIL = True  # one address an account; a new one counts once it is verified
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # but for the second factor
ACCOUNT_LOGOUT_REDIRECT_URL = "archive:home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Tries of passwords and codes are counted by members/signin/lockout.py alone.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": ""}
ACCOUNT_FORMS = {
    "login": "members.signin.forms.LoginForm",
    "reauthenticate": "members.signin.forms.ReauthenticateForm",
    "change_password": "members.signin.forms.ChangePasswordForm",
    "set_password": "members.signin.forms.SetPasswordForm",
    "reset_password": "members.signin.forms.ResetPasswordForm",
    "reset_password_from_key": "members.signin.forms.ResetPasswordKeyForm",
    "add_email": "members.signin.forms.AddEmailForm",
}
MFA_ADAPTER = "members.signin.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers take http of localhost only
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody gets here but by invitation
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ
MFA_FORMS = {
    "authenticate": "members.signin.forms.AuthenticateForm",
    "reauthenticate": "members.signin.forms.ReauthenticateByCodeForm",
    "activate_totp": "members.signin.forms.ActivateTOTPForm",
    "login_webauthn": "members.signin.passkey_forms.LoginWebAuthnForm",
    "authenticate_webauthn": "members.signin.passkey_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "members.signin.passkey_forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "members.signin.passkey_forms.AddWebAuthnForm",
    "edit_webauthn": "members.signin.passkey_forms.EditWebAuthnForm",
}
SOCIALACCOUNT_ADAPTER = "members.signin.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

# --- Mail ----------------------------------------------------------------------------------------------

# smtp+tls://user:password@host:587. Without it no mail goes out, and pages say whom to ask instead. Not the console:
# a log must not hold links that open accounts.
EMAIL_URL: str = env.str("EMAIL_URL", "")
vars().update(env.dj_email_url("EMAIL_URL", "dummy:"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = env.str("MAIL_FROM", "xinwenku@localhost")

# Receivers of our own tests, like 127.0.0.1:8765, to which alerts may go by plain HTTP; no site sets it.
ALERT_RECEIVERS_FOR_TESTS: list[str] = []

# --- Database ------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Opening takes longer than most queries. Not for ever: what was opened while the disk could only be read stays so.
    # Nor when its file is another one meanwhile (config/database_file.py).
    DATABASES["default"]["CONN_MAX_AGE"] = 60
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

CACHES = caches_of(env.str("CACHE_URL", "locmem://"), DATA_DIR, SECRET_KEY)
# database: sessions are rows; cache: as well, with a copy in Redis that saves each page of a member a query.
SESSIONS: str = env.str(
    "SESSIONS",
    "database",
    validate=validate.OneOf(
        ["database", "cache"] if "sessions" in CACHES else ["database"],
        error="{input}: use database; or cache, where CACHE_URL names a Redis.",
    ),
)
if SESSIONS == "cache":
    SESSION_ENGINE, SESSION_CACHE_ALIAS = "django.contrib.sessions.backends.cached_db", "sessions"

# How long a process trusts what it has read, while no other one announces a change (archive/announcements).
ANNOUNCEMENTS_TRUSTED_SECONDS = 1.0
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

# Whether the worker makes the whole archive as one file for readers after each publication (search/portable): with its
# texts, or with its pictures, too.
PORTABLE_ARCHIVE: str = env.str(
    "PORTABLE_ARCHIVE",
    "none",
    validate=validate.OneOf(
        ["none", "text", "figures"],
        error="{input}: use none, text (one file with all texts), or figures (with the pictures, too).",
    ),
)

# Days that the trail keeps who did what, and from where (members/trail). The law asks for six months (网络安全法 21).
TRAIL_DAYS: int = env.int(
    "TRAIL_DAYS", 400, validate=validate.Range(1, error="{input}: use a number of days.")
)

# So many articles a change of a term reads itself, in about a second, to find its mentions: all of a small archive, of
# a larger one those that GLOSSARY_CANDIDATES names. Where it would be more, the worker does it.
GLOSSARY_READS_AT_ONCE = 2000
GLOSSARY_CANDIDATES = "search.indexing.candidates.candidates"

# --- Limits --------------------------------------------------------------------------------------------

# How often one account, or one address where nobody is logged in, may ask for what costs much (members/limits). A class
# of forty behind one address: fifteen searches a minute each, and all of them log in within the same minute, with a
# second factor. Two workers make some 6,000 pages a minute: one address alone never takes more than a tenth of them.
LIMITS: dict[str, str] = limits_of(
    {
        "search": "600/m",
        "typing": "6000/m",  # a hundred keys a second: who types never meets it
        "trends": "240/m",
        "api": "600/m",
        "feeds": "120/m",
        "log-in": "120/m",
        "uploads": "120/m",
        "reports": "30/h",
        "mails": "20/h",
    },
    env.dict("LIMITS", {}),
)
LIMITS_LIFTED_FOR: list[str] = env.list("LIMITS_LIFTED_FOR", [], validate=_are_networks)

# --- Background tasks ----------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "worker.backend.DatabaseBackend", "QUEUES": ["default", "long"]}}
WORKER_TASKS = parts.WORKER_TASKS
WORKER_LOOPS = parts.WORKER_LOOPS
SEARCH_TASKS_OF_A_NEW_INDEX = parts.SEARCH_TASKS_OF_A_NEW_INDEX

# --- Backups and disk ----------------------------------------------------------------------------------

BACKUP_DIR: Path = env.path("BACKUP_DIR", DATA_DIR / "backups").absolute()
_or_never = validate.Range(0, error="{input}: use a number of days, or 0 to be never reminded.")
BACKUP_REMINDER_DAYS: int = env.int("BACKUP_REMINDER_DAYS", 7, validate=_or_never)

# Enough for a second index of 10,000 articles, a backup of them beside it, and some days to make room in.
DISK_WARN_MB: int = env.int("DISK_WARN_MB", 1000)

# Who sends it as a bearer token may read /metrics, from wherever; the machine itself and staff may without.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.error_reports.ErrorReportFilter"

# --- Logs ----------------------------------------------------------------------------------------------

# plain: a line to read; json: an object on a line, for programs that collect logs.
LOG_FORMAT: str = env.str(
    "LOG_FORMAT",
    "plain",
    validate=validate.OneOf(["plain", "json"], error="{input}: use plain or json."),
)
LOGGING = to_standard_error(LOG_FORMAT)
