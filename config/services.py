"""What the site uses of others and serves on without: whether it answers, in words.

Redis, store of figures ─ problems ─► admin · /readyz · check --database default
"""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.cache import caches

from config.media.store import site_media
from insight.dashboard import Notice


def problems() -> dict[str, str]:
    """Returns for each service that this site is set to use what is wrong with it, and what to do; or `ok`."""
    found = {}
    cache = caches["default"]
    if hasattr(cache, "problem"):  # ForgivingRedisCache, of which a site without Redis loads nothing
        found["cache"] = cache.problem() or "ok"
    if problem := site_media().problem():
        found["figures"] = problem
    elif site_media().folder is None:
        found["figures"] = "ok"
    return found


def notices() -> list[Notice]:
    """Returns the same as notices for the first page of the admin, in words for editors."""
    found, said = [], problems()
    if (problem := said.get("cache", "ok")) != "ok":
        found.append(
            Notice(
                "几台服务器共用的缓存（Redis）连不上。网站照常用，只是慢一点，也不再限制访问的次数。",
                f"请把这段话发给管理员：{problem}",
            )
        )
    if (problem := said.get("figures", "ok")) != "ok":
        found.append(
            Notice(
                "存放图片的地方出了问题：文章照常可以读，里面的图片可能显示不出来，带图片的内容存不进去。",
                f"请把这段话发给管理员：{problem}",
            )
        )
    return found


def check(app_configs: Any, databases: Any = None, **options: Any) -> list[checks.CheckMessage]:
    """Reports the same as a system check. Only with `manage.py check --database default`."""
    said = problems() if databases else {}
    return [
        checks.Warning(problem, hint="The site serves on without it.", id="config.W004")
        for problem in said.values()
        if problem != "ok"
    ]
