"""Measures in Chromium what a member waits for on a phone with a slow connection and a slow processor.

    make bench-phone                   every page that members see, of the demo archive

    first paint    milliseconds from the request, over 400 ms of latency and 50 KB a second, with nothing kept
    again          the same when it is opened once more: its style sheets are there, and what did not change is not sent
    shift          how much of the page moves while it loads (CLS)
    long task      the longest that the page did not answer, the processor being four times as slow; tasks over 50 ms

The bare page is one sentence with one style sheet: like any page, it waits for the latency twice.
Chromium itself slows the connection and the processor (CDP). A machine that does other things makes tasks longer and
the paint later: the load when it began stands above the table.
"""

from __future__ import annotations

import argparse
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.pages import APPLICATION, SETTINGS, Made, _table, prepare
from benchmarks.processes import Server
from benchmarks.speed import machine
from tests.browser.chromium import HOW_TO_INSTALL, find_chromium, launch

LATENCY_MS, BYTES_A_SECOND, SLOWER = 400, 50 * 1024, 4
FIRST_PAINT_MS, SHIFT, LONG_TASK_MS = 1200, 0.0, 50
"""The targets."""
PHONE = {"width": 390, "height": 844}
SETTLE_MS = 1500
"""How long a page is watched after it was loaded."""
WATCH = """
window.seen = {shift: 0, tasks: []};
new PerformanceObserver(list => list.getEntries().forEach(one => { if (!one.hadRecentInput) seen.shift += one.value; }))
  .observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(one => seen.tasks.push(one.duration)))
  .observe({type: "longtask", buffered: true});
"""
READ = """() => ({
  paint: (performance.getEntriesByName("first-contentful-paint")[0] || {startTime: NaN}).startTime,
  bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, one) => sum + one.transferSize, 0),
  ...seen,
})"""


class Seen(NamedTuple):
    """What a page did."""

    paint: float
    kilobytes: float
    shift: float
    tasks: list[float]


def paths(made: Made) -> dict[str, str]:
    """Returns the pages that members see, by name, and before them the least that a page can be."""
    article = made.articles[0]
    return {
        "bare page, one sheet": "/floor/page",
        "home": "/",
        "issues": "/issues/",
        "issue": f"/issues/{made.issues[0]}/",
        "whole issue": f"/issues/{made.issues[0]}/?read=all",
        "article": f"/articles/{article}/",
        "article of a search": f"/articles/{article}/?q=HBM",
        "search": "/search/?q=HBM",
        "search, nothing": "/search/?q=绝无此词",
        "search, no query": "/search/",
        "search help": "/search/help/",
        "topics": "/topics/",
        "topic": f"/topics/{made.topics[0]}/",
        "trends": "/trends/?q=HBM&q=台积电",
        "following": "/following/",
        "basket": "/basket/",
        "feed": "/feeds/issues.atom",
        "log-in": "/account/login/",
        "privacy": "/privacy/",
        "API": "/api/v1/docs",
        "no such page": "/no-such-page/",
    }


def look(page: Page, address: str) -> Seen:
    """Opens a page and watches it."""
    page.goto(address, wait_until="load", timeout=120_000)
    page.wait_for_timeout(SETTLE_MS)
    told: dict[str, Any] = page.evaluate(READ)
    return Seen(told["paint"], told["bytes"] / 1024, told["shift"], told["tasks"])


def measure(browser: Browser, base: str, path: str) -> tuple[Seen, Seen]:
    """Opens a page as the first one of a site, and once more."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=3, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("Network.enable")
    slow = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND}
    devices.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": BYTES_A_SECOND})
    devices.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    first = look(page, base + path)
    again = look(page, base + path)
    context.close()
    return first, again


def row(name: str, first: Seen, again: Seen) -> list[str]:
    longest = max([*first.tasks, *again.tasks], default=0)
    shift = max(first.shift, again.shift)
    met = {
        "paint": first.paint <= FIRST_PAINT_MS,
        "shift": shift <= SHIFT,
        "task": longest <= LONG_TASK_MS,
    }
    missed = [name for name, is_met in met.items() if not is_met]
    return [
        name,
        f"{first.paint:.0f}",
        f"{again.paint:.0f}",
        f"{first.kilobytes:.0f}",
        f"{shift:.3f}",
        f"{longest:.0f} ({len([one for one in first.tasks if one > LONG_TASK_MS])})",
        f"**no**: {', '.join(missed)}" if missed else "yes",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench-phone", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles", type=int, default=0, metavar="N", help="generated ones (0: the demo weeks)"
    )
    parser.add_argument("--only", default="", help="pages whose name has this")
    parser.add_argument(
        "--data-dir", type=Path, help="keeps the archive here, and takes it from here the next time"
    )
    options = parser.parse_args()
    if find_chromium() is None:
        parser.exit(2, f"No Chromium was found. To have one: {HOW_TO_INSTALL}\n")
    with tempfile.TemporaryDirectory(prefix="xinwenku-bench-") as folder:
        data_dir = options.data_dir or Path(folder)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            made = pool.submit(prepare, data_dir, options.articles).result()
        told = machine()
        print(
            f"Measured on {told['date']}: {told['processor']}, {told['cores']} cores, {told['memory_gb']} GB, "
            f"{told['system']}; load when it began {told['load_at_start']:.1f}.\n"
        )
        with Server(APPLICATION, SETTINGS, data_dir) as server, sync_playwright() as playwright:
            browser = launch(playwright)
            rows = [
                row(name, *measure(browser, f"http://127.0.0.1:{server.port}", path))
                for name, path in paths(made).items()
                if options.only in name
            ]
            browser.close()
    head = ["page", "first paint ms", "again", "KB", "shift", "longest task ms (over 50)", "met"]
    print(_table(head, rows))


if __name__ == "__main__":
    main()
