"""Which files of the index a process holds open: those that it goes on reading, and none of what it has left behind."""

from __future__ import annotations

import gc
import os
import warnings
from collections import Counter
from pathlib import Path

import pytest

from archive.models import Article
from search.engines.registry import current_engine
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.writing import create

OPEN = Path("/proc/self/fd")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not OPEN.is_dir(), reason="only Linux says which files a process holds open"),
]


def open_files() -> Counter[str]:
    """The files of indexes that are open, by generation and ending."""
    root = str(current_engine().generations.root)
    links = [os.readlink(path) for path in OPEN.iterdir() if path.is_symlink()]
    names = [Path(link.removesuffix(" (deleted)")) for link in links if link.startswith(f"{root}/")]
    return Counter(f"{name.parent.name} {name.suffix}" for name in names)


def test_a_process_that_searches_holds_the_words_of_the_live_generation_open(make_issue: WeekMaker) -> None:
    issue = make_issue({"台积电扩产": "先进封装"})
    before = (
        open_files()
    )  # those that tests before this one hold; the first generation of this one is not read yet
    for number in range(3):
        sync.rebuild()
        create(Article, issue=issue, position=number + 2, title=f"铠侠{number}", body="<p>上市</p>")
        found = find(SearchRequest(f"铠侠{number}"))
        assert found is not None
        assert found.total == 1
    live = current_engine().generations.live().path.name
    assert open_files() - before == {f"{live} .trm": 1, f"{live} .pst": 1}


def test_what_a_process_has_left_behind_it_closes_itself(make_issue: WeekMaker) -> None:
    make_issue({"台积电扩产": "先进封装"})
    sync.rebuild()
    find(SearchRequest("台积电"))
    gc.collect()  # what other tests have left
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        sync.rebuild()
        find(SearchRequest("台积电"))
        gc.collect()
    assert [str(warning.message) for warning in said] == []
