"""The same workers and threads as the site's own gunicorn.conf.py."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 2
worker_class = "gthread"
threads = 4
preload_app = True
timeout = 120
loglevel = "warning"
