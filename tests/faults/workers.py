"""Editors who save, delete and withdraw through the admin while gunicorn's workers are killed."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.faults.editor import Editor, Interrupted
from tests.faults.processes import difference, forked, main, prepare_archive, spread
from tests.server.site import Site

EDITORS = 2
ARTICLES = 5
"""Of an issue."""
LOOKS_EVERY = 5
"""Every how manieth save somebody waits until a search finds it: all of them would be the load that is measured."""
LOST_AFTER_SECONDS = 300


class Tally:
    """The state that the editors left each article in: its last saved text, or that it must not be found."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.gone: set[int] = set()
        self.seconds: list[float] = []
        self.seen: list[float] = []
        self.counts: Counter[str] = Counter()


def edit(
    site: Site, name: str, issues: list[tuple[int, list[int]]], wanted: dict[str, int], seed: int
) -> Tally:
    """Performs the wanted actions in any order; what a dying worker interrupted is checked and done again."""
    tally, editor, chance = Tally(), Editor(site, name), random.Random(seed)
    todo = [what for what, count in wanted.items() for _ in range(count)]
    chance.shuffle(todo)
    alive = {issue: list(articles) for issue, articles in issues}
    for number, what in enumerate(todo):
        issue = chance.choice([issue for issue, articles in alive.items() if articles])
        article = chance.choice(alive[issue])
        for _ in range(20):
            try:
                if what == "save":
                    text = f"saved{seed}x{number}x"  # whole: saved1x4 would be found in saved1x44
                    _save(editor, article, text, tally)
                    tally.texts[article] = text
                    if number % LOOKS_EVERY == 0:
                        tally.seen.append(_seconds_until_found(site, text))
                elif what == "delete":
                    path = f"/admin/archive/article/{article}/delete/"
                    _send(editor, path, {**editor.form(path), "post": "yes"}, tally)
                    alive[issue].remove(article)
                    tally.gone.add(article)
                else:
                    path = f"/admin/archive/issue/withdraw/?issue={issue}"
                    _send(editor, path, editor.form(path), tally)
                    tally.gone.update(alive.pop(issue))
                tally.counts[what] += 1
                break
            except Interrupted:
                tally.counts["interrupted"] += 1
                time.sleep(0.2)
            except LookupError:  # a deletion that was carried out, though its answer was lost
                assert what == "delete"
                alive[issue].remove(article)
                tally.gone.add(article)
                tally.counts[what] += 1
                break
        else:
            tally.counts["given_up"] += 1
    return tally


def _save(editor: Editor, article: int, text: str, tally: Tally) -> None:
    path = f"/admin/archive/article/{article}/change/"
    fields = {**editor.form(path), "body": f"<p>共同的话，{text}。</p>", "_save": "保存"}
    started = time.monotonic()
    _send(editor, path, fields, tally)
    tally.seconds.append(time.monotonic() - started)


def _send(editor: Editor, path: str, fields: dict[str, str], tally: Tally) -> None:
    status = editor.send(path, fields)
    if status != 302:
        tally.counts[f"answered_{status}"] += 1


def _seconds_until_found(site: Site, text: str) -> float:
    started = time.monotonic()
    while time.monotonic() - started < LOST_AFTER_SECONDS:
        try:
            if site.search(f'"{text}"')["total"]:
                break
        except (OSError, HTTPException):  # its worker was killed
            pass
        time.sleep(0.02)
    return time.monotonic() - started


def kill_workers(site: Site, every_seconds: float, stop: threading.Event) -> int:
    kills, chance = 0, random.Random(4)
    while not stop.wait(every_seconds):
        workers = sorted(site.workers())
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            kills += 1
    return kills


def run(saves: int, deletes: int, withdrawals: int, kill_every: float) -> dict[str, Any]:
    os.environ["WEB_CONCURRENCY"] = "3"
    site = Site.in_folder(Path(os.environ["XWK_DATA_DIR"]))
    issues = forked(lambda: _prepare(withdrawals + deletes // ARTICLES + 2 * EDITORS + 4))
    wanted = {"save": saves // EDITORS, "delete": deletes // EDITORS, "withdraw": withdrawals // EDITORS}
    site.manage("set_up")
    stop = threading.Event()
    with site.served(), ThreadPoolExecutor(EDITORS + 1) as threads:
        killer = threads.submit(kill_workers, site, kill_every, stop)
        editing = [
            threads.submit(edit, site, f"editor{n}", issues[n::EDITORS], wanted, n) for n in range(EDITORS)
        ]
        try:
            tallies = [editor.result() for editor in editing]
        finally:
            stop.set()
        kills = killer.result()
        _wait_until_followed(site)
        found = Counter(
            stale=sum(
                [hit["id"] for hit in site.search(f'"{text}"')["results"]] != [article]
                for tally in tallies
                for article, text in tally.texts.items()
                if article not in tally.gone
            ),
            deleted_yet_found=sum(
                site.search(f'"{text}"')["total"]
                for tally in tallies
                for article, text in tally.texts.items()
                if article in tally.gone
            ),
        )
        served_errors = site.log.count("Traceback")
    counts = sum((tally.counts for tally in tallies), Counter())
    return {
        **{name: counts.pop(name, 0) for name in ("save", "delete", "withdraw", "interrupted", "given_up")},
        "other_answers": dict(counts),
        "killed_workers": kills,
        "save_ms": spread([second for tally in tallies for second in tally.seconds]),
        "found_after_ms": spread([second for tally in tallies for second in tally.seen]),
        "tracebacks": served_errors,
        **found,
        **forked(difference),
    }


def _prepare(issues: int) -> list[tuple[int, list[int]]]:
    from archive.models import Issue

    prepare_archive(issues, ARTICLES)
    return [(issue.pk, [a.pk for a in issue.articles.all()]) for issue in Issue.objects.all()]


def _wait_until_followed(site: Site) -> None:
    deadline = time.monotonic() + LOST_AFTER_SECONDS
    while time.monotonic() < deadline:
        try:
            if site.get("/readyz").json()["search"]["waiting"] == 0:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.1)


if __name__ == "__main__":
    main(run)
