"""`make test-faults`: every run with its full counts, and the table of what came of it.

    python -m tests.faults                              all, an hour and a half on two idle cores
    python -m tests.faults kills damage --small         two of them, with CI's counts
    python -m tests.faults load --set seconds=10        with a count of your own
    python -m tests.faults --markdown docs/reliability.md    puts the table into the page

Exits 1 when a figure is not what was promised.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from benchmarks.speed import machine
from tests.faults.running import perform
from tests.faults.suites import SUITES, Suite
from tests.faults.table import RUNS, Figure, markdown

BEGIN, END = "<!-- make test-faults: begin -->\n", "<!-- make test-faults: end -->\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", nargs="*", choices=[[], *RUNS, *SUITES], help="all, unless named")
    parser.add_argument("--small", action="store_true", help="the counts of CI")
    parser.add_argument(
        "--set", action="append", default=[], metavar="COUNT=N", help="a count of the runs that have it"
    )
    parser.add_argument(
        "--in", dest="folder", type=Path, help="where the data folders are made (else in TMPDIR)"
    )
    parser.add_argument("--json", type=Path, help="keeps what was measured, adding to what is there")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="puts the table between its two marks")
    parser.add_argument(
        "--only-print", action="store_true", help="runs nothing, prints what --json FILE holds"
    )
    options = parser.parse_args()
    given = {name: float(value) for name, value in (each.split("=") for each in options.set)}
    results: dict[str, Any] = {}
    if options.json and options.json.exists():
        results = json.loads(options.json.read_text(encoding="utf-8"))
    if options.only_print and not results:
        parser.error("--only-print prints what an earlier run kept: name its file by --json FILE")
    for name in [] if options.only_print else options.runs or [*RUNS, *SUITES]:
        load, started = os.getloadavg()[0], time.monotonic()
        print(f"{name} …", file=sys.stderr, flush=True)
        if name in RUNS:
            run = RUNS[name]
            counts = run.small if options.small else run.full
            counts = {count: given.get(count, number) for count, number in counts.items()}
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                made = perform(run, counts, Path(folder))
        else:
            made = perform_suite(SUITES[name], is_small=options.small)
        results[name] = {
            "made": made,
            "load": round(load, 1),
            "seconds": round(time.monotonic() - started),
            "machine": machine(),
        }
        if options.json:
            options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    rows = []
    is_met = True
    for name, result in sorted(results.items(), key=lambda result: [*RUNS, *SUITES].index(result[0])):
        figures = _figures(name, result["made"])
        is_met &= all(figure.is_met for figure in figures)
        what = RUNS[name].what if name in RUNS else SUITES[name].what
        what = f"{what} (`{name}`; {result['seconds']} s, load before it {result['load']})"
        rows += [(what, f.name, _mark(f), f.bar) for f in figures]
    text = markdown(_head(results), rows)
    print(text)
    if options.markdown:
        page = options.markdown.read_text(encoding="utf-8")
        page = re.sub(
            re.escape(BEGIN) + ".*" + re.escape(END), lambda _: BEGIN + text + END, page, flags=re.DOTALL
        )
        options.markdown.write_text(page, encoding="utf-8")
    return 0 if is_met else 1


def _mark(figure: Figure) -> str:
    return str(figure.value) if figure.is_met else f"**{figure.value}**"


def _figures(name: str, made: dict[str, Any]) -> list[Figure]:
    if name in RUNS:
        return [*RUNS[name].figures(made)]
    return [
        Figure("tests", f"{made['passed']} passed, {made['skipped']} skipped in {made['seconds']} s"),
        Figure("failed", made["failed"], "0", not made["failed"]),
    ]


def _head(results: dict[str, Any]) -> str:
    described = [result["machine"] for result in results.values()]
    machine_ = described[-1]
    return (
        f"Printed on {machine_['date']} by the command: {machine_['processor']}, {machine_['cores']} cores, "
        f"{machine_['memory_gb']} GB, {machine_['system']}, Python {machine_['python']}. Figures that miss what was "
        "promised are in bold."
    )


def perform_suite(suite: Suite, *, is_small: bool) -> dict[str, Any]:
    """Runs tests of the whole suite, with larger counts, in a pytest of its own."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        subprocess.run(
            [*command, *suite.tests, f"--junitxml={report.name}"],
            env={**os.environ, **({} if is_small else suite.full)},
            stdout=sys.stderr,
            check=False,
        )
        [ran] = ET.parse(report.name).getroot().iter("testsuite")  # noqa: S314 - as above
    count = {name: int(ran.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"] + (0 if count["tests"] else 1)
    return {
        "passed": count["tests"] - count["failures"] - count["errors"] - count["skipped"],
        "skipped": count["skipped"],
        "failed": failed,
        "seconds": round(float(ran.get("time", 0))),
    }


if __name__ == "__main__":
    sys.exit(main())
