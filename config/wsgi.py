"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from config.secret_key import require_secret_key
from config.slow_clients import BufferedRequests

AT_ONCE = 4
"""Requests that a process answers at the same time: more of them would only take turns at its one core."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = BufferedRequests(get_wsgi_application(), AT_ONCE)
require_secret_key()
