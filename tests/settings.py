"""The site's settings, in a data folder of the test run's own."""

import os
import tempfile

_data_dir = tempfile.mkdtemp(prefix="xinwenku-tests-")
os.environ["XWK_DATA_DIR"] = _data_dir
os.environ.pop("SEARCH_URL", None)
os.environ["SECRET_KEY"] = "only-for-tests"

from config.settings import *  # noqa: E402,F403
from config.settings import CACHES, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir()
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nothing here is secret
# A page that was kept has no context to look at. tests/test_page_cache.py keeps them, and so does tests/server.
CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# A process asks once whether the words changed: no count of queries depends on how fast the machine is.
GLOSSARY_TRUSTED_SECONDS = 3600
