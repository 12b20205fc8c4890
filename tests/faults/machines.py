"""Two machines on one database, a clock that is set back, a rebuild during the import of a whole archive."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import time_machine

from tests.faults.processes import Child, difference, forked, main, prepare_archive
from tests.writing import create, delete_all, save

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLES_A_WEEK = 10


def run(weeks: int, changes: int, clocks: int) -> dict[str, Any]:
    """`changes` on each of the two machines, `clocks` times that the clock is set back and forth."""
    return {
        "hosts": _two_hosts(changes),
        "clock": _clock_set_back(clocks),
        "import": _import_while_rebuilding(weeks),
    }


# --- Two machines --------------------------------------------------------------------------------------


def _two_hosts(changes: int) -> dict[str, int]:
    """Two machines change articles and rebuild their indexes at the same time; then both are compared."""
    home = Path(os.environ["XWK_DATA_DIR"])
    database = f"sqlite:///{home / 'shared.sqlite3'}"
    hosts = [home / "first", home / "second"]
    _on(hosts[0], database, "prepare", 0)
    _on(hosts[1], database, "follow", 0)
    running = [_start(host, database, "change", changes, seed) for seed, host in enumerate(hosts)]
    changed = [_end(process) for process in running]
    at_once = [_on(host, database, "search", 0) for host in hosts]  # before they have followed each other
    followed = [_on(host, database, "follow", 0) for host in hosts]
    return {
        "changes": sum(made["changes"] for made in changed),
        "rebuilds": sum(made["rebuilds"] for made in changed),
        "withdrawn_yet_found": sum(made["leaked"] for made in [*changed, *at_once]),
        "lost": sum(made["lost"] for made in followed),
        "surplus": sum(made["surplus"] for made in followed),
        "built_anew": sum(made["built_anew"] for made in followed),
    }


def _start(host: Path, database: str, part: str, count: int, seed: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.machines", json.dumps({part: [count, seed]})],
        cwd=ROOT,
        env={**os.environ, "XWK_DATA_DIR": str(host), "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def _end(process: subprocess.Popen[str]) -> dict[str, int]:
    printed, _ = process.communicate()
    assert process.returncode == 0
    made: dict[str, int] = json.loads(printed)
    return made


def _on(host: Path, database: str, part: str, count: int) -> dict[str, int]:
    return _end(_start(host, database, part, count, 0))


def on_host(part: str, count: int, seed: int) -> dict[str, int]:
    """Runs the work of one machine."""
    if part == "prepare":
        prepare_archive(issues=6, articles=5)
        return {}
    if part == "follow":
        return {"built_anew": _follow(), **difference()}
    return _change(count, seed)


def _follow() -> int:
    from search.engines.registry import current_engine
    from search.indexing import sync

    is_first = current_engine().generations.is_empty
    return int(sync.bring_up_to_date() and not is_first)


def _change(count: int, seed: int) -> dict[str, int]:
    """Makes changes of every kind, with occasional rebuilds and searches that must not show what is withdrawn."""
    from archive.models import Article, Issue
    from search.indexing import sync
    from search.results.request import SearchRequest
    from search.results.service import find

    chance = random.Random(seed)
    rebuilds = leaked = 0
    for number in range(max(1, count)):
        if count:
            article = chance.choice(list(Article.objects.select_related("issue")))
            match chance.randrange(6):
                case 0:
                    issue = article.issue
                    issue.status = chance.choice([Issue.Status.DRAFT, Issue.Status.PUBLISHED])
                    save(issue)
                case 1:
                    delete_all(Article.objects.filter(pk=article.pk))
                    place = 1000 * (seed + 1) + number
                    create(
                        Article,
                        issue=article.issue,
                        position=place,
                        title=f"新{place}",
                        body="<p>共同的话。</p>",
                    )
                case _:
                    article.body = f"<p>共同的话，{seed}改{number}。</p>"
                    save(article)
            if number % 40 == 20:
                sync.rebuild()
                rebuilds += 1
        if number % 5 == 0:
            found = find(SearchRequest("共同的话", page_size=200))
            assert found is not None
            leaked += len(
                {hit.article.pk for hit in found.results}
                - {*Article.objects.published().values_list("pk", flat=True)}
            )
    return {"changes": count, "rebuilds": rebuilds, "leaked": leaked}


# --- The clock -----------------------------------------------------------------------------------------


def _clock_set_back(times: int) -> dict[str, int]:
    """The clock of the process jumps days back and forth between saves, rebuilds, tidying and searches."""
    forked(lambda: prepare_archive(issues=3, articles=5))
    chance = random.Random(5)
    sums = {"jumps": 0, "lost": 0, "surplus": 0, "wrong": 0}
    for number in range(times):
        days = chance.choice([-400, -8, -1, -1 / 24, 0, 1 / 24, 8])
        found = forked(lambda: _at(days, number))  # noqa: B023
        sums = {name: sums[name] + found.get(name, 0) for name in sums}
        sums["jumps"] += 1
    return sums


def _at(days: float, number: int) -> dict[str, int]:
    from archive.models import Article
    from search.indexing import sync
    from search.results.request import SearchRequest
    from search.results.service import find
    from search.tasks import delete_old_changes, delete_old_generations

    moment = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    with time_machine.travel(moment, tick=True):
        article = Article.objects.order_by("?").first()
        assert article is not None
        article.body = f"<p>共同的话，第{number}跳。</p>"
        save(article)
        found = find(SearchRequest(f'"第{number}跳"'))
        wrong = int(found is None or found.total != 1)
        if number % 3 == 0:
            sync.rebuild()
        if number % 3 == 1:
            delete_old_changes.call()
            delete_old_generations.call()
        sync.bring_up_to_date()
        found = find(SearchRequest("共同的话"))
        wrong += int(
            found is None or found.notice != "" or found.total != Article.objects.published().count()
        )
        return {"wrong": wrong, **difference()}


# --- Importing -----------------------------------------------------------------------------------------


def _import_while_rebuilding(weeks: int) -> dict[str, Any]:
    """`import_issues` of a folder of weeks; rebuilds and searches all the while. No search sees half a week."""
    folder = Path(os.environ["XWK_DATA_DIR"]) / "weeks"
    folder.mkdir()
    for number in range(weeks):
        day = dt.date(2010, 1, 1) + dt.timedelta(weeks=number)
        articles = [
            {"title": f"第{place}条", "body": f"周次{number:04}。\n先进封装与存储芯片，第{place}段。"}
            for place in range(1, ARTICLES_A_WEEK + 1)
        ]
        week = {"title": "进口", "start_date": str(day), "end_date": str(day), "articles": articles}
        (folder / f"{number:04}.json").write_text(json.dumps(week), encoding="utf-8")
    started = time.monotonic()
    importing = Child(lambda: _import(folder))
    done = folder / "done"
    rebuilding, searching = Child(lambda: _rebuild_until(done)), Child(lambda: _search_until(done, weeks))
    importing.result()
    seconds = time.monotonic() - started
    done.touch()
    return {
        "weeks": weeks,
        "seconds": round(seconds, 1),
        "rebuilds": rebuilding.result(),
        **searching.result(),
        **forked(_settle),
    }


def _import(folder: Path) -> None:
    from django.core.management import call_command

    call_command("import_issues", folder, publish=True, verbosity=0)


def _rebuild_until(done: Path) -> int:
    from search.indexing import sync

    rebuilds = 0
    while not done.exists():
        sync.rebuild()
        rebuilds += 1
    return rebuilds


def _search_until(done: Path, weeks: int) -> dict[str, int]:
    from search.results.request import SearchRequest
    from search.results.service import find

    chance = random.Random(3)
    half = searches = 0
    while not done.exists():
        found = find(SearchRequest(f'"周次{chance.randrange(weeks):04}"'))
        assert found is not None
        half += found.total not in (0, ARTICLES_A_WEEK)
        searches += 1
        time.sleep(0.02)
    return {"searches": searches, "half_weeks": half}


def _settle() -> dict[str, int]:
    from search.indexing import sync

    sync.drain()
    return difference()


def part(**asked: Any) -> dict[str, Any]:
    """Starts the run, or one of its processes on another machine."""
    [(name, value), *_] = asked.items()
    return on_host(name, *value) if isinstance(value, list) else run(**asked)


if __name__ == "__main__":
    main(part)
