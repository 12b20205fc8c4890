"""The site, whose worker also runs the loop that a test names (tests/worker/loops.py)."""

import os

from config.settings import *  # noqa: F403
from config.settings import WORKER_LOOPS

WORKER_LOOPS = [*WORKER_LOOPS, os.environ["XWK_TEST_LOOP"]]
