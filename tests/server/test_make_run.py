"""What `make run` gives: `set_up`, then gunicorn, whose workers agree with what other processes change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.site import ROOT, Site, printed_password

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
PROCESSES = Path("/proc/self/task")
HEALS_WITHIN_SECONDS = 120
"""It takes a second or two; a machine that does much else needs longer."""
ASKED = 12
"""How often a question is put: each time on a new connection, so that every worker gets some."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, str]:
    """A folder that was empty before `set_up`, and what it printed and logged."""
    site = Site.in_folder(tmp_path_factory.mktemp("make-run"))
    done = site.try_to_manage("set_up")
    assert done.returncode == 0, done.stderr
    return site, done.stdout + done.stderr


@pytest.fixture(scope="module")
def served(prepared: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same archive on a running server. Each test leaves other weeks alone than those it asks for."""
    copy = prepared[0].copy_to(tmp_path_factory.mktemp("served") / "data")
    with copy.served() as site:
        yield site
    assert "Traceback" not in site.log


def counted(site: Site) -> list[int]:
    """How many issues, articles and users there are."""
    printed = site.run_python(
        "from django.contrib.auth.models import User; from archive.models import Article, Issue; "
        "print(Issue.objects.count(), Article.objects.count(), User.objects.count())"
    )
    return [int(number) for number in printed.split()]


def totals(site: Site, query: str) -> set[int]:
    """How many articles the server finds, as every worker says."""
    return {site.search(query)["total"] for _ in range(ASKED)}


def live_generation(site: Site) -> str:
    """What the pointer file of the index names."""
    return (site.data / "index" / "CURRENT").read_text(encoding="ascii")


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
    assert same_everywhere.splitlines() == shown


def test_set_up_makes_an_archive_and_a_second_one_changes_nothing(
    prepared: tuple[Site, str], tmp_path: Path
) -> None:
    site = prepared[0].copy_to(tmp_path / "data")
    before = counted(site)
    assert before == [12, 106, 1]
    again = site.manage("set_up")
    assert counted(site) == before
    assert "demo weeks" not in again
    assert "index was built" not in again


def test_set_up_prints_the_password_the_first_time_only(prepared: tuple[Site, str], tmp_path: Path) -> None:
    site, printed = prepared
    password = printed_password(printed)
    assert password is not None
    assert f"http://127.0.0.1:{site.port}/" in printed
    copy = site.copy_to(tmp_path / "data")
    again = copy.manage("set_up")
    assert printed_password(again) is None
    assert "password" not in again
    assert f"http://127.0.0.1:{copy.port}/" in again
    accepted = copy.run_python(
        f"from django.contrib.auth import authenticate; print(authenticate(username='editor', password={password!r}))"
    )
    assert accepted.strip() == "editor"


def test_set_up_leaves_an_archive_that_has_something_without_demo_weeks(tmp_path: Path) -> None:
    site = Site.in_folder(tmp_path / "data")
    (tmp_path / "week.txt").write_text(WEEK, encoding="utf-8")
    site.manage("migrate", "-v", "0")
    site.manage("import_issues", tmp_path / "week.txt", "--publish")
    assert printed_password(site.manage("set_up")) is None
    assert counted(site) == [1, 2, 0]
    with site.served():
        assert totals(site, "掺钪氮化铝") == {1}
        assert site.get("/").status == 200


# --- The running server --------------------------------------------------------------------------------


def test_health_pages_answer(served: Site) -> None:
    alive, ready = served.get("/healthz"), served.get("/readyz")
    assert (alive.status, alive.text) == (200, "ok")
    assert (ready.status, ready.json()["database"], ready.json()["index"]) == (200, "ok", "ok")
    deadline = time.monotonic() + HEALS_WITHIN_SECONDS
    while not (chores := served.get("/readyz").json()["caretaker"]["chores"]) and time.monotonic() < deadline:
        time.sleep(0.2)  # the caretaker starts with the first worker
    assert (chores["index"]["error"], chores["tidy"]["error"]) == ("", "")


@pytest.mark.skipif(not PROCESSES.exists(), reason="only Linux lists the children of a process")
def test_two_workers_serve(served: Site) -> None:
    assert len(served.workers()) == 2


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
    assert served.get("/search/?q=RTX5090").text.count("没有一篇符合") == 1


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


def test_damaged_index_heals_by_itself_and_every_search_is_answered(
    prepared: tuple[Site, str], tmp_path: Path
) -> None:
    with prepared[0].copy_to(tmp_path / "data").served() as site:
        before = site.search("HBM4")["total"]
        for file in (site.data / "index").glob("2*/MAIN_*"):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        # A worker that reads them for the first time, and one that goes on with what it has read.
        answers, deadline = [], time.monotonic() + HEALS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            answers.append((site.get("/search/?q=HBM4").status, site.search("HBM4")["total"]))
            if site.get("/readyz").status == 200 and "building the search index anew" in site.log:
                break
            time.sleep(0.2)
        assert set(answers) == {(200, before)}
        assert site.get("/readyz").json()["index"] == "ok"
        assert "is damaged" in site.log
        site.manage("check", "--database", "default", "--fail-level", "WARNING")


def test_saves_that_another_process_leaves_are_taken_along(
    prepared: tuple[Site, str], tmp_path: Path
) -> None:
    with prepared[0].copy_to(tmp_path / "data").served() as site:
        site.run_python(
            "from archive.models import Article; from search.engines import current as engine; from filelock import FileLock\n"
            "with FileLock(engine.backend().generations.lock_path):\n"
            "    Article.objects.filter(title__contains='HBM4').update(source='掺镥氮化铝')\n"
        )
        deadline = time.monotonic() + HEALS_WITHIN_SECONDS
        while site.get("/readyz").json()["search"]["waiting"] and time.monotonic() < deadline:
            time.sleep(0.2)
        assert site.get("/readyz").json()["search"]["waiting"] == 0
        assert site.search("掺镥氮化铝")["total"] > 0
