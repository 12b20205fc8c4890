"""Formats a benchmark run as Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from statistics import median
from typing import Any

from benchmarks.corpus import CLASSES

OURS, ANEW, PAGE, FTS5, TANTIVY, STOCK = "ours", "ours, anew", "ours, find()", "FTS5", "tantivy", "stock"
Row = Sequence[object]


def markdown(results: dict[str, Any]) -> str:
    """Returns everything that was measured as tables, and which targets were met."""
    machine = results["machine"]
    parts = [
        f"Measured on {machine['date']}: {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, "
        f"{machine['system']}, Python {machine['python']}; load when it began {machine['load_at_start']:.1f}."
    ]
    if len(results["runs"]) > 1:
        parts.append(_growth(results["runs"]))
    for run in results["runs"]:
        parts += [
            f"### {run['articles']:,} articles",
            _table(["the archive", ""], run["corpus"]),
            "Index",
            _index(run),
            "Engine, a word read for the first time: median / p95 in ms of the processor",
            _engine(run, "cold"),
            "Engine, warm (*ours* may remember the answer, *ours, anew* may not): median / p95 in ms of the processor",
            _engine(run, "warm"),
            "Articles found, all queries of a class together",
            _hits(run),
            "Whole pages through gunicorn, in ms",
            _pages(run),
            "Targets",
            _targets(run),
        ]
    return "\n\n".join(parts) + "\n"


def _index(run: dict[str, Any]) -> str:
    index, change = run["index"], run["change_s"]
    ours = index[OURS]["build_s"]
    return _table(
        ["", "build s", "processor s", "× ours", "size MB", "one change searchable s, median / worst"],
        [
            (
                name,
                f"{index[name]['build_s']:.1f}",
                f"{index[name]['processor_s']:.1f}",
                f"{index[name]['build_s'] / ours:.2f}",
                f"{index[name]['bytes'] / 1e6:.1f}",
                f"{median(change[name]):.3f} / {max(change[name]):.3f}",
            )
            for name in index
        ],
    )


def builds(built: dict[str, dict[str, float]]) -> str:
    """Returns what building each index took (benchmarks.build) as a table."""
    ours = built[OURS]["processor_s"]
    return _table(
        ["", "build s", "processor s", "× ours", "peak MB", "size MB"],
        [
            (
                name,
                f"{measured['build_s']:.1f}",
                f"{measured['processor_s']:.1f}",
                f"{measured['processor_s'] / ours:.2f}",
                f"{measured['peak_mb']:.0f}",
                f"{measured['bytes'] / 1e6:.1f}",
            )
            for name, measured in built.items()
        ],
    )


def _engine(run: dict[str, Any], state: str) -> str:
    times = run["engine"]["times_ms"]
    others = [name for name in (FTS5, TANTIVY) if name in times]
    rows = []
    for kind in [*CLASSES, "all"]:
        of_kind = {name: _of_kind(times[name][state], kind) for name in times}
        if not of_kind[OURS]:
            continue
        row = [kind, *(_median_and_p95(of_kind[name]) for name in times)]
        row += [f"{_ratio(of_kind[OURS], of_kind[name]):.2f}" for name in others]
        if STOCK in times:
            row.append(f"{_ratio(of_kind[STOCK], of_kind[OURS]):.0f}")
        rows.append(row)
    heads = ["", *times, *(f"ours ÷ {name}" for name in others)]
    return _table([*heads, "stock ÷ ours"] if STOCK in times else heads, rows)


def _hits(run: dict[str, Any]) -> str:
    hits = run["engine"]["hits"]
    names = [name for name in run["engine"]["times_ms"] if name not in (ANEW, PAGE)]
    return _table(
        ["", *names], [(kind, *(f"{hits[kind][name]:,}" for name in names)) for kind in hits if hits[kind]]
    )


def _pages(run: dict[str, Any]) -> str:
    pages = run["pages"]
    rows = []
    for name, measured in pages.items():
        for case, times in measured["times_ms"].items():
            state, clients = case.split(", ")
            against = pages[OURS]["times_ms"][case]
            rows.append(
                (
                    name,
                    state,
                    clients,
                    *(f"{_percentile(times, share):.1f}" for share in (0.5, 0.95, 0.99)),
                    "" if name == OURS else f"{_ratio(times, against):.0f}",
                )
            )
    memory = [
        f"{name}: {max(worker['rss'] for worker in measured['memory_mb']):.0f} MB resident in the larger worker, "
        f"{max(worker['private'] for worker in measured['memory_mb']):.0f} MB its own alone, "
        f"{max(worker['shared'] for worker in measured['memory_mb']):.0f} MB shared"
        for name, measured in pages.items()
    ]
    table = _table(["", "state", "clients", "median", "p95", "p99", "× ours"], rows)
    after = "after that, of ours after 1,000 different searches more"
    return f"{table}\n\nMemory of a worker {after}: {'; '.join(memory)}."


def _targets(run: dict[str, Any]) -> str:
    times, pages = run["engine"]["times_ms"], run["pages"]
    rows = [
        _target(
            f"engine {state} ≤ {limit:g} × {name}" + (", no answer kept" if ours == ANEW else ""),
            _ratio(_of_kind(times[ours][state], "all"), _of_kind(times[name][state], "all")),
            limit,
        )
        for ours, state, name, limit in (
            (OURS, "cold", FTS5, 2),
            (OURS, "warm", TANTIVY, 2),
            (ANEW, "warm", TANTIVY, 2),
        )
        if ours in times and name in times
    ]
    if FTS5 in times:
        ratios = {
            kind: _ratio(times[OURS]["cold"][kind], times[FTS5]["cold"][kind]) for kind in times[OURS]["cold"]
        }
        worst = max(ratios, key=ratios.__getitem__)
        rows.append(_target(f"engine cold ≤ 2 × FTS5 in the worst class ({worst})", ratios[worst], 2))
    cold = median(_of_kind(times[OURS]["cold"], "all"))
    rows.append(_target("first query of a process ≤ 3 × cold", median(times[OURS]["first"]["all"]) / cold, 3))
    rows.append(
        _target("first query after a change ≤ 3 × cold", median(run["first_after_change_ms"]) / cold, 3)
    )
    if FTS5 in run["index"]:
        build = run["index"][OURS]["build_s"] / run["index"][FTS5]["build_s"]
        rows.append(_target("build ≤ 1.3 × FTS5", build, 1.3))
    rows.append(_target("one change searchable in ≤ 0.1 s", median(run["change_s"][OURS]), 0.1))
    private = max(worker["private"] for worker in pages[OURS]["memory_mb"])
    rows.append(_target("≤ 80 MB of a worker's own", private, 80))
    rows.append(_target("a worker starts in ≤ 1 s", pages[OURS]["worker_starts_s"], 1))
    rows.append(_target("cold page p95 ≤ 100 ms", _percentile(pages[OURS]["times_ms"]["cold, 1"], 0.95), 100))
    if STOCK in pages:
        build = run["index"][STOCK]["build_s"] / run["index"][OURS]["build_s"]
        rows.append(_target("build ≥ 5 times as fast as stock", build, 5, at_least=True))
        # Stock keeps no pages: ours that were kept are beside what stock takes for asking the same again.
        for state, of_stock, limit in (("cold", "cold", 30), ("warm", "warm", 100), ("kept", "warm", 100)):
            ratio = _ratio(pages[STOCK]["times_ms"][f"{of_stock}, 1"], pages[OURS]["times_ms"][f"{state}, 1"])
            rows.append(
                _target(f"page {state} ≥ {limit} times as fast as stock", ratio, limit, at_least=True)
            )
    return _table(["target", "measured", "met"], rows)


def _target(name: str, measured: float, limit: float, *, at_least: bool = False) -> Row:
    is_met = measured >= limit if at_least else measured <= limit
    return name, f"{measured:.2f}", "yes" if is_met else "**no**"


def _growth(runs: list[dict[str, Any]]) -> str:
    rows = []
    for run in runs:
        pages = run["pages"][OURS]
        for name in (name for name in (OURS, FTS5, TANTIVY) if name in run["index"]):
            times = run["engine"]["times_ms"][name]
            rows.append(
                (
                    f"{run['articles']:,}",
                    name,
                    f"{run['index'][name]['build_s']:.1f}",
                    f"{run['index'][name]['bytes'] / 1e6:.0f}",
                    f"{median(run['change_s'][name]):.3f}",
                    _median_and_p95(_of_kind(times["cold"], "all")),
                    _median_and_p95(_of_kind(times["warm"], "all")),
                    f"{_percentile(pages['times_ms']['cold, 1'], 0.95):.1f}" if name == OURS else "",
                    f"{max(worker['private'] for worker in pages['memory_mb']):.0f}" if name == OURS else "",
                )
            )
    heads = [
        "articles",
        "",
        "build s",
        "size MB",
        "change s",
        "cold ms",
        "warm ms",
        "cold page p95 ms",
        "MB of a worker's own",
    ]
    return _table(heads, rows)


def _of_kind(times: dict[str, list[float]], kind: str) -> list[float]:
    return [*chain.from_iterable(times.values())] if kind == "all" else times.get(kind, [])


def _ratio(times: Sequence[float], against: Sequence[float]) -> float:
    return median(times) / median(against)


def _median_and_p95(times: Sequence[float]) -> str:
    return f"{median(times):.2f} / {_percentile(times, 0.95):.2f}" if times else ""


def _percentile(times: Sequence[float], share: float) -> float:
    """The smallest time that at least this share of all is no longer than."""
    return sorted(times)[max(0, -int(-share * len(times) // 1) - 1)]


def _table(heads: Row, rows: Sequence[Row]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
