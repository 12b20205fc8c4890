"""Each process keeps a matcher, and renews it when the glossary has changed."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from glossary.current import LatestMatcher, current_matcher, exact_matcher
from glossary.matching import Matcher
from glossary.models import Term
from tests.glossary.conftest import TermMaker
from tests.writing import delete, delete_all


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def knows(matcher: Matcher, text: str) -> bool:
    return bool(matcher.find(text))


@pytest.mark.django_db
def test_a_change_is_seen_when_a_second_has_passed(make_term: TermMaker) -> None:
    clock = Clock()
    latest = LatestMatcher(patience=1.0, clock=clock)
    assert not knows(latest.get(), "台积电")
    term = make_term("台积电")
    clock.now += 0.9
    assert not knows(latest.get(), "台积电")
    clock.now += 0.2
    assert knows(latest.get(), "台积电")
    delete(term)
    clock.now += 1.1
    assert not knows(latest.get(), "台积电")


@pytest.mark.django_db
def test_it_asks_the_database_once_a_second_and_builds_only_what_changed(
    make_term: TermMaker, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_term("台积电")
    clock = Clock()
    latest = LatestMatcher(patience=1.0, clock=clock)
    with django_assert_num_queries(2):  # revision, writings
        matcher = latest.get()
    with django_assert_num_queries(0):
        assert latest.get() is matcher
    clock.now += 1.5
    with django_assert_num_queries(1):
        assert latest.get() is matcher
    latest.look_again()
    with django_assert_num_queries(1):
        assert latest.get() is matcher


@pytest.mark.django_db(transaction=True)
def test_the_process_that_saves_a_term_knows_it_at_once(make_term: TermMaker) -> None:
    current_matcher()
    make_term("台积电")
    assert knows(current_matcher(), "台積電")


@pytest.mark.django_db(transaction=True)
def test_a_term_that_was_rolled_back_is_forgotten(make_term: TermMaker) -> None:
    clock = Clock()
    latest = LatestMatcher(patience=1.0, clock=clock)
    make_term("英特尔")
    with transaction.atomic():
        make_term("台积电")
        assert knows(exact_matcher(), "台积电")
        assert knows(latest.get(), "台积电")  # within the transaction it is there
        transaction.set_rollback(True)
    with transaction.atomic():  # who asks for the exact words keeps others from changing them meanwhile
        assert not knows(exact_matcher(), "台积电")
    make_term("三星")
    clock.now += 1.1
    assert not knows(latest.get(), "台积电")
    assert knows(latest.get(), "三星")


@pytest.mark.django_db(transaction=True)
def test_another_thread_follows_when_its_patience_has_passed(make_term: TermMaker) -> None:
    """A worker that goes on asking, while another one adds a term."""
    clock = Clock()
    latest = LatestMatcher(patience=1.0, clock=clock)
    asked, saved = threading.Event(), threading.Event()
    known: list[bool] = []

    def work() -> None:
        known.append(knows(latest.get(), "台积电"))
        asked.set()
        saved.wait()
        for _ in range(2):
            known.append(knows(latest.get(), "台积电"))
            clock.now += 1.1
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    asked.wait()
    make_term("台积电")
    saved.set()
    worker.join()
    assert known == [False, False, True]


@pytest.mark.django_db(transaction=True)
def test_many_threads_get_one_matcher(make_term: TermMaker) -> None:
    make_term("台积电")
    latest = LatestMatcher()
    got: list[Matcher] = []

    def work() -> None:
        got.append(latest.get())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(got) == 8
    assert len({id(matcher) for matcher in got}) == 1


@pytest.mark.django_db
def test_the_exact_matcher_sees_what_its_transaction_did(make_term: TermMaker) -> None:
    assert not knows(exact_matcher(), "台积电")
    make_term("台积电")
    assert knows(exact_matcher(), "台积电")
    assert exact_matcher() is exact_matcher()
    delete_all(Term.objects.all())
    assert not knows(exact_matcher(), "台积电")
