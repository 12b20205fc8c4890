"""Measures what an editor waits for at the desk: a paste until its cards, each operation, earlier coverage of a week.

    make bench-desk                    beside 10,000 generated articles
    make bench-desk ARTICLES=1000

    paste          20,000 characters are sent, and the page with their cards comes
    operation      a button is pressed, and the page with what it did comes; it is taken back, which is not counted
    earlier        the first look at a week, before anything that was found for its texts is kept

In one process, by Django's test client: what gunicorn adds is `/healthz` of `make bench-pages`. Beside the time that
passes stands the processor's, of this process and of those that it starts to read the paste in: on a machine that does
other things, it is the one to go by.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.pages import _p95, _table, prepare
from benchmarks.processes import set_environment
from benchmarks.speed import machine

PASTE = 20_000
"""Characters."""
ACT = re.compile(r'name="act"\s+value="([a-z_]+)((?: [^"]*)?)"(?!\s+(?:data-up|data-down)?\s*disabled)')
TOOK = {"paste": 1000, "earlier": 1000}
EACH_OPERATION = 150
"""The targets, in milliseconds."""


class Taken(NamedTuple):
    """Milliseconds."""

    waited: float
    worked: float


def a_paste(length: int) -> str:
    """Returns a week of so many characters, made of the archive's newest articles."""
    from archive.models import Article

    text = "芯闻周报\n2025年2月10日－2月14日\n"
    for number, article in enumerate(Article.objects.published().order_by("-pk").iterator(), start=1):
        if len(text) >= length:
            break
        body = "\n".join(block.text for block in article.blocks)
        text += f"\n{number:02}\n{article.title}\n\n{body}\n"
    return text


def timed(do: Callable[[], Any]) -> Taken:
    """Returns what `do` takes. Processes that it starts and ends count."""
    before, began = os.times(), time.perf_counter()
    do()
    waited, after = time.perf_counter() - began, os.times()
    return Taken(waited * 1000, (sum(after[:4]) - sum(before[:4])) * 1000)


class Desk:
    """The desk of an editor who may do all."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        self._client = Client(SERVER_NAME="127.0.0.1")
        self._client.force_login(get_user_model().objects.get(username="bench"))

    def send(self, path: str, data: dict[str, str]) -> str:
        """Posts a form and returns the page that comes of it. Raises RuntimeError when it is refused."""
        answer = self._client.post(f"/admin/desk/{path}", data, follow=True)
        text: str = answer.content.decode()
        if answer.status_code >= 400 or 'class="errornote"' in text:
            raise RuntimeError(f"{path} {data} was answered with status {answer.status_code}")
        return text

    def open(self, text: str) -> str:
        self.send("clear/", {})
        page = self.send("open/", {"text": text})
        if 'name="act"' not in page:
            raise RuntimeError("the paste did not become cards")
        return page

    def operations(self, page: str) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yields one of each kind that the page has: its name, its path, its form. The last of a kind stands for it."""
        acts = {name: f"{name}{values}" for name, values in ACT.findall(page)}
        yield from ((name, "do/", {"act": act}) for name, act in acts.items())
        card = acts["drop"].split()[1]
        yield "label", "card/", {"card": card, "title": "改过的标题", "section": "产业", "source": "集邦咨询"}
        week = {"title": "芯闻周报", "start_date": "2025-02-10", "end_date": "2025-02-14"}
        yield "describe", "week/", {**week, "columnist": "某某", "source_url": ""}
        yield "rewrite", "text/", {"target": card, "html": "<p>" + "台积电扩产。" * 200 + "</p>"}


def measure(rounds: int) -> tuple[dict[str, list[Taken]], int, int]:
    """Asks for everything. Returns the times, the characters of the paste, its articles."""
    from django.core.cache import cache

    from desk.earlier import earlier_coverage
    from desk.models import Desk as StoredDesk

    desk, text = Desk(), a_paste(PASTE)
    taken: dict[str, list[Taken]] = {}
    page = desk.open(text)  # what a process reads once is read
    for _ in range(rounds):
        cache.clear()
        taken.setdefault("paste", []).append(timed(lambda: desk.open(text)))
    for _ in range(rounds):
        for name, path, form in desk.operations(page):
            taken.setdefault(name, []).append(timed(lambda path=path, form=form: desk.send(path, form)))  # type: ignore[misc]
            desk.send("undo/", {})
    lying = StoredDesk.objects.order_by("-pk").first()
    assert lying is not None  # noqa: S101 - it was opened above
    for _ in range(rounds):
        cache.clear()
        taken.setdefault("earlier", []).append(timed(lambda: earlier_coverage(lying.state)))
    return taken, len(text), len(lying.state.cards)


def table(taken: dict[str, list[Taken]]) -> str:
    rows = []
    for name, several in taken.items():
        waited, worked = [one.waited for one in several], [one.worked for one in several]
        most = TOOK.get(name, EACH_OPERATION)
        figures = [f"{median(times):.0f} / {_p95(times):.0f}" for times in (waited, worked)]
        met = [("yes" if _p95(times) <= most else "**no**") for times in (waited, worked)]
        rows.append([name, *figures, f"{most}", *met])
    return _table(["median / p95", "waited ms", "CPU ms", "target p95", "met, waited", "met, CPU"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench-desk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000, metavar="N", help="generated (10,000)")
    parser.add_argument("--rounds", type=int, default=10, help="of each operation (10)")
    parser.add_argument(
        "--data-dir", type=Path, help="keeps the archive here, and takes it from here the next time"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xinwenku-bench-") as folder:
        data_dir = options.data_dir or Path(folder)
        set_environment("benchmarks.floor.settings", data_dir)
        prepare(data_dir, options.articles)
        told = machine()
        taken, characters, cards = measure(options.rounds)
    print(
        f"Measured on {told['date']}: {told['processor']}, {told['cores']} cores, {told['memory_gb']} GB, "
        f"{told['system']}, Python {told['python']}; load when it began {told['load_at_start']:.1f}. "
        f"{options.articles:,} articles; a paste of {characters:,} characters, {cards} cards; "
        f"{options.rounds} rounds.\n"
    )
    print(table(taken))


if __name__ == "__main__":
    main()
