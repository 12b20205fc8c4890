"""Writers, readers and rebuilds at the same time: is every answer that of a committed state?

What readers ask has answers that no commit changes, so a partial index shows at once:

- words of the generated articles, which nobody touches: as many as before;
- a mark that each writer moves from one of its articles to another: exactly one article;
- texts that come and go: nothing once they are deleted, something once they have been there for 5 seconds.
"""

from __future__ import annotations

import mmap
import random
import struct
import time
from collections.abc import Iterator
from typing import Any

from tests.faults.processes import Child, difference, forked, main, spread
from tests.writing import create, delete_all, save

OWN_ARTICLES = 10
SEEN_WITHIN_SECONDS = 5
KEPT_TEXTS = 4
"""A text of a writer is deleted when it has written this many newer ones."""


def prepare(articles: int, writers: int) -> dict[str, int]:
    """Makes the archive, and returns some words of it with the number of articles that hold them."""
    from django.core.management import call_command

    from archive.models import Article, Issue
    from benchmarks import archive, corpus
    from search.indexing import sync
    from search.results.request import SearchRequest
    from search.results.service import find

    call_command("migrate", verbosity=0)
    archive._store(articles, corpus.SEED)
    texts = [article.text for article in Article.objects.all()[:500]]
    asked = corpus.queries(corpus.statistics(texts), texts, 3, corpus.SEED)
    for writer in range(writers):
        issue = create(
            Issue,
            title=f"writer {writer}",
            start_date="2019-01-04",
            end_date="2019-01-04",
            status="published",
        )
        Article.objects.bulk_create(
            Article(
                issue=issue,
                position=n,
                title=f"own {writer} {n}",
                body=f"<p>{'mark' if n == 1 else 'none'}{writer}</p>",
            )
            for n in range(1, OWN_ARTICLES + 1)
        )
    sync.rebuild()
    totals = {query.text: find(SearchRequest(query.text)) for query in asked}
    return {
        text: found.total
        for text, found in totals.items()
        if found and found.total and not found.is_relaxed and not found.corrected
    }


def write(writer: int, until: float, a_second: float, last: mmap.mmap) -> dict[str, Any]:
    """Moves its mark, edits, creates and deletes, each in a transaction, as an editor's save is one."""
    from django.db import transaction

    from archive.models import Article, Issue

    issue = Issue.objects.get(title=f"writer {writer}")
    chance = random.Random(writer)
    seconds, errors, there, gone, going = [], [], {}, {}, {}
    holder, number = 1, 0
    for _ in _beats(until, a_second):
        started = time.monotonic()
        committed: list[float] = []
        try:
            with transaction.atomic():
                transaction.on_commit(lambda: committed.append(time.monotonic()))  # noqa: B023
                what = chance.choice(("move", "move", "edit", "replace"))
                if what == "move":
                    other = chance.choice([n for n in range(1, OWN_ARTICLES + 1) if n != holder])
                    for position, word in ((holder, "none"), (other, "mark")):
                        article = issue.articles.get(position=position)
                        article.body = f"<p>{word}{writer}</p>"
                        save(article)
                    holder = other
                elif what == "edit":
                    article = issue.articles.get(position=chance.randrange(1, OWN_ARTICLES + 1))
                    article.source = f"source {chance.random()}"
                    save(article)
                else:
                    number += 1
                    create(
                        Article,
                        issue=issue,
                        position=100 + number,
                        title=text(writer, number),
                        body="<p>…</p>",
                    )
                    # By its title: what stands behind a deleted article moves up.
                    delete_all(Article.objects.filter(issue=issue, title=text(writer, number - KEPT_TEXTS)))
            seconds.append(time.monotonic() - started)
            if what == "replace":
                there[text(writer, number)] = committed[0]
                gone[text(writer, number - KEPT_TEXTS)] = committed[0]
                going[text(writer, number - KEPT_TEXTS)] = started
                last[writer * 8 : writer * 8 + 8] = struct.pack("q", number)
        except Exception as error:  # noqa: BLE001 - any error is one too many, and is reported
            errors.append(repr(error))
    return {"seconds": seconds, "errors": errors, "there": there, "gone": gone, "going": going}


def text(writer: int, number: int) -> str:
    return f"text{writer}x{number}x"  # whole: text1x4 would be found in text1x44


def read(
    seed: int, until: float, a_second: float, constant: dict[str, int], last: mmap.mmap
) -> dict[str, Any]:
    """Searches as a page does, and records wrong answers."""
    from search.results.request import SearchRequest
    from search.results.service import find

    chance = random.Random(seed)
    writers = len(last) // 8
    words = list(constant)
    seconds, errors, wrong, seen = [], [], [], []
    from_database = 0
    for _ in _beats(until, a_second):
        writer = chance.randrange(writers)
        kind = chance.choice(("word", "word", "mark", "text"))
        if kind == "word":
            query = chance.choice(words)
        elif kind == "mark":
            query = f'"mark{writer}"'
        else:
            [number] = struct.unpack("q", last[writer * 8 : writer * 8 + 8])
            query = f'"{text(writer, max(1, number - chance.randrange(2 * KEPT_TEXTS)))}"'
        started = time.monotonic()
        try:
            found = find(SearchRequest(query))
        except Exception as error:  # noqa: BLE001 - as above
            errors.append(repr(error))
            continue
        ended = time.monotonic()
        assert found is not None
        seconds.append(ended - started)
        from_database += bool(found.notice)
        if kind == "text":
            seen.append((query.strip('"'), found.total, started, ended))
        elif found.total != (1 if kind == "mark" else constant[query]):
            wrong.append((query, found.total))
    return {
        "seconds": seconds,
        "errors": errors,
        "wrong": wrong,
        "seen": seen,
        "from_database": from_database,
    }


def rebuild_times(times: int, from_: float, until: float) -> dict[str, Any]:
    """Rebuilds at even intervals; returns the number of rebuilds."""
    from search.indexing import sync

    for number in range(times):
        time.sleep(max(0.0, from_ + (until - from_) * (number + 0.5) / (times + 0.5) - time.monotonic()))
        sync.rebuild()
    return {"rebuilds": times}


def look_after(until: float) -> None:
    """The worker, beside all others."""
    import threading

    from worker.running import Worker

    stop = threading.Event()
    threading.Timer(max(0.0, until - time.monotonic()), stop.set).start()
    Worker(stop).run()


def _beats(until: float, a_second: float) -> Iterator[None]:
    """Repeats at the given pace, or without pause when this machine is too slow for it."""
    due = time.monotonic()
    while time.monotonic() < until:
        yield
        due = max(due + 1 / a_second, time.monotonic() - 1 / a_second)
        time.sleep(max(0.0, due - time.monotonic()))


def run(
    seconds: float, articles: int, writers: int, readers: int, rebuilds: int, saves: float, reads: float
) -> dict[str, Any]:
    """`saves` and `reads` are per second, for each writer and each reader."""
    constant = forked(lambda: prepare(articles, writers))
    last = mmap.mmap(-1, 8 * writers)
    now = time.monotonic() + 0.5
    until = now + seconds
    keeper = Child(lambda: look_after(until))
    rebuilder = Child(lambda: rebuild_times(rebuilds, now, until))
    writing = [Child(lambda n=n: write(n, until, saves, last)) for n in range(writers)]  # type: ignore[misc]
    reading = [Child(lambda n=n: read(n, until, reads, constant, last)) for n in range(readers)]  # type: ignore[misc]
    written, answered = [child.result() for child in writing], [child.result() for child in reading]
    rebuilt = rebuilder.result()
    keeper.result()
    leaked = late = 0
    for answer in answered:
        for name, total, started, ended in answer["seen"]:
            there = min((w["there"][name] for w in written if name in w["there"]), default=None)
            gone = min((w["gone"][name] for w in written if name in w["gone"]), default=None)
            leaked += bool(total and gone is not None and gone < started)
            going = min((w["going"][name] for w in written if name in w["going"]), default=None)
            is_due = there is not None and there + SEEN_WITHIN_SECONDS < started
            late += bool(not total and is_due and (going is None or going > ended))
    return {
        **rebuilt,
        "reads": sum(len(answer["seconds"]) for answer in answered),
        "read_ms": spread([second for answer in answered for second in answer["seconds"]]),
        "saves": sum(len(w["seconds"]) for w in written),
        "save_ms": spread([second for w in written for second in w["seconds"]]),
        "errors": [error for part in [*written, *answered] for error in part["errors"]][:5],
        "wrong": [wrong for answer in answered for wrong in answer["wrong"]][:5],
        "from_database": sum(answer["from_database"] for answer in answered),
        "deleted_yet_found": leaked,
        "late": late,
        **forked(_settled),
    }


def _settled() -> dict[str, int]:
    from search.indexing import sync

    sync.drain()
    return difference()


if __name__ == "__main__":
    main(run)
