"""A real Chromium against a real gunicorn. Without a Chromium these tests are skipped, and the output says so."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.browser.chromium import HOW_TO_INSTALL, Watch, find_chromium, launch
from tests.browser.hostile import MAKE_HOSTILE_ARTICLES
from tests.browser.visiting import log_in
from tests.server.site import ROOT, Site, printed_password
from tests.waiting import patience

HERE = Path(__file__).parent
RESULTS = ROOT / "test-results"
"""Pictures and pages of the tests that failed. It tells git to ignore it."""
SAMPLE_WEEK = ROOT.parent / "shared" / "sample_week.txt"
PATIENCE_SECONDS = 20
"""How long a page may take to show what is expected, on a machine that has nothing else to do."""
IS_REQUIRED = os.environ.get("XWK_REQUIRE_BROWSER") == "1"
"""Then a browser test that can not run fails."""
REASON = f"no Chromium found. To run it: {HOW_TO_INSTALL}"

GIVE_SECTIONS = """
from archive.editing import save_issue
from archive.models import Issue
for issue in Issue.objects.all():
    articles = list(issue.articles.all())
    for article in articles:
        article.section = ("政策", "产业", "产业", "资源")[article.position % 4]
    save_issue(issue, articles)
"""

LOG_CHARACTERS = 4000
TASKS = """
    SELECT name, state, attempts, run_at, started_at, finished_at, substr(error, -200) FROM worker_task
    ORDER BY coalesce(finished_at, run_at) DESC LIMIT 20
"""

PAGES = pytest.StashKey[list[BrowserContext]]()
Visit = Callable[..., Page]


# --- Left out, or refused, when there is no Chromium ---------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if not ours or find_chromium():
        return
    if not IS_REQUIRED:
        for item in ours:
            item.add_marker(pytest.mark.skip(reason=REASON))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if IS_REQUIRED and find_chromium() is None:
        pytest.fail(f"XWK_REQUIRE_BROWSER=1, and {REASON}.", pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Generator[None, None, None]:
    """Says last of all, below the list of everything that was skipped, what this machine left out."""
    yield
    left_out = [
        report
        for report in terminalreporter.getreports("skipped")
        if "tests/browser/" in report.nodeid and REASON in str(report.longrepr)
    ]
    if left_out:
        files = sorted({report.nodeid.split("::")[0] for report in left_out})
        terminalreporter.write_line(
            f"LEFT OUT: {len(left_out)} browser tests ({', '.join(files)}): {REASON}", yellow=True, bold=True
        )


# --- Sites: one is set up, the others are copies of it -------------------------------------------------


@pytest.fixture(scope="package")
def prepared_site(set_up_site: tuple[Site, str]) -> tuple[Site, str]:
    """What `make run` makes of an empty folder, and the editor's password that it printed."""
    site, printed = set_up_site
    password = printed_password(printed)
    assert password is not None
    return site, password


@contextmanager
def served_copy(
    prepared_site: tuple[Site, str], folders: pytest.TempPathFactory, name: str, run_before: str = ""
) -> Iterator[Site]:
    """Serves a copy of the prepared site, after `run_before` (Python) has run there. No request may fail in it."""
    copy = prepared_site[0].copy_to(folders.mktemp(name) / "data")
    if run_before:
        copy.run_python(run_before)
    with copy.served() as site:
        yield site
    assert "Traceback" not in site.log


@pytest.fixture(scope="package")
def demo_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The twelve demo weeks, for members: nothing changes here."""
    with served_copy(prepared_site, tmp_path_factory, "demo") as site:
        yield site


@pytest.fixture(scope="package")
def sample_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks and the week in ../shared, imported and published while the site is served."""
    with served_copy(prepared_site, tmp_path_factory, "sample") as site:
        site.manage("import_issues", SAMPLE_WEEK, "--publish")
        yield site


@pytest.fixture(scope="package")
def tidy_editors_site(
    prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The twelve demo weeks, for the modules of editors that put back what they took: marked `tidy`."""
    with served_copy(prepared_site, tmp_path_factory, "tidy") as site:
        yield site


@pytest.fixture(scope="module")
def editors_site(
    request: pytest.FixtureRequest,
    prepared_site: tuple[Site, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The twelve demo weeks, for editors: what they do is met by no other module, unless they are tidy."""
    if request.node.get_closest_marker("tidy"):
        yield request.getfixturevalue("tidy_editors_site")
        return
    with served_copy(prepared_site, tmp_path_factory, "editors") as site:
        yield site


@pytest.fixture(scope="package")
def sections_site(
    prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The demo weeks, with their articles under sections."""
    with served_copy(prepared_site, tmp_path_factory, "sections", GIVE_SECTIONS) as site:
        yield site


@pytest.fixture(scope="package")
def hostile_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks, and two issues whose columnist, titles and terms are made of markup and URL characters."""
    with served_copy(prepared_site, tmp_path_factory, "hostile", MAKE_HOSTILE_ARTICLES) as site:
        yield site


# --- Visitors ------------------------------------------------------------------------------------------


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    # Of this package only: while Playwright runs, Django takes the thread for an asynchronous one.
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    """What went wrong on the pages of this test; anything fails it."""
    return Watch()


@pytest.fixture
def new_visitor(chromium: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens browser windows with cookies of their own: `new_visitor(site, width=360, color_scheme="dark")`."""
    opened = request.node.stash.setdefault(PAGES, [])
    timeout = 1000 * patience(PATIENCE_SECONDS)
    expect.set_options(timeout=timeout)
    with ExitStack() as stack:

        def open_window(site: Site, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
            context = chromium.new_context(
                base_url=site.url,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={"width": width, "height": height},
                reduced_motion="reduce",
                # A service worker fetches what no test asked for: allowed where that is what is looked at.
                **{"service_workers": "block", **options},
            )
            stack.callback(context.close)
            context.set_default_timeout(timeout)
            watch.attach(context, site.url)
            opened.append(context)
            return context.new_page()

        yield open_window
    assert watch.problems == []


@pytest.fixture(scope="package")
def cookies_at(prepared_site: tuple[Site, str], chromium: Browser) -> Callable[[Site], StorageState]:
    """The cookies of the demo editor, who logs in once at each site with the password that `set_up` printed."""

    @cache
    def log_in_at(site: Site) -> StorageState:
        with chromium.new_context(base_url=site.url, locale="zh-CN") as context:
            context.set_default_timeout(1000 * patience(PATIENCE_SECONDS))
            page = context.new_page()
            page.goto("/admin/")
            log_in(page, "editor", prepared_site[1])
            page.get_by_role("heading", name="今天要做的事", level=1).wait_for()
            return {"cookies": context.storage_state()["cookies"], "origins": []}

    return log_in_at


@pytest.fixture(scope="module")
def editors_cookies(editors_site: Site, cookies_at: Callable[[Site], StorageState]) -> StorageState:
    """The cookies of the demo editor at the editors' site."""
    return cookies_at(editors_site)


@pytest.fixture
def editor(editors_site: Site, editors_cookies: StorageState, new_visitor: Visit) -> Page:
    """A browser in which the demo editor is logged in, before the first page."""
    return new_visitor(editors_site, height=1000, storage_state=editors_cookies)


@pytest.fixture
def member(editors_site: Site, new_visitor: Visit) -> Page:
    """A browser in which nobody has logged in."""
    return new_visitor(editors_site)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        name = re.sub(r"[^\w.-]+", "-", item.nodeid)[-120:]
        for number, context in enumerate(item.stash.get(PAGES, []), start=1):
            for page in context.pages:
                saved = _save(page, RESULTS / f"{name}{number}")
                report.sections.append(("page", f"{page.url}\nsaved as {saved}.png and .html"))
        for name, site in item.funcargs.items():  # type: ignore[attr-defined]
            if isinstance(site, Site):
                report.sections.append((f"last lines of {name}'s log", site.log[-LOG_CHARACTERS:]))
                report.sections.append((f"{name}'s tasks", "\n".join(map(str, site.rows(TASKS)))))
    return report


def _save(page: Page, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    (path.parent / ".gitignore").write_text("*\n", encoding="ascii")
    path.with_name(f"{path.name}.html").write_text(page.content(), encoding="utf-8")
    page.screenshot(path=path.with_name(f"{path.name}.png"), full_page=True)
    return path
