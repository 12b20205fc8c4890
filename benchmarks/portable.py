"""Measures the portable archive in Chromium: `python -m benchmarks.portable [ARTICLES]` (10,000 when not given).

Writes the file from generated weeks, opens it as file://, and asks for words, codes, single characters and runs that
stand nowhere. In milliseconds: by the clock, which on a machine that does other things says how busy it is, too, and of
opening also what the page's thread computed.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from archive.timeline import days_text
from benchmarks.corpus import ARTICLES_A_WEEK, weeks
from search.portable.issue import PortableIssue
from search.portable.page import write_archive

QUERIES = (
    "HBM4",
    "台积电 先进封装",
    "的",
    "光刻",
    "CoWoS-L",
    "没有这一串字的地方",
    '"资本开支"',
    "ａｒｍ",
    "存储芯片 良率",
    "2.5D",
)
ROUNDS = 5


def issues(articles: int) -> Iterator[PortableIssue]:
    """Yields generated weeks with so many articles in all, newest first."""
    number = 0
    for week in weeks(-(-articles // ARTICLES_A_WEEK)):
        rows = []
        for position, article in enumerate(week.articles, start=1):
            number += 1
            rows.append([number, position, article.title, "", "", "\n".join(article.paragraphs), 0])
        dates = days_text(week.start_date, week.end_date)
        yield PortableIssue(str(week.end_date), week.title, dates, week.columnist, "", "", tuple(rows))


def open_file(page: Page, path: Path) -> tuple[float, float, float]:
    """Returns after how many milliseconds the first page was there, and the search ready; and the CPU time of both."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached", timeout=120_000)
    opened, ready = (page.locator("html").get_attribute(f"data-{name}") for name in ("open", "ready"))
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(opened or "nan"), float(ready or "nan"), 1000 * metrics["TaskDuration"]


def search(page: Page, query: str) -> tuple[float, str]:
    """Returns how many milliseconds a search took in the page, and what it says to have found."""
    page.goto(f"{page.url.partition('#')[0]}#q=")
    page.goto(f"{page.url.partition('#')[0]}#q={query}")
    page.wait_for_selector("h1.found")
    took = page.locator("#main").get_attribute("data-took")
    return float(took or "nan"), page.inner_text("h1.found")


def main(arguments: Sequence[str] | None = None) -> None:
    from tests.browser.chromium import launch  # its Chromium is the one of the browser tests

    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("articles", type=int, nargs="?", default=10_000)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "archive.html"
        written = write_archive(path, issues(chosen.articles), "芯闻库", "测试")
        data = path.read_bytes()
        packed = b64encode(gzip.compress(data, 6))
        print(
            f"{written.articles:,} articles in {written.issues:,} issues: {len(data) / 1024**2:.1f} MB",
            end="",
        )
        print(f" (as gzip in base64: {len(packed) / 1024**2:.1f} MB)")
        browser = launch(playwright)
        times = []
        for _ in range(ROUNDS):
            page = browser.new_page()
            times.append(open_file(page, path))
            page.close()
        print(
            "open:   first page {:.0f} ms, search ready {:.0f} ms, of these CPU {:.0f} ms".format(
                *map(median, zip(*times, strict=True))
            ),
            f"(medians of {ROUNDS})",
        )
        page = browser.new_page()
        open_file(page, path)
        for query in QUERIES:
            asked = [search(page, query) for _ in range(ROUNDS)]
            slowest = max(took for took, _ in asked)
            print(
                f"search: {median(took for took, _ in asked):6.1f} ms, at most {slowest:6.1f}  {query}: {asked[0][1]}"
            )
        browser.close()


if __name__ == "__main__":
    main()
