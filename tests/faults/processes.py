"""Processes for the runs: forked from one that has Django loaded and no connection open, so that each is cheap."""

from __future__ import annotations

import json
import logging
import os
import signal
import statistics
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import django

from tests.writing import create


class Child:
    """Work in a forked process. `result` waits for its return value."""

    def __init__(self, work: Callable[[], Any]) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            try:
                answer = {"returned": work()}
            except BaseException:  # noqa: BLE001 - told to who waits for it
                answer = {"raised": traceback.format_exc()}
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(answer).encode())
            os._exit(0)
        os.close(writing)
        self._pipe = os.fdopen(reading)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def result(self) -> Any:
        """Returns None when the child was killed before it was done. Raises RuntimeError for what it raised."""
        with self._pipe as pipe:
            printed = pipe.read()
        os.waitpid(self.pid, 0)
        answer = json.loads(printed) if printed else {"returned": None}
        if "raised" in answer:
            raise RuntimeError(answer["raised"])
        return answer["returned"]


def forked(work: Callable[[], Any]) -> Any:
    """Runs `work` in a child process, and returns its result."""
    return Child(work).result()


def prepare_archive(issues: int, articles: int) -> None:
    """Makes an archive of published issues whose articles all say 共同的话, and its index."""
    from django.core.management import call_command

    from archive.models import Article, Issue
    from search.indexing import sync

    call_command("migrate", verbosity=0)
    for week in range(issues):
        day = f"{2020 + week // 300}-{week // 25 % 12 + 1:02}-{week % 25 + 1:02}"
        issue = create(Issue, title="周报", start_date=day, end_date=day, status=Issue.Status.PUBLISHED)
        Article.objects.bulk_create(
            Article(
                issue=issue,
                position=position,
                title=f"题{week * 100 + position}",
                body=f"<p>共同的话，独有{week * 100 + position}号。</p>",
            )
            for position in range(1, articles + 1)
        )
    sync.rebuild()


def difference() -> dict[str, int]:
    """Returns the articles that the index lacks or has old, and those that it should not have."""
    from search.indexing.comparison import compare

    found = compare()
    return {
        "lost": len(found.missing) + len(found.stale),
        "surplus": len(found.surplus) + len(found.drafts) + len(found.duplicated) + found.unknown,
    }


def percentile(times: Sequence[float], share: float) -> float:
    """Returns the percentile of the times at `share`."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] if times else 0.0


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Returns median, percentiles and maximum in milliseconds."""
    return {
        "median": round(1000 * (statistics.median(seconds) if seconds else 0), 1),
        "p95": round(1000 * percentile(seconds, 0.95), 1),
        "p99": round(1000 * percentile(seconds, 0.99), 1),
        "worst": round(1000 * max(seconds, default=0), 1),
    }


def main(run: Callable[..., dict[str, Any]]) -> None:
    """`python -m tests.faults.<run> '{"count": 5}'`: sets Django up, and prints the figures as a line of JSON."""
    django.setup()
    from search.text import analysis

    logging.getLogger().setLevel(logging.ERROR)  # what is done wrong on purpose is reported as it should be
    analysis.words("词典")  # loads the dictionary: once, and not in every child
    print(json.dumps(run(**json.loads(sys.argv[1]))))
