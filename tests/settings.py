"""The site's settings, in a data folder of the test run's own, which goes with its process."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="xinwenku-tests-")


@atexit.register
def _remove(made_by: int = os.getpid()) -> None:
    if os.getpid() == made_by:  # and not in a fork of it
        shutil.rmtree(_data_dir, ignore_errors=True)


os.environ["XWK_DATA_DIR"] = _data_dir
for _name in ("SEARCH_URL", "READERS"):
    os.environ.pop(_name, None)
os.environ["SECRET_KEY"] = "only-for-tests"

from config.settings import *  # noqa: E402,F403
from config.settings import CACHES, INSTALLED_APPS, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir()
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nothing here is secret
# A page that was kept has no context to look at. tests/test_page_cache.py keeps them, and so does tests/server.
_NONE = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
CACHES = {**CACHES, "pages": _NONE, "parts": _NONE}
# A process asks once whether the words changed: no count of queries depends on how fast the machine is.
GLOSSARY_TRUSTED_SECONDS = 3600
# All tests ask from here. tests/members/test_limits.py asks from elsewhere.
LIMITS_LIFTED_FOR = ["127.0.0.0/8", "::1"]
# Thousands of tests log in by `force_login`. tests/members/signin asks for second factors.
SECOND_FACTOR_REQUIRED = False
EMAIL_URL = "memory:"  # pages offer what needs mail; pytest-django keeps what is sent
DEFAULT_FROM_EMAIL = "archive@example.org"
# Every provider there is, so that its addresses are there; tests/members/signin have them answer.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": "联盟账号",
                "client_id": "archive",
                "secret": "only-for-tests",
                "settings": {"server_url": "http://localhost:9"},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    },
    **{
        name: {"APPS": [{"client_id": "archive", "secret": "only-for-tests", "name": label}]}
        for name, label in {"feishu": "飞书", "dingtalk": "钉钉", "weixin": "微信"}.items()
    },
}
INSTALLED_APPS = [
    *INSTALLED_APPS,
    *(f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS),
]
