"""The runs, the figures that each must reach, and the table of results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure of a run, and whether it meets its bar."""

    name: str
    value: object
    bar: str = ""
    is_met: bool = True


def zero(name: str, value: Any) -> Figure:
    """A count that must be 0."""
    return Figure(name, len(value) if isinstance(value, list | dict) else value, "0", not value)


def equal(name: str, value: Any, wanted: Any) -> Figure:
    return Figure(name, value, str(wanted), value == wanted)


def below(name: str, value: float, most: float, unit: str) -> Figure:
    """A time: printed and judged, but no test depends on it, because the machine may be busy."""
    return Figure(name, f"{value:,.0f} {unit}", f"< {most:,.0f} {unit}", value < most)


def in_time(name: str, late: int) -> Figure:
    """How often something took too long: judged like a time."""
    return Figure(name, late, "< 1", not late)


def shown(name: str, value: object) -> Figure:
    return Figure(name, value)


@dataclass(frozen=True)
class Run:
    """A module of this package, called with these counts."""

    module: str
    what: str
    small: dict[str, float]
    """In CI: the same, with smaller counts."""
    full: dict[str, float]
    figures: Callable[[dict[str, Any]], Iterator[Figure]]

    @property
    def name(self) -> str:
        return self.what.split(":")[0]


def _kills(made: dict[str, Any]) -> Iterator[Figure]:
    at = ", ".join(f"{what} {count}" for what, count in made["killed_at"].items())
    yield shown("killed", f"{made['kills']} times, during: {at}")
    yield zero("committed changes lost", made["lost"] + made["not_found"])
    yield zero("surplus or withdrawn, yet found", made["surplus"] + made["leaked"])
    yield zero("corrupt databases, half backups", made["corrupt_databases"] + made["half_backups"])
    yield zero("index had to be built anew", made["built_anew"])
    yield zero("due issues not published, or twice; tasks failed", made["unpublished"] + made["tasks_failed"])
    yield in_time("lock held for more than 1 s", made["locked_for_more_than_a_second"])
    yield zero("files left over", made["folders_left"] + made["files_left"])


def _load(made: dict[str, Any]) -> Iterator[Figure]:
    yield shown("searches / saves / rebuilds", f"{made['reads']:,} / {made['saves']:,} / {made['rebuilds']}")
    yield zero("errors, lock failures among them", made["errors"])
    yield zero("answers of no committed state", made["wrong"])
    yield zero("deleted, yet found", made["deleted_yet_found"])
    yield in_time("not found 5 s after the commit", made["late"])
    yield zero("answered from the database", made["from_database"])
    yield zero("lost / surplus at the end", made["lost"] + made["surplus"])
    yield shown("search p50 / p99", f"{made['read_ms']['median']} / {made['read_ms']['p99']} ms")
    yield below("save p95", made["save_ms"]["p95"], 300, "ms")
    yield shown("save, the longest", f"{made['save_ms']['worst']} ms")


def _workers(made: dict[str, Any]) -> Iterator[Figure]:
    yield shown(
        "saved / deleted / withdrawn in the admin", f"{made['save']} / {made['delete']} / {made['withdraw']}"
    )
    yield shown("workers killed / requests cut off", f"{made['killed_workers']} / {made['interrupted']}")
    yield zero("stale, missing or surplus", made["stale"] + made["lost"] + made["surplus"])
    yield zero("deleted or withdrawn, yet found", made["deleted_yet_found"])
    yield zero("other answers than “saved”", made["other_answers"])
    yield zero("given up, tracebacks in the log", made["given_up"] + made["tracebacks"])
    yield below("save p95", made["save_ms"]["p95"], 300, "ms")
    yield below("save, the longest", made["save_ms"]["worst"], 2000, "ms")
    yield below("found after a save, p99", made["found_after_ms"]["p99"], 5000, "ms")


def _damage(made: dict[str, Any]) -> Iterator[Figure]:
    yield shown("files damaged", f"{made['files']}, {made['kinds']} kinds of file and damage")
    yield equal(
        "noticed, said, answered from the database",
        made.get("noticed, answered from the database", 0),
        made["files"],
    )
    yield equal("mended by the command that was named", made.get("mended by the command", 0), made["files"])
    yield shown("damaged below a running server", made["served"])
    yield shown("requests meanwhile", made["answers"])
    yield zero("answers of 5xx", made["errors_5xx"])
    yield zero("other results than before", made["wrong_answers"])
    yield zero("not in the log", made["not_in_the_log"])
    yield zero("lost / surplus at the end", made["lost"] + made["surplus"])
    yield shown("whole again after, median", f"{made['healed_seconds']['median']} s")
    yield below("whole again after, the longest", made["healed_seconds"]["worst"], 120, "s")


def _disks(made: dict[str, Any]) -> Iterator[Figure]:
    places = {
        "index_disk": "disk of the index full",
        "whole_disk": "disk of everything full",
        "read_only": "index read-only",
    }
    for key, place in places.items():
        of = made[key]
        if of is None:
            yield shown(place, "not run: this machine lets nobody mount a disk")
            continue
        yield shown(
            f"{place}: saves", f"{of['saves']}, of them refused as a whole: {of['saves_refused_whole']}"
        )
        yield zero(f"{place}: half saves", of["half_saves"])
        yield shown(
            f"{place}: saves in the admin that a page said are not stored", of["admin_refused_and_said"]
        )
        yield zero(f"{place}: neither stored nor said to be not", of["admin_otherwise"])
        yield zero(
            f"{place}: pages and searches of 5xx, wrong totals", of["answers_5xx"] + of["wrong_answers"]
        )
        yield zero(f"{place}: lost / surplus when there is room again", of["lost"] + of["surplus"])


def _machines(made: dict[str, Any]) -> Iterator[Figure]:
    hosts, clock, imported = made["hosts"], made["clock"], made["import"]
    yield shown("two machines: changes / rebuilds", f"{hosts['changes']} / {hosts['rebuilds']}")
    yield zero("two machines: withdrawn on one, found on the other", hosts["withdrawn_yet_found"])
    yield zero("two machines: lost / surplus", hosts["lost"] + hosts["surplus"])
    yield shown("clock: jumps of an hour to 400 days", clock["jumps"])
    yield zero("clock: lost / surplus / wrong answers", clock["lost"] + clock["surplus"] + clock["wrong"])
    yield shown(
        "import: weeks / rebuilds meanwhile / searches",
        f"{imported['weeks']} / {imported['rebuilds']} / {imported['searches']}",
    )
    yield zero("import: half a week found", imported["half_weeks"])
    yield zero("import: lost / surplus", imported["lost"] + imported["surplus"])


def _connections(made: dict[str, Any]) -> Iterator[Figure]:
    yield shown("idle / slow connections", f"{made['idle']} / {made['slow']}")
    for where, one in made["measured"].items():
        yield shown(f"{where}: answered / cut off", f"{one['ok']} / {one['cut_off']}")
        yield zero(f"{where}: other answers than 200, or none within two minutes", one["others"])
        yield below(f"{where}: p99", one["ms"]["p99"], 2000, "ms")
    yield zero("workers lost", made["workers_lost"])


def _requests(made: dict[str, Any]) -> Iterator[Figure]:
    yield shown("requests", f"{made['requests']:,}")
    yield shown("answers by status", ", ".join(f"{status}: {n:,}" for status, n in made["statuses"].items()))
    yield zero("of 5xx but 503 and 507", made["failures"])
    yield zero("without an answer", made["unanswered"])
    yield zero("errors in the log", made["errors_in_the_log"])
    yield equal("the home page afterwards", made["still_answers"], 200)
    yield zero("the index differs from the archive", made["index_differs"])
    yield below("p99", made["ms"]["p99"], 1000, "ms")
    yield shown("the longest", f"{made['ms']['worst']} ms")


RUNS = {
    "kills": Run(
        "kills",
        "kill -9: of the process that saves, replaces, withdraws, rebuilds, merges, tidies, backs up and migrates, and of "
        "the worker that publishes, backs up, drains and rebuilds",
        {"kills": 4, "worker_kills": 2},
        {"kills": 200, "worker_kills": 40},
        _kills,
    ),
    "load": Run(
        "load",
        "Load: 2 writers (2 saves a second each), 4 readers (10 searches a second each), a rebuild in the middle",
        {"seconds": 6, "articles": 200, "writers": 2, "readers": 4, "rebuilds": 1, "saves": 2, "reads": 10},
        {"seconds": 60, "articles": 2000, "writers": 2, "readers": 4, "rebuilds": 1, "saves": 2, "reads": 10},
        _load,
    ),
    "rebuilds": Run(
        "load",
        "Rebuilds: ten of them, 5 readers with 20 searches a second each, 1 writer",
        {"seconds": 6, "articles": 100, "writers": 1, "readers": 5, "rebuilds": 2, "saves": 2, "reads": 20},
        {"seconds": 60, "articles": 300, "writers": 1, "readers": 5, "rebuilds": 10, "saves": 2, "reads": 20},
        _load,
    ),
    "workers": Run(
        "workers",
        "Workers: three of gunicorn, one killed every 5 s, while two editors work in the admin",
        {"saves": 16, "deletes": 6, "withdrawals": 4, "kill_every": 3},
        {"saves": 500, "deletes": 200, "withdrawals": 100, "kill_every": 5},
        _workers,
    ),
    "connections": Run(
        "connections",
        "Connections: 200 idle ones, 50 slow ones (headers, body and reading, a byte a second), while two readers read",
        {"seconds": 5, "idle": 200, "slow": 50},
        {"seconds": 60, "idle": 200, "slow": 50},
        _connections,
    ),
    "requests": Run(
        "requests",
        "Requests: fuzzed ones over HTTP (queries, parameters, bodies, headers, cookies, uploads, methods, paths), by a "
        "stranger, a member, an editor and a chief editor",
        {"requests": 1500, "seed": 1},
        {"requests": 100_000, "seed": 1},
        _requests,
    ),
    "damage": Run(
        "damage",
        "Damage: files cut short, partly zeroed, changed by one bit, deleted",
        {"files": 10, "served": 2},
        {"files": 100, "served": 12},
        _damage,
    ),
    "disks": Run(
        "disks",
        "Disks: full ones (a tmpfs of 4 MB), and an index folder that can not be written",
        {"times": 1},
        {"times": 12},
        _disks,
    ),
    "machines": Run(
        "machines",
        "Machines: two on one database, a clock that jumps, rebuilds during an import",
        {"weeks": 8, "changes": 12, "clocks": 4},
        {"weeks": 200, "changes": 150, "clocks": 30},
        _machines,
    ),
}


def markdown(head: str, rows: list[tuple[str, str, str, str]]) -> str:
    """The table of docs/reliability.md."""
    lines = [head, "", "| run | figure | | promised |", "|---|---|---|---|"]
    before = ""
    for what, name, value, bar in rows:
        first = what if what != before else ""
        lines.append(f"| {first} | {name} | {value} | {bar} |")
        before = what
    return "\n".join(lines) + "\n"
