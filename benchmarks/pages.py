"""Measures whole pages beside the floor of the same gunicorn, and how many new ones it makes a second.

    make bench-pages                    the demo archive: a minute or two
    make bench-pages ARTICLES=10000     a generated one

    /floor     Django without middleware, a view of the benchmark's own
    /healthz   the site's cheapest answer, through all its middleware
    page       × what they take; made anew: no address was ever asked for before, so that none comes as it was kept

One client asks for every kind of page in turn, in another order each round, so that other work on the machine hits all
alike. Beside the time that the client waits stands the processor's time of the workers, which other work hardly
changes: it decides whether a target is met. On a quiet machine the two ratios are alike, and waiting is the lower one.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import random
import resource
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import quote

from benchmarks.corpus import CLASSES
from benchmarks.processes import ANEW, REQUEST_SECONDS, ROOT, Server, set_environment
from benchmarks.speed import machine

SETTINGS, APPLICATION = "benchmarks.floor.settings", "benchmarks.floor.wsgi"
FLOOR, HEALTH = "floor (Django alone)", "/healthz"
CLIENTS = (8, 50)
READ = 5
"""So many articles, issues and topics are asked for in turn; only the first time, their parts are made."""
WARM_UP = 6
"""Rounds before the first one that counts: what a process reads once is read, and what is kept is kept."""
WEEK = ROOT / "fixtures" / "weeks" / "2025-02-14.txt"
"""What lies on the desk."""


class Made(NamedTuple):
    """What of the archive can be asked for."""

    queries: list[str]
    articles: list[int]
    issues: list[str]
    topics: list[str]
    session: str
    """Of an editor who may do all."""


class Kind(NamedTuple):
    """A kind of page. `paths` never ends."""

    name: str
    paths: Iterator[str]
    most: float | None = None
    """The target: so many times the floor."""
    status: int = 200
    anew: bool = False
    editor: bool = False
    headers: dict[str, str] = {}


class Taken(NamedTuple):
    """Milliseconds of one request."""

    waited: float
    worked: float


def kinds(made: Made, chance: random.Random) -> list[Kind]:
    """Returns the kinds of pages with their targets."""
    queries = chance.sample(made.queries, len(made.queries))

    def each(pattern: str, values: list[str] | list[int]) -> Iterator[str]:
        return itertools.cycle([pattern.format(value) for value in chance.sample(values, len(values))])

    def one(path: str) -> Iterator[str]:
        return itertools.repeat(path)

    searched = each("/search/?q={}", [quote(query) for query in queries])
    kept_search = f"/search/?q={quote(queries[0])}"
    return [
        Kind(FLOOR, one("/floor")),
        Kind(HEALTH, one("/healthz")),
        Kind("search, a new query", searched, 5, anew=True),
        Kind("article", each("/articles/{}/", made.articles[:READ]), 4, anew=True),
        Kind("article, never seen before", each("/articles/{}/", made.articles[READ:]), None, anew=True),
        Kind("issue", each("/issues/{}/", made.issues[:READ]), 4, anew=True),
        Kind("topic", each("/topics/{}/", made.topics[:READ]), 4, anew=True),
        Kind("trends", one("/trends/"), 4, anew=True),
        Kind("trends of a query", each("/trends/?q={}", [quote(query) for query in queries]), 4, anew=True),
        Kind("home", one("/"), 4, anew=True),
        Kind("list of issues", one("/issues/"), 4, anew=True),
        Kind("kept: search", one(kept_search), 2),
        Kind("kept: article", one(f"/articles/{made.articles[0]}/"), 2),
        Kind("404: no such page", one("/nothing/here/"), 2, 404),
        Kind("404: no such article", one("/articles/999999999/"), 2, 404, anew=True),
        Kind("400: a foreign host", one("/"), 2, 400, headers={"Host": "elsewhere.invalid"}),
        Kind("desk, a week open", one("/admin/desk/"), 10, editor=True),
        Kind("admin: first page", one("/admin/"), 10, editor=True),
        Kind("admin: issues", one("/admin/archive/issue/"), 10, editor=True),
        Kind("admin: terms", one("/admin/glossary/term/"), 10, editor=True),
        Kind(
            "admin: an article", each("/admin/archive/article/{}/change/", made.articles), None, editor=True
        ),
        Kind("article, logged in", each("/articles/{}/", made.articles[:READ]), None, editor=True),
    ]


class Asking:
    """A connection that stays open, and so is answered by one worker."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=REQUEST_SECONDS)
        self._headers = headers

    def get(self, path: str, headers: dict[str, str], status: int = 200) -> int:
        """Returns how many bytes the page has. Raises RuntimeError for another status."""
        self._connection.request("GET", path, headers={**self._headers, **headers})
        response = self._connection.getresponse()
        content = response.read()
        if response.status != status:
            raise RuntimeError(f"{path} was answered with status {response.status}")
        return len(content)

    def close(self) -> None:
        self._connection.close()


def ask_in_turns(
    server: Server, asked: list[Kind], made: Made, rounds: int, gzip: bool
) -> dict[str, list[Taken]]:
    """Asks for each kind once a round, in another order each time."""
    taken: dict[str, list[Taken]] = defaultdict(list)
    asking = Asking(server.port, {"Accept-Encoding": "gzip"} if gzip else {"Accept-Encoding": "identity"})
    chance = random.Random(0)
    for number in range(WARM_UP + rounds):
        for kind in chance.sample(asked, len(asked)):
            headers = {**(ANEW if kind.anew else {}), **kind.headers}
            if kind.editor:
                headers["Cookie"] = f"sessionid={made.session}"
            path = next(kind.paths)
            worked, began = server.worked(), time.perf_counter()
            asking.get(path, headers, kind.status)
            waited, worked = time.perf_counter() - began, server.worked() - worked
            if number >= WARM_UP:
                taken[kind.name].append(Taken(waited * 1000, worked * 1000))
    asking.close()
    return taken


class Load(NamedTuple):
    """What some clients had of a server in some seconds."""

    times: list[float]
    """Milliseconds."""
    by_client: list[int]
    errors: list[str]
    seconds: float
    client_cpu: float


def load(port: int, queries: list[str], clients: int, seconds: float) -> Load:
    """Has so many clients ask for new pages of results, one after the other, each over its own connection."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    times: list[list[float]] = [[] for _ in range(clients)]
    errors: list[str] = []
    began = time.perf_counter()

    def ask(client: int) -> None:
        asking = Asking(port, {"Accept-Encoding": "identity"})
        mine = random.Random(client).sample(queries, len(queries))
        for query in itertools.cycle(mine):
            asked = time.perf_counter()
            if asked - began > seconds:
                break
            try:
                asking.get(f"/search/?q={quote(query)}", ANEW)
            except (OSError, http.client.HTTPException, RuntimeError) as error:
                errors.append(repr(error))
                asking.close()
            else:
                times[client].append((time.perf_counter() - asked) * 1000)
        asking.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Load([one for some in times for one in some], [len(some) for some in times], errors, took, cpu)


def prepare(data_dir: Path, articles: int) -> Made:
    """Makes the archive in a folder, unless it is there. Runs in a process of its own."""
    set_environment(SETTINGS, data_dir)
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from archive.models import Article, Issue
    from benchmarks import archive
    from glossary.models import Term

    if not (data_dir / "db.sqlite3").exists():
        archive.prepare()
        if articles:
            archive.make(articles, 1)
            call_command("import_glossary", verbosity=0)
        else:
            call_command("import_glossary", verbosity=0)
            call_command("import_issues", "fixtures/weeks", publish=True, verbosity=0)
        call_command("rebuild_index", verbosity=0)
    user, _ = get_user_model().objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    client.post("/admin/desk/open/", {"text": WEEK.read_text(encoding="utf-8")})
    published = Article.objects.published()
    texts = [article.text for article in published.order_by("pk")[: archive.SAMPLED_ARTICLES]]
    topics = Term.objects.filter(mentions__isnull=False).order_by("pk").distinct()
    return Made(
        queries=_queries(texts),
        articles=[*published.order_by("-pk").values_list("pk", flat=True)[:300]],
        issues=[*Issue.objects.published().values_list("slug", flat=True)[:50]],
        topics=[*topics.values_list("slug", flat=True)[:50]],
        session=client.cookies["sessionid"].value,
    )


def _queries(texts: list[str]) -> list[str]:
    """Some hundred queries of all classes."""
    from benchmarks import corpus

    made = corpus.queries(corpus.statistics(texts), texts, 60, corpus.SEED)
    by_kind = {kind: [query.text for query in made if query.kind == kind] for kind in CLASSES}
    return [text for several in itertools.zip_longest(*by_kind.values()) for text in several if text]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def budget(asked: list[Kind], taken: dict[str, list[Taken]]) -> str:
    """The table of pages: each beside the floor, in the client's waiting and in the workers' processor time."""
    waited = {name: [one.waited for one in several] for name, several in taken.items()}
    worked = {name: [one.worked for one in several] for name, several in taken.items()}
    rows = []
    for kind in asked:
        mine, ours = median(waited[kind.name]), median(worked[kind.name])
        ratios = [mine / median(waited[HEALTH]), ours / median(worked[HEALTH])]
        rows.append(
            [
                kind.name,
                f"{mine:.1f} / {_p95(waited[kind.name]):.1f}",
                f"{ours:.1f} / {_p95(worked[kind.name]):.1f}",
                f"{ours / median(worked[FLOOR]):.1f}",
                *(f"{ratio:.1f}" for ratio in ratios),
                f"{kind.most:g}" if kind.most else "",
                ("yes" if ratios[1] <= kind.most else "**no**") if kind.most else "",
            ]
        )
    head = [
        "median / p95",
        "waited ms",
        "CPU ms",
        "CPU × Django alone",
        "waited × /healthz",
        "CPU × /healthz",
        "target ×",
        "met",
    ]
    return _table(head, rows)


def throughput(server: Server, queries: list[str], seconds: float) -> str:
    """The table of many clients, who are threads of another process."""
    rows = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for clients in CLIENTS:
            before = server.worked()
            one = pool.submit(load, server.port, queries, clients, seconds).result()
            worked = server.worked() - before
            times = sorted(one.times)
            rows.append(
                [
                    str(clients),
                    f"{len(times) / one.seconds:.0f}",
                    f"{median(times):.0f}",
                    f"{times[int(len(times) * 0.99)]:.0f}",
                    f"{worked / len(times) * 1000:.1f}",
                    f"{worked / one.seconds:.2f}",
                    f"{one.client_cpu / one.seconds:.2f}",
                    f"{min(one.by_client)}–{max(one.by_client)}",
                    str(len(one.errors)),
                ]
            )
    head = [
        "clients",
        "pages a second",
        "median ms",
        "p99",
        "CPU ms a page",
        "cores of the workers",
        "cores of the clients",
        "pages of a client",
        "errors",
    ]
    return _table(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench-pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles", type=int, default=0, metavar="N", help="generated ones (0: the demo weeks)"
    )
    parser.add_argument("--rounds", type=int, default=60, help="requests of each kind (60)")
    parser.add_argument("--seconds", type=float, default=10, help="of each load (10); 0 leaves it out")
    parser.add_argument("--gzip", action="store_true", help="asks for pages as a browser does, compressed")
    parser.add_argument("--only", help="kinds whose name has this, beside the floor")
    parser.add_argument(
        "--data-dir", type=Path, help="keeps the archive here, and takes it from here the next time"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xinwenku-bench-") as folder:
        data_dir = options.data_dir or Path(folder)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            made = pool.submit(prepare, data_dir, options.articles).result()
        asked = [
            kind
            for kind in kinds(made, random.Random(1))
            if not options.only or options.only in kind.name or kind.name in (FLOOR, HEALTH)
        ]
        told = machine()
        print(
            f"Measured on {told['date']}: {told['processor']}, {told['cores']} cores, {told['memory_gb']} GB, "
            f"{told['system']}, Python {told['python']}; load when it began {told['load_at_start']:.1f}. "
            f"{f'{options.articles:,} generated' if options.articles else 'The demo'} articles, {options.rounds} rounds"
            f"{', compressed' if options.gzip else ''}.\n"
        )
        with Server(APPLICATION, SETTINGS, data_dir) as server:
            print(budget(asked, ask_in_turns(server, asked, made, options.rounds, options.gzip)), flush=True)
            if options.seconds:
                print(f"\n{throughput(server, made.queries, options.seconds)}")


if __name__ == "__main__":
    main()
