"""Kills the process that writes the index, again and again, and looks each time at what is left.

    python -m tests.search.crashing KILLS SEED        (with XWK_DATA_DIR naming an empty folder)

Prints a line of JSON: what was lost, what was surplus, which searches failed, how often anything was damaged. The
processes are forked from one that has Django loaded and no connection open, so that a kill costs no start.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django

ARTICLES = 24
LONGEST_LIFE_SECONDS = 0.7


def write(seed: int) -> None:
    """Changes the archive and its index in every way there is, until it is killed."""
    from archive.models import Article, Issue
    from search import care, sync

    chance = random.Random(seed)
    while True:
        article = chance.choice(list(Article.objects.all()))
        match chance.randrange(10):
            case 0 | 1 | 2 | 3:
                article.body = f"<p>共同的话，独有{chance.randrange(10**9)}号。</p>"
                article.save()
            case 4:
                article.delete()
                position = Article.objects.order_by("position").last().position + 1  # type: ignore[union-attr]
                Article.objects.create(
                    issue=article.issue,
                    position=position,
                    title=f"新{position}",
                    body=f"<p>共同的话，独有{chance.randrange(10**9)}号。</p>",
                )
            case 5:
                issue = article.issue
                issue.status = chance.choice([Issue.Status.DRAFT, Issue.Status.PUBLISHED])
                issue.save()
            case 6 | 7:
                sync.rebuild()
            case 8:
                sync.merge_segments(0)
            case 9:
                care.tidy()


def look() -> dict[str, Any]:
    """Searches as it is, brings the index up to date, and compares it with the archive."""
    from archive.models import Article
    from search import sync
    from search.finding import Asked, find

    def total(query: str) -> int:
        found = find(Asked(query))
        return found.total if found else 0

    published = {article.pk: article.text for article in Article.objects.published()}
    at_once = find(Asked("共同的话", page_size=100))
    assert at_once is not None
    was_built = sync.bring_up_to_date()
    held = sync._backend().snapshot()
    ids = sorted(held.numbers["article"][held.live].tolist())
    stale = [pk for pk, text in published.items() if total('"' + text.split("，")[1] + '"') != 1]
    sync._backend().generations.remove_old()
    folders = [path for path in sync._backend().generations.root.iterdir() if path.is_dir()]
    return {
        "lost": len(published.keys() - set(ids)) + len(stale),
        "surplus": len(ids) - len(published.keys() & set(ids)),
        "leaked": at_once.total - len(at_once.results),
        "built_anew": int(was_built),
        "folders_left": max(0, len(folders) - 2),
    }


def prepare() -> None:
    from django.core.management import call_command

    from archive.models import Article, Issue
    from search import sync

    call_command("migrate", verbosity=0)
    for week in range(3):
        day = f"2025-03-{7 * (week + 1):02}"
        issue = Issue.objects.create(
            title="周报", start_date=day, end_date=day, status=Issue.Status.PUBLISHED
        )
        for position in range(1, ARTICLES // 3 + 1):
            number = week * 100 + position
            Article.objects.create(
                issue=issue, position=position, title=f"题{number}", body=f"<p>共同的话，独有{number}号。</p>"
            )
    sync.rebuild()


def forked(work: Callable[[], Any], live_seconds: float | None = None) -> Any:
    """Does `work` in a child, and returns what it returned; with `live_seconds` kills the child then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = work()
        except BaseException as error:
            answer = {"errors": [repr(error)]}
            raise
        finally:
            os.write(writing, json.dumps(answer).encode())
            os._exit(0)
    os.close(writing)
    if live_seconds is not None:
        time.sleep(live_seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        printed = pipe.read()
    os.waitpid(child, 0)
    return json.loads(printed) if printed else None


def main(kills: int, seed: int) -> None:
    django.setup()
    from search import analysis

    analysis.words("词典")  # loads the dictionary: once, and not in every child
    forked(prepare)
    chance = random.Random(seed)
    sums: dict[str, Any] = {"kills": 0, "ended_by_itself": [], "errors": []}
    for number in range(kills):
        died = forked(lambda: write(seed * 1000 + number), chance.uniform(0.02, LONGEST_LIFE_SECONDS))  # noqa: B023
        if died:
            sums["ended_by_itself"] += died["errors"]
        sums["kills"] += 1
        for name, value in forked(look).items():
            sums[name] = sums.get(name, 0 if isinstance(value, int) else []) + value
    print(json.dumps(sums))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
