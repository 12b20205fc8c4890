"""Kills the process that writes, or the worker, again and again, and looks each time at what is left."""

from __future__ import annotations

import mmap
import os
import random
import shutil
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.processes import Child, difference, forked, main, prepare_archive
from tests.writing import create, delete, save

LONGEST_LIFE_SECONDS = 0.7
DOINGS = ("save", "replace", "publish or withdraw", "rebuild", "merge", "tidy", "backup", "migrate")
CHANCES = (30, 10, 10, 20, 8, 8, 10, 0)
WORKER_LIVES_SECONDS = (0.5, 6.0)
"""At the most: it publishes and drains at once, and starts a process of its own for a backup or a rebuild."""
REBUILDS = 0.4
"""Of the workers, how many find no index."""
MIGRATES = 0.15
"""Of the processes, how many find tables of an earlier version and migrate first."""


def go_back() -> None:
    """Takes tables away, to be made again. Nobody kills this: Django takes them away in one transaction and notes it in
    the next, and has no remedy for what dies between (forwards it is one). Our way back is the old code and `restore`."""
    from django.core.management import call_command

    call_command("migrate", "insight", "zero", verbosity=0)


def write(seed: int, doing: mmap.mmap, migrates: bool) -> None:
    """Changes archive, index and database in every way there is, until it is killed."""
    from django.conf import settings
    from django.core.management import call_command

    from archive.models import Article, Issue
    from config.backups.databases import site_database
    from config.backups.making import make_backup
    from config.media.store import site_media
    from search.engines.registry import current_engine
    from search.indexing import sync
    from search.tasks import delete_old_changes, delete_old_generations

    chance = random.Random(seed)
    if migrates:
        doing[0] = DOINGS.index("migrate")
        call_command("migrate", verbosity=0)
    while True:
        [what] = chance.choices(DOINGS, CHANCES)
        doing[0] = DOINGS.index(what)
        article = chance.choice(list(Article.objects.all()))
        body = f"<p>共同的话，独有{chance.randrange(10**9)}号。</p>"
        match what:
            case "save":
                article.body = body
                save(article)
            case "replace":
                delete(article)
                position = Article.objects.order_by("position").last().position + 1  # type: ignore[union-attr]
                create(Article, issue=article.issue, position=position, title=f"新{position}", body=body)
            case "publish or withdraw":
                issue = article.issue
                others = Issue.objects.published().exclude(pk=issue.pk)  # `look` needs something to find
                drawn = chance.choice([Issue.Status.DRAFT, Issue.Status.PUBLISHED])
                issue.status = drawn if others.exists() else Issue.Status.PUBLISHED
                save(issue)
            case "rebuild":
                sync.rebuild()
            case "merge":
                current_engine().merge_segments(0)
            case "tidy":
                delete_old_changes.call()
                delete_old_generations.call()
            case "backup":
                target = settings.DATA_DIR / "backups" / f"{chance.randrange(10**9)}.zip"
                make_backup(site_database(), site_media(), target)


def look() -> dict[str, Any]:
    """Searches as it is, brings everything up to date, and compares the index with the archive and with searches."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from archive.models import Article
    from config.backups.databases import site_database
    from config.backups.making import make_backup
    from config.media.store import site_media
    from search.engines.registry import current_engine
    from search.indexing import sync
    from search.results.request import SearchRequest
    from search.results.service import find

    def total(query: str) -> int:
        found = find(SearchRequest(query))
        return found.total if found else 0

    started = time.monotonic()
    with current_engine().lock("write", 10):
        locked_seconds = time.monotonic() - started
    with connection.cursor() as cursor:
        is_sound = cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    call_command("migrate", verbosity=0)
    at_once = find(SearchRequest("共同的话", page_size=100))
    assert at_once is not None
    was_built = sync.bring_up_to_date()
    drawn = random.Random(0).sample(
        [article.text.split("，")[1] for article in Article.objects.published()],
        min(8, Article.objects.published().count()),
    )
    withdrawn = [
        article.text.split("，")[1] for article in Article.objects.exclude(issue__status="published")
    ]
    changed = Article.objects.published().order_by("pk").last()
    assert changed is not None
    # What is as it was needs no commit, and the next commit removes leftovers.
    changed.title = "改过" if changed.title != "改过" else "又改过"
    save(changed)
    sync.drain()
    current_engine().generations.remove_old()
    folders = [path for path in current_engine().generations.root.iterdir() if path.is_dir()]
    live = current_engine().generations.live()
    leftovers = {path.name for path in live.path.iterdir()} - {"manifest.json", *live.manifest.files}
    backups = settings.DATA_DIR / "backups"
    half = [path for path in backups.glob("*.zip") if not _is_whole(path)]
    make_backup(site_database(), site_media(), backups / "next.zip")
    drafts = list(backups.glob(".*"))  # of a killed one: the next removes them
    for path in backups.glob("*.zip"):
        path.unlink()
    return {
        **difference(),
        "not_found": sum(total(f'"{own}"') != 1 for own in drawn),
        "leaked": at_once.total - len(at_once.results) + sum(total(f'"{own}"') for own in withdrawn[:8]),
        "built_anew": int(was_built),
        "folders_left": max(0, len(folders) - 2),
        "files_left": len(leftovers) + len(drafts),
        "half_backups": len(half),
        "corrupt_databases": int(not is_sound),
        "locked_for_more_than_a_second": int(locked_seconds > 1),
    }


def _is_whole(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return archive.testzip() is None and "manifest.json" in archive.namelist()


# --- The worker ----------------------------------------------------------------------------------------


def give_work(seed: int) -> dict[str, int]:
    """Leaves an issue that is due, a backup, changes that no index holds, and now and then an index that is gone."""
    from django.utils import timezone

    from archive.models import Article, Issue
    from archive.tasks import publish_due
    from config.tasks import back_up
    from search.engines.registry import current_engine
    from worker.backend import enqueue_once
    from worker.models import Task

    chance = random.Random(seed)
    Task.objects.all().delete()
    with current_engine().lock("write", 10):
        for article in chance.sample(list(Article.objects.all()), 5):
            article.body = f"<p>共同的话，独有{chance.randrange(10**9)}号。</p>"
            save(article)
        issue = chance.choice(list(Issue.objects.all()))
        issue.status, issue.publish_at = Issue.Status.SCHEDULED, timezone.now()
        save(issue)
    enqueue_once(publish_due)
    enqueue_once(back_up)
    if chance.random() < REBUILDS:
        shutil.rmtree(current_engine().generations.root)
    return {"issue": issue.pk, "published": _times_published(issue.pk)}


def work(until: Callable[[], bool] = lambda: False) -> None:
    """Is a worker, until it is killed or there is nothing left to do."""
    from django.db import connection

    from worker.running import Worker

    stop = threading.Event()

    def look_again() -> None:
        while not until():
            time.sleep(0.1)
        connection.close()
        stop.set()

    threading.Thread(target=look_again, daemon=True).start()
    Worker(stop).run()


def running() -> list[str]:
    """What the worker was at, or still had to do, when it was killed."""
    from search.indexing.state import index_state
    from worker.models import Task

    names = Task.objects.filter(state=Task.State.RUNNING).values_list("name", flat=True)
    found = [name.rpartition(".")[2] for name in names]
    state = index_state()
    if not state.is_ready:
        found.append("rebuild")
    elif state.waiting:
        found.append("drain")
    return found or ["nothing"]


def is_done() -> bool:
    """Whether every task that is due was run, and the index holds everything."""
    from django.utils import timezone

    from search.indexing.state import index_state
    from worker.models import Task

    state = index_state()
    now = timezone.now()
    unfinished = Task.objects.filter(state__in=[Task.State.READY, Task.State.RUNNING])
    return (
        state.is_ready and not state.waiting and not unfinished.filter(every=None, run_at__lte=now).exists()
    )


def look_at_work(given: dict[str, int]) -> dict[str, int]:
    """What the next worker made of it."""
    from archive.models import Issue
    from worker.models import Task

    issue = Issue.objects.get(pk=given["issue"])
    times = _times_published(issue.pk) - given["published"]
    return {
        "unpublished": int(not issue.is_published) + abs(times - 1),
        "tasks_failed": Task.objects.failed().count() + Task.objects.exclude(error="").count(),
    }


def _times_published(issue: int) -> int:
    from archive import versions

    return sum(revision.comment == "到时自动发布" for revision in versions.revisions_of(issue))


def kill_worker(number: int, seconds: float, killed_at: Counter[str]) -> dict[str, int]:
    """Gives a worker something to do, kills it, and lets the next one go on."""
    given = forked(lambda: give_work(number))
    child = Child(work)
    time.sleep(seconds)
    child.kill()
    child.result()
    killed_at.update(f"worker: {name}" for name in forked(running))
    forked(lambda: work(is_done))
    return {**forked(lambda: look_at_work(given)), **forked(look)}


def run(kills: int, worker_kills: int = 0, seed: int = 1) -> dict[str, Any]:
    forked(lambda: prepare_archive(issues=3, articles=8))
    (Path(os.environ["XWK_DATA_DIR"]) / "backups").mkdir()
    chance = random.Random(seed)
    doing = mmap.mmap(-1, 1)  # the child writes what it is at, the parent reads it after the kill
    killed_at: Counter[str] = Counter()
    sums: Counter[str] = Counter(unpublished=0, tasks_failed=0)
    for number in range(kills):
        if migrates := chance.random() < MIGRATES:
            forked(go_back)
        child = Child(lambda: write(seed * 1000 + number, doing, migrates))  # noqa: B023
        time.sleep(chance.uniform(0.02, LONGEST_LIFE_SECONDS))
        child.kill()
        child.result()  # raises what ended it before
        killed_at[DOINGS[doing[0]]] += 1
        sums.update(forked(look))
    for number in range(worker_kills):
        seconds = chance.uniform(0.02, chance.choice(WORKER_LIVES_SECONDS))
        sums.update(kill_worker(seed * 1000 + number, seconds, killed_at))
    return {"kills": kills + worker_kills, "killed_at": dict(killed_at.most_common()), **sums}


if __name__ == "__main__":
    main(run)
