"""A term that comes, changes or goes takes effect in search at once, and touches only the articles that hold it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from archive.models import Article, Issue
from glossary.models import Alias, Term
from search.engines.registry import current_engine
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import ROOT, WEEKS, WeekMaker
from tests.waiting import until
from tests.writing import create, delete, save

ARTICLES = {
    "甲": "新材料玻璃基板，用于封装。",
    "乙": "Glass Core 送样。",
    "丙": "GlassCore2 与此无关。",
    "丁": "铠侠。",
}


def titles(query: str) -> set[str]:
    found = find(SearchRequest(query))
    if not found or found.is_relaxed or found.corrected:
        return set()
    return {hit.article.title for hit in found.results}


def term_facet(query: str) -> dict[str, int]:
    found = find(SearchRequest(query))
    assert found is not None
    names = dict(Term.objects.values_list("pk", "name"))
    return {names[int(pk)]: number for pk, number in found.facets["term"]}


@contextmanager
def noted() -> Iterator[Callable[[], set[str]]]:
    """Keeps the index from being written, and tells the titles of the articles that would be."""
    with FileLock(current_engine().generations.lock_path("write")):
        yield lambda: {Article.objects.get(pk=pk).title for pk in sync.waiting().articles}
    sync.drain()


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue(ARTICLES)


def add(name: str, *aliases: str) -> Term:
    term = create(Term, name=name, kind=Term.Kind.TECHNOLOGY)
    for alias in aliases:
        create(Alias, term=term, text=alias)
    return term


@pytest.mark.usefixtures("issue")
def test_a_new_term_is_found_under_all_its_writings_at_once() -> None:
    assert (titles("玻璃基板"), titles("玻璃芯"), titles("“glass core”")) == ({"甲"}, set(), {"乙"})
    add("玻璃基板", "Glass Core", "玻璃芯")
    assert [titles(writing) for writing in ("玻璃基板", "玻璃芯", "glass core", "term:玻璃芯")] == [
        {"甲", "乙"}
    ] * 4
    assert term_facet("基板 OR core") == {"玻璃基板": 2}


@pytest.mark.usefixtures("issue")
def test_only_the_articles_that_hold_it_are_indexed_anew() -> None:
    with noted() as changed:
        term = add("玻璃基板")
        assert changed() == {"甲"}
    with noted() as changed:
        create(Alias, term=term, text="Glass Core")
        assert changed() == {"乙"}
    with noted() as changed:
        add("没有人提到的词")
        assert changed() == set()
    with noted() as changed:
        term.note = "一句说明"
        save(term)
        assert changed() == set()


@pytest.mark.usefixtures("issue")
def test_a_longer_term_takes_the_place_of_a_shorter_one() -> None:
    add("基板")
    assert titles("term:基板") == {"甲"}
    longer = add("玻璃基板")
    assert (titles("term:基板"), titles("term:玻璃基板"), titles("基板")) == (set(), {"甲"}, {"甲"})
    delete(longer)
    assert titles("term:基板") == {"甲"}


@pytest.mark.usefixtures("issue")
def test_a_term_or_alias_that_goes_is_gone_at_once() -> None:
    term = add("玻璃基板", "Glass Core")
    delete(term.aliases.get())
    assert (titles("玻璃基板"), titles("term:玻璃基板"), titles("“glass core”")) == ({"甲"}, {"甲"}, {"乙"})
    delete(term)
    assert (titles("玻璃基板"), titles("term:玻璃基板")) == ({"甲"}, set())
    assert term_facet("玻璃基板") == {}


@pytest.mark.usefixtures("issue")
def test_a_renamed_term_is_found_by_its_new_name() -> None:
    term = add("玻璃板", "Glass Core")
    assert titles("term:玻璃板") == {"乙"}
    term.name = "玻璃基板"
    save(term)
    assert (titles("term:玻璃基板"), titles("玻璃基板"), titles("term:玻璃板")) == (
        {"甲", "乙"},
        {"甲", "乙"},
        set(),
    )


def test_a_draft_is_not_indexed_for_a_term(issue: Issue) -> None:
    issue.status = Issue.Status.DRAFT
    save(issue)
    add("玻璃基板")
    assert titles("玻璃基板") == set()


# --- Another process -----------------------------------------------------------------------------------

WORKER = """
import json, sys
import django
django.setup()
from search.results.request import SearchRequest
from search.results.service import find
from search.results.autocomplete import complete
for line in sys.stdin:
    found = find(SearchRequest(line.strip()))
    print(json.dumps([found.total, [item.text for item in complete(line.strip())]]), flush=True)
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "SECRET_KEY"))}
    return {**kept, "XWK_DATA_DIR": str(folder), "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}


def manage(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder),
        check=True,
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.nightly
@pytest.mark.server
def test_a_term_that_another_process_adds_is_known_to_a_running_one(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "--verbosity=0")
    manage(tmp_path, "import_issues", str(WEEKS / "2025-03-21.txt"), "--publish", "--verbosity=0")
    manage(tmp_path, "update_index", "--verbosity=0")
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdin
        assert worker.stdout

        def ask(query: str) -> list[object]:
            assert worker.stdin
            assert worker.stdout
            worker.stdin.write(f"{query}\n")
            worker.stdin.flush()
            answer: list[object] = json.loads(worker.stdout.readline())
            return answer

        total, _ = by_name = ask("共封装光学")
        assert total
        assert ask("光电共封") == [0, []]
        code = (
            "from glossary.models import *; from tests.writing import create;"
            "term = create(Term, name='共封装光学', kind='technology');"
            "create(Alias, term=term, text='光电共封')"
        )
        manage(tmp_path, "shell", "-c", code)
        until(lambda: ask("光电共封") != [0, []], "that the other process knows the alias")
        assert ask("光电共封") == [total, ["共封装光学"]]
        assert by_name[0] == ask("共封装光学")[0]
        worker.stdin.close()
