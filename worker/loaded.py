"""The site, loaded by importing this: `worker.children` forks its processes from one that has."""

from __future__ import annotations

import django

django.setup()
