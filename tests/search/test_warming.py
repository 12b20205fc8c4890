"""What a server reads before it forks is what its workers answer from, and what changes later they see."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from archive.models import Article
from search.engines.registry import current_engine
from search.indexing import sync
from search.query.tree import Leaf
from search.results import warming
from search.results.warming import warm_up_to_fork
from tests.conftest import WeekMaker
from tests.writing import create

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    warming._read = None
    yield
    gc.unfreeze()


def holders() -> int:
    """Asks the index alone: a database in memory belongs to each process that forks."""
    return current_engine().counts([Leaf("先进封装")])[0]


def _answer(pipe: Connection) -> None:
    pipe.send((holders(), current_engine().state().name))
    pipe.recv()  # until something changed
    pipe.send(holders())


def test_a_child_answers_and_sees_what_changes_after_the_fork(make_issue: WeekMaker) -> None:
    issue = make_issue({"台积电扩产": "先进封装"})
    warm_up_to_fork()
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_answer, args=(there,), daemon=True)
    child.start()
    try:
        assert here.recv() == (1, current_engine().state().name)
        create(Article, issue=issue, position=2, title="日月光", body="<p>先进封装</p>")
        here.send("go on")
        assert here.recv() == 2
    finally:
        child.kill()
        child.join()


def test_it_reads_again_only_what_was_built_anew(make_issue: WeekMaker) -> None:
    make_issue({"台积电扩产": "先进封装"})
    warm_up_to_fork()
    frozen = gc.get_freeze_count()
    warm_up_to_fork()
    assert gc.get_freeze_count() == frozen
    sync.rebuild()
    warm_up_to_fork()
    assert warming._read == current_engine().state().index


def test_without_an_index_it_is_ready_all_the_same(db: None) -> None:
    current_engine().generations.deactivate()
    warm_up_to_fork()
    assert warming._read == ""
