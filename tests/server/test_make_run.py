"""What `make run` gives: `set_up`, then server and worker, who agree with what other processes change."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from tests.server.site import ROOT, Site, printed_password
from tests.tiers import nightly
from tests.waiting import patience, until

WEEK = """芯闻周报
2025.4.7- 2025.4.11
1. 钪掺杂氮化铝登场
掺钪氮化铝薄膜进入六吋试验线，压电系数翻倍。
2. 光刻胶树脂扩产
树脂厂宣布扩产，明年投料。
"""
WITHDRAW = """
from archive.models import Issue
from archive.editing import save_issue
issue = Issue.objects.get(slug="2025-01-10")
issue.status = Issue.Status.DRAFT
save_issue(issue)
"""
THREADS = """
import runpy, threading
hooks = runpy.run_path("gunicorn.conf.py")
hooks["post_worker_init"](None)
print(*sorted(thread.name for thread in threading.enumerate()))
hooks["worker_exit"](None, None)
"""
COUNTED = """
    SELECT (SELECT count(*) FROM archive_issue), (SELECT count(*) FROM archive_article), (SELECT count(*) FROM auth_user)
"""
"""Issues, articles and users."""
PROCESSES = Path("/proc/self/task")
ASKED = 12
"""How often a question is put: each time on a new connection, so that every worker gets some."""


@pytest.fixture(scope="module")
def prepared(set_up_site: tuple[Site, str]) -> tuple[Site, str]:
    """A folder that was empty before `set_up`, and what it printed and logged."""
    return set_up_site


@pytest.fixture(scope="module")
def served(prepared: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same archive on a running server. Each test changes only the weeks that it asks for."""
    copy = prepared[0].copy_to(tmp_path_factory.mktemp("served") / "data")
    with copy.served() as site:
        yield site
    assert "Traceback" not in site.log


def wait_for(look: Callable[[], Any], is_there: Callable[[Any], Any] = bool) -> Any:
    """Waits until a condition holds, and returns its value."""
    return until(lambda: [seen for seen in [look()] if is_there(seen)])[0]


def totals(site: Site, query: str) -> set[int]:
    """Returns the total that every worker gives for a search."""
    return {site.search(query)["total"] for _ in range(ASKED)}


def live_generation(site: Site) -> str:
    """Returns the generation that the pointer file names."""
    return next((site.data / "index").glob("v*/CURRENT")).read_text(encoding="ascii")


# --- set_up --------------------------------------------------------------------------------------------


def test_the_first_start_prints_what_the_readme_shows(prepared: tuple[Site, str]) -> None:
    site, printed = prepared
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _installing, *shown = (
        readme.partition("The first `make run` prints")[2].split("```")[1].strip().splitlines()
    )
    password = printed_password(printed)
    assert password is not None
    same_everywhere = printed.replace(str(site.port), "8000").replace(password, "…")
    *lines, asks_for_an_app, stop = shown
    assert "SECOND_FACTOR_REQUIRED=false" in asks_for_an_app  # as the sites of the tests have it
    assert same_everywhere.splitlines() == [*lines, stop]


def test_a_second_set_up_changes_nothing_and_prints_no_password(
    prepared: tuple[Site, str], tmp_path: Path
) -> None:
    site, printed = prepared
    assert site.rows(COUNTED) == [(12, 106, 1)]
    password = printed_password(printed)
    assert password is not None
    assert f"http://127.0.0.1:{site.port}/" in printed

    copy = site.copy_to(tmp_path / "data")
    again = copy.manage("set_up")
    assert copy.rows(COUNTED) == [(12, 106, 1)]
    assert f"http://127.0.0.1:{copy.port}/" in again
    assert [said in again for said in ("demo weeks", "index was built", "password")] == [False] * 3
    accepted = copy.run_python(
        f"from django.contrib.auth import authenticate; print(authenticate(username='editor', password={password!r}))"
    )
    assert accepted.strip() == "editor"


@pytest.mark.nightly
def test_set_up_leaves_an_archive_that_has_something_without_demo_weeks(tmp_path: Path) -> None:
    site = Site.in_folder(tmp_path / "data")
    (tmp_path / "week.txt").write_text(WEEK, encoding="utf-8")
    site.manage("migrate", "-v", "0")
    site.manage("import_issues", tmp_path / "week.txt", "--publish")
    assert printed_password(site.manage("set_up")) is None
    assert site.rows(COUNTED) == [(1, 2, 0)]
    assert "equal" in site.manage("check_index")


# --- The running server --------------------------------------------------------------------------------


def test_health_pages_answer(served: Site) -> None:
    alive, ready = served.get("/healthz"), served.get("/readyz")
    assert (alive.status, alive.text) == (200, "ok")
    assert (ready.status, ready.json()["database"], ready.json()["index"]) == (200, "ok", "ok")
    worker = wait_for(lambda: served.get("/readyz").json()["worker"], lambda worker: worker["seen"])
    assert (worker["warning"], worker["failed_tasks"]) == ("", [])


@pytest.mark.skipif(not PROCESSES.exists(), reason="only Linux lists the children of a process")
def test_two_workers_serve(served: Site) -> None:
    until(lambda: len(served.workers()) == 2, "that both run")  # it answers as soon as one does


def test_what_another_process_imports_is_found_without_a_restart(served: Site, tmp_path: Path) -> None:
    assert totals(served, '"掺钪氮化铝"') == {0}
    (tmp_path / "week.txt").write_text(WEEK, encoding="utf-8")
    served.manage("import_issues", tmp_path / "week.txt", "--publish")
    assert totals(served, '"掺钪氮化铝"') == {1}
    assert {hit["title"] for hit in served.search("掺钪氮化铝")["results"]} == {"钪掺杂氮化铝登场"}
    assert served.get("/issues/2025-04-11/").status == 200


def test_imported_draft_is_found_by_nobody(served: Site, tmp_path: Path) -> None:
    (tmp_path / "week.txt").write_text(
        WEEK.replace("2025.4.7- 2025.4.11", "2025.4.14- 2025.4.18").replace("掺钪", "掺镱"), encoding="utf-8"
    )
    served.manage("import_issues", tmp_path / "week.txt")
    assert totals(served, '"掺镱氮化铝"') == {0}
    assert served.get("/issues/2025-04-18/").status == 404
    assert "4月18日" not in served.get("/issues/").text


def test_what_another_process_withdraws_is_gone_at_once(served: Site) -> None:
    assert totals(served, '"RTX5090"') == {1}
    article = served.search("RTX5090")["results"][0]["url"]
    for _ in range(ASKED):  # every worker keeps the pages
        assert "RTX5090" in served.get(article).text
        assert "2025-01-10" in served.get("/issues/").text
    served.run_python(WITHDRAW)
    assert not any("2025-01-10" in served.get("/issues/").text for _ in range(ASKED))
    assert totals(served, '"RTX5090"') == {0}
    assert {served.get(article).status for _ in range(ASKED)} == {404}
    assert {served.get("/issues/2025-01-10/").status for _ in range(ASKED)} == {404}
    assert served.get("/search/?q=RTX5090").text.count("没有文章符合") == 1


def test_index_that_is_rebuilt_meanwhile_goes_live_without_a_restart(served: Site) -> None:
    before = [hit["url"] for hit in served.search("HBM4")["results"]]
    generation = live_generation(served)
    served.manage("rebuild_index")
    assert live_generation(served) != generation
    for _ in range(ASKED):
        assert [hit["url"] for hit in served.search("HBM4")["results"]] == before


def test_lost_database_is_reported_and_its_page_says_so(prepared: tuple[Site, str], tmp_path: Path) -> None:
    copy = prepared[0].copy_to(tmp_path / "data")
    with copy.served() as site:
        for file in site.data.glob("db.sqlite3*"):
            file.unlink()
        ready, page = site.get("/readyz"), site.get("/issues/")
        assert (ready.status, ready.json()["database"]) == (503, "the database does not answer")
        assert (page.status, page.text.count("网站出了故障")) == (500, 2)
        assert site.get("/healthz").status == 200


@pytest.mark.nightly
def test_damaged_index_heals_by_itself_and_every_search_is_answered(
    prepared: tuple[Site, str], tmp_path: Path
) -> None:
    with prepared[0].copy_to(tmp_path / "data").served() as site:
        before = site.search("HBM4")["total"]
        for file in (site.data / "index").glob("v*/2*/MAIN_*"):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        # A worker that reads them for the first time, and one that goes on with what it has read.
        answers = []

        def is_whole() -> bool:
            answers.append((site.get("/search/?q=HBM4").status, site.search("HBM4")["total"]))
            return site.get("/readyz").status == 200 and "building the search index anew" in site.log

        until(is_whole, "that the index is whole again")
        assert set(answers) == {(200, before)}
        assert site.get("/readyz").json()["index"] == "ok"
        assert "is damaged" in site.log
        site.manage("check", "--database", "default", "--fail-level", "WARNING")


@pytest.mark.nightly
def test_saves_that_another_process_leaves_are_taken_along(
    prepared: tuple[Site, str], tmp_path: Path
) -> None:
    with prepared[0].copy_to(tmp_path / "data").served() as site:
        site.run_python(
            "from archive.models import Article; from search.engines.registry import current_engine; from filelock import FileLock\n"
            "from tests.writing import update\n"
            "with FileLock(current_engine().generations.lock_path('write')):\n"
            "    update(Article.objects.filter(title__contains='HBM4'), source='掺镥氮化铝')\n"
        )
        until(lambda: site.get("/readyz").json()["search"]["waiting"] == 0, "that the index follows")
        assert site.search("掺镥氮化铝")["total"] > 0


# --- Server and worker, begun and ended together -------------------------------------------------------


def processes_of(site: Site) -> tuple[int, int]:
    """Process ids of gunicorn's first process and of the worker, once both are there."""
    server = int((site.data / "gunicorn.pid").read_text(encoding="ascii"))
    written = wait_for(
        lambda: (
            site.data.joinpath("worker.json").exists() and json.loads((site.data / "worker.json").read_text())
        )
    )
    return server, int(written["pid"])


def is_running(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(not PROCESSES.exists(), reason="looks processes up as Linux lists them")
@pytest.mark.parametrize(
    ("ended", "number", "code"),
    [
        ("launcher", signal.SIGINT, 0),
        nightly("launcher", signal.SIGKILL, -signal.SIGKILL),
        nightly("server", signal.SIGKILL, 1),
        ("worker", signal.SIGKILL, 1),
    ],
)
def test_server_and_worker_end_together_and_the_exit_code_tells_why(
    prepared: tuple[Site, str], tmp_path: Path, ended: str, number: signal.Signals, code: int
) -> None:
    site = prepared[0].copy_to(tmp_path / "data")
    launcher = site.launch()
    try:
        site.wait_until_ready(launcher)
        server, worker = processes_of(site)
        os.kill({"launcher": launcher.pid, "server": server, "worker": worker}[ended], number)
        assert launcher.wait(patience()) == code
        until(lambda: not is_running(server) and not is_running(worker))
        with pytest.raises(URLError):
            until(lambda: site.get("/healthz") and False)
        assert (f"The {ended} ended by itself" in site.log) == (ended != "launcher")
    finally:
        launcher.terminate()
        launcher.wait()


@pytest.mark.skipif(not PROCESSES.exists(), reason="only Linux lists the threads of a process")
def test_a_web_worker_runs_one_thread_of_ours_and_starts_no_process(served: Site) -> None:
    totals(served, "HBM4")
    for pid in served.workers():
        assert Path(f"/proc/{pid}/task/{pid}/children").read_text() == ""
    printed = served.manage("shell", "-v", "0", "-c", THREADS)
    assert printed.split() == ["MainThread", "search-log"]


@pytest.mark.nightly
def test_a_lost_index_is_built_anew_by_the_worker(prepared: tuple[Site, str], tmp_path: Path) -> None:
    with prepared[0].copy_to(tmp_path / "data").served() as site:
        before = site.search("HBM4")["total"]
        shutil.rmtree(site.data / "index")
        until(lambda: "building the search index anew" in site.log)
        until(lambda: site.get("/readyz").status == 200)
        assert site.search("HBM4")["total"] == before


def test_without_a_worker_a_save_is_found_and_everybody_is_told(
    prepared: tuple[Site, str], tmp_path: Path
) -> None:
    site = prepared[0].copy_to(tmp_path / "data")
    site.run_python(
        "from archive.models import Article\n"
        "from tests.writing import update\n"
        "update(Article.objects.filter(title__contains='HBM4'), source='掺镥氮化铝')\n"
        "from search.results.request import SearchRequest\n"
        "from search.results.service import find\n"
        "from search.indexing.state import index_state\n"
        "assert find(SearchRequest('掺镥氮化铝')).total > 0 and index_state().waiting == 0\n"
    )
    told = site.run_python(
        "from django.test import Client\nprint(Client(headers={'host': '127.0.0.1'}).get('/readyz').json()['worker'])"
    )
    assert "the worker was last seen at" in told
    assert "start `manage.py run_worker`" in told
