"""How the site is served: `gunicorn config.wsgi`. Values that differ between machines come from the environment."""

import ctypes
import gc
import os
import shutil
import sys
from pathlib import Path

from environs import Env
from gunicorn.workers import gthread

env = Env()
env.read_env(Path(__file__).parent / ".env", recurse=False)  # as config/settings.py does

bind = f"{env.str('HOST', '127.0.0.1')}:{env.str('PORT', '8000')}"
workers = env.int("WEB_CONCURRENCY", 2)
worker_class = "gthread"
# Most of them wait for slow clients; config/wsgi.py says how many requests are answered at once. Threads are made when
# they are needed, and one that waits costs some KB.
threads = 64
# How long a thread waits for the first byte of a connection, before the worker's loop does. It has no setting; with
# five seconds, two hundred idle connections would take all threads for ten.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.5
# Loads Django, and by `pre_fork` dictionary, glossary and index, once; the workers share the memory.
preload_app = True
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
# A heartbeat file on a slow disk can make gunicorn kill a healthy worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes its own name
# After how many new objects Python looks for cycles. A page makes thousands, and loading the site a million, nearly all
# of which go by themselves, or stay: by Python's default of 700, it looks several times while a page is made.
gc.set_threshold(20_000, 20, 20)
accesslog = None
errorlog = "-"
loglevel = "warning"
if env.str("LOG_FORMAT", "plain") == "json":  # as config/settings.py has it
    sys.path.insert(0, str(Path(__file__).parent))
    from config.logs import to_standard_error

    quiet = {"gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False}}
    logconfig_dict = {**to_standard_error("json"), "loggers": quiet}


def _folder_of_counts() -> str:
    """Makes the folder in which the processes of this server count (config/metrics), and removes those of dead ones.

    Empty when there is no data directory yet: nothing can be served either.
    """
    data = env.path("XWK_DATA_DIR", Path(__file__).parent / "var").absolute()
    if not data.is_dir():
        return ""
    parent = data / "metrics"
    for old in parent.glob("*"):
        if not Path(f"/proc/{old.name}").exists():
            shutil.rmtree(old, ignore_errors=True)
    folder = parent / str(os.getpid())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder)


# prometheus_client reads it when it is imported. A reload of this file keeps it.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ and (_folder := _folder_of_counts()):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _folder


M_ARENA_MAX = -8  # of glibc's malloc.h


def on_starting(server: object) -> None:
    """Runs once, before anybody can connect: who came while dictionary and index are read would wait for them.

    Memory that one thread freed goes to the others: by itself, glibc has each of them keep its own. They take turns at
    the interpreter, so they hardly ever wait for each other there.
    """
    if sys.platform == "linux" and hasattr(malloc := ctypes.CDLL(None), "mallopt"):
        malloc.mallopt(M_ARENA_MAX, 2)
    from config.warming import warm_up_pages
    from search.results.warming import warm_up_to_fork

    warm_up_pages()  # first: what is there then is never looked through for cycles again
    warm_up_to_fork()


def pre_fork(server: object, worker: object) -> None:
    """Runs before each fork, and reads what changed since the one before: what is read by now the workers share."""
    from search.results.warming import warm_up_to_fork

    warm_up_to_fork()


def post_worker_init(worker: object) -> None:
    """Runs in each worker before its first request."""
    from insight.log import writer
    from search.results.warming import warm_up

    warm_up()
    writer.start()  # threads do not survive a fork


def worker_exit(server: object, worker: object) -> None:
    """Runs in each worker that ends: searches that are not written yet would be lost."""
    from insight.log import writer

    writer.stop()
