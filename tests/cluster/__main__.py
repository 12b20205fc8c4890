"""`make test-cluster`: a site on several hosts, its parts killed, cut off and replaced while it is read and written.

    python -m tests.cluster                          each fault once, some three minutes
    python -m tests.cluster --seconds 600 --judge    for ten minutes, and pauses of searches are judged
    python -m tests.cluster --only upgrade           the faults whose name has this word

Prints a table, and exits with 1 when something was lost or wrong. How long a search took is judged by --judge alone: on a
machine that has other things to do, that says nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time

from tests.cluster import network
from tests.cluster.deployment import Deployment, deployment, fetch_programs
from tests.cluster.faults import FAULTS, Fault
from tests.cluster.load import CALM, EDITORS, SAVES_A_SECOND, SEARCHES_A_SECOND, Answered, Load
from tests.cluster.report import Stored, figures, rows, together
from tests.cluster.starting import CanNotStart
from tests.faults.editor import Editor

CALM_SECONDS = 3.0
TITLE = "集群测试周报"
MAKE_ISSUES = f"""
import datetime as dt
from archive.importing import import_week
from archive.models import Issue
from archive.week import Week, WeekArticle
for number in range({EDITORS}):
    day = dt.date(2019, 1, 4 + 7 * number)
    import_week(Week("{TITLE}", day, day, (WeekArticle("开头", html="<p>开头。</p>"),)), publish=True)
print(*Issue.objects.filter(title="{TITLE}").values_list("pk", flat=True))
"""
COMPARE = f"""
import json
from archive.models import Article
from search.indexing import sync
from search.indexing.comparison import compare
sync.drain()
found = compare()
titles = Article.objects.published().filter(issue__title="{TITLE}").values_list("title", flat=True)
missing = len(found.missing) + len(found.stale)
surplus = len(found.surplus) + len(found.drafts) + len(found.duplicated) + found.unknown
print(json.dumps([missing, surplus, [*titles]]))
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make test-cluster", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--seconds", type=float, default=0, help="for so long at least, from the first fault again"
    )
    parser.add_argument("--fault-seconds", type=float, default=6, help="how long each fault lasts (6)")
    parser.add_argument("--only", default="", metavar="WORD", help="only faults whose name has it")
    parser.add_argument("--searches", type=float, default=SEARCHES_A_SECOND, help="a second (20)")
    parser.add_argument("--saves", type=float, default=SAVES_A_SECOND, help="a second (2)")
    parser.add_argument("--judge", action="store_true", help="fails when a search took longer than it may")
    options = parser.parse_args()
    try:
        fetch_programs()
        if network.INSIDE not in os.environ and network.may_enter():
            network.enter("tests.cluster", sys.argv[1:])
        with network.network() as made, deployment(made) as site:
            chosen = [fault for fault in FAULTS if options.only in fault.name]
            for fault in chosen:
                if fault.needs_cables and not made.has_cables:
                    print(f"LEFT OUT, for want of network namespaces (root): {fault.name}")
            chosen = [fault for fault in chosen if made.has_cables or not fault.needs_cables]
            return run(site, chosen, options)
    except CanNotStart as error:
        is_required = os.environ.get("XWK_REQUIRE_CLUSTER") == "1"
        print(f"{'XWK_REQUIRE_CLUSTER=1, and' if is_required else 'LEFT OUT:'} {error}", file=sys.stderr)
        return 1 if is_required else 0


def run(site: Deployment, faults: list[Fault], options: argparse.Namespace) -> int:
    """Does everything to the site, under load, and prints what came of it. Returns 1 when that is not as promised."""
    issues = [int(pk) for pk in site.apps[0].run_python(MAKE_ISSUES).split()]
    address = site.url.removeprefix("http://")
    editors = [Editor(site.apps[0], f"cluster{number}", address) for number in range(EDITORS)]
    load = Load(address, editors, issues, options.searches, options.saves)
    began = time.monotonic()
    with load.running():
        time.sleep(CALM_SECONDS)
        while True:
            for fault in faults:
                phase = load.begin(fault.name, database_is_away=fault.database_is_away)
                started = time.monotonic()
                fault.happen(site, options.fault_seconds)
                load.begin(CALM)
                say(phase, time.monotonic() - started)
                time.sleep(CALM_SECONDS)
            if time.monotonic() - began >= options.seconds:
                break
    missing, surplus, titles = json.loads(site.apps[0].run_python(COMPARE))
    kept = [text.text for text in load.texts if not text.is_deleted]
    stored = Stored(
        lost=[text for text in kept if text not in titles],
        twice=[text for text in {*titles} if text != "开头" and titles.count(text) > 1],
        deleted_yet_there=[text.text for text in load.texts if text.is_deleted and text.text in titles],
        missing=missing,
        surplus=surplus,
    )
    phases = together(load.phases)
    found = [*figures(phases, stored, judges_times=options.judge)]
    print(
        f"\n{options.searches:g} searches and {options.saves:g} saves a second",
        "",
        *rows(phases),
        "",
        sep="\n",
    )
    for figure in found:
        value = figure.value if figure.is_met else f"**{figure.value}**"
        print(f"{figure.name}: {value}" + (f" (promised: {figure.bar})" if figure.bar else ""))
    is_met = all(figure.is_met for figure in found)
    if not is_met:
        for phase in phases.values():
            for what in (*phase.wrong[:3], *phase.errors[:3], *phase.refused[:3]):
                print(f"{phase.name}: {what}")
        for app in site.apps:
            print(f"--- {app.host.name}\n{app.log[-4000:]}")
        print(f"--- nginx\n{(site.folder / 'nginx.log').read_text(encoding='utf-8')[-4000:]}")
    return 0 if is_met else 1


def say(phase: Answered, seconds: float) -> None:
    """Tells who waits what has been done."""
    worst = max(phase.seconds, default=0)
    print(f"{phase.name} ({seconds:.0f} s): {phase.searches} searches, the longest {worst:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
