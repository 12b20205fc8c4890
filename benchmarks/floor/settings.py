"""The site's settings, with one more address."""

from config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "benchmarks.floor.urls"
