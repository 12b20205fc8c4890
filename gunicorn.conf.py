"""How the site is served: `gunicorn config.wsgi`. Values that differ between machines come from the environment."""

import os
from pathlib import Path

from environs import Env

Env.read_env(Path(__file__).parent / ".env", recurse=False)  # as config/settings.py does

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
# Loads Django and the dictionary once; the workers share the memory.
preload_app = True
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
# A heartbeat file on a slow disk can make gunicorn kill a healthy worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes its own name
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_worker_init(worker: object) -> None:
    """Runs in each worker before its first request: files opened before the fork would share one position."""
    from insight.log import writer
    from search.results.warming import warm_up

    warm_up()
    writer.start()  # threads do not survive a fork


def worker_exit(server: object, worker: object) -> None:
    """Runs in each worker that ends: searches that are not written yet would be lost."""
    from insight.log import writer

    writer.stop()
