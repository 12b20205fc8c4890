"""Every engine follows the archive, and answers meanwhile."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from archive.publishing import withdraw
from glossary.models import Term
from search.engines.base import Engine, IndexQuery, OtherVersion, Unsupported
from search.indexing import sync, visible
from search.query.tree import Everything, Leaf
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.search.contract.asking import found
from tests.search.contract.conftest import AGED, Kind
from tests.writing import create, delete


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_hidden_at_once(kind: Kind, engine: Engine, make_issue: WeekMaker) -> None:
    """The index still holds it: who writes to it is busy."""
    term = create(Term, name="台积电", kind=Term.Kind.COMPANY)
    kept = make_issue({"留": "台积电芯片"}, end_date="2025-03-14")
    withdrawn = make_issue({"撤": "台积电芯片"}, end_date="2025-03-21")
    with engine.lock("write", 1):
        withdraw(withdrawn)
        with visible.pinned():
            [pk] = kept.articles.values_list("pk", flat=True)
            assert found(engine, Leaf("芯片")) == [pk]
            assert engine.counts([Leaf("芯片"), Everything()]) == [1, 1]
            assert engine.counts_by_day([Leaf("芯片")]) == [[(dt.date(2025, 3, 14), 1)]]
            assert engine.containing(["芯片"]) == {"芯片": [pk]}
            assert engine.term_counts().counts == {term.pk: 1}
        for sort in ("relevance", "newest"):
            answer = find(SearchRequest("芯片", sort=sort))
            assert answer is not None
            assert [hit.article.pk for hit in answer.results] == [pk]


@pytest.mark.django_db(transaction=True)
def test_everything_asked_in_one_pin_is_answered_from_one_state(
    kind: Kind, engine: Engine, make_issue: WeekMaker
) -> None:
    if not kind.has_index:
        pytest.skip("it reads the database itself, whose states are not kept")
    issue = make_issue({"甲": "芯片", "乙": "芯片"})
    with engine.pinned() as before:
        delete(issue.articles.get(title="乙"))
        sync.rebuild()
        assert engine.counts([Leaf("芯片")]) == [2]
        with engine.pinned() as inside:
            assert inside == before
    with engine.pinned() as after:
        assert engine.counts([Leaf("芯片")]) == [1]
    assert (after.name != before.name, after.documents) == (True, 1)
    assert engine.state().name == after.name


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_leaves_no_moment_without_answers(
    kind: Kind, engine: Engine, make_issue: WeekMaker
) -> None:
    make_issue({f"第{number}条": "芯片" for number in range(40)})
    if not kind.has_index:
        with pytest.raises(Unsupported, match="does not build an index"):
            sync.rebuild()
        with pytest.raises(CommandError, match="does not build an index"):
            call_command("rebuild_index", verbosity=0)
        return
    assert engine.counts([Leaf("芯片")]) == [40]
    totals: list[int | str] = []
    states: set[str] = set()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                with engine.pinned() as state:
                    states.add(state.name)
                    totals.append(engine.search(IndexQuery(Leaf("芯片"))).total)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a dark moment
                totals.append(repr(error))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(3):
            sync.rebuild()
    finally:
        stop.set()
        asking.join()
    assert {*totals} == {40}
    assert len(states) > 1


@pytest.mark.django_db(transaction=True)
def test_an_index_of_another_version_is_refused_and_left_alone(
    kind: Kind, engine: Engine, make_issue: WeekMaker, client: Client
) -> None:
    make_issue({"甲": "芯片"})
    if not kind.has_index:
        assert sync.bring_up_to_date() is False
        return
    look = AGED[kind.scheme](engine)
    with pytest.raises(OtherVersion, match="another version"), engine.pinned():
        pass
    page = client.get("/search/", {"q": "芯片"})
    assert (page.status_code, page.context["found"].total) == (200, 1)
    assert "不按相关度排列" in page.context["found"].notice
    held = look()
    assert held
    assert sync.bring_up_to_date() is True
    assert engine.counts([Leaf("芯片")]) == [1]
    engine.maintain(remove_old=True)
    assert look() == held
