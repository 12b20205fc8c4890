"""A node that is lost is answered for by the others; a cluster that is lost, by the database."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest
from django.db import connection
from django.test import Client

from archive.models import Issue
from search.engines.base import IndexUnavailable, Unreachable
from search.engines.opensearch.engine import OpenSearchEngine
from search.indexing import sync
from search.query.tree import Leaf
from tests.cluster.opensearch import Node
from tests.conftest import WeekMaker
from tests.waiting import until
from tests.writing import save

pytestmark = [pytest.mark.cluster, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def issue(transactional_db: None, engine_of_three: OpenSearchEngine, make_issue: WeekMaker) -> Issue:
    return make_issue({f"第{number}条": "正文共同" for number in range(1, 31)})


def test_each_node_can_be_lost_while_others_search_and_save(
    issue: Issue, engine_of_three: OpenSearchEngine, three_nodes: list[Node]
) -> None:
    answers: Counter[object] = Counter()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                answers[engine_of_three.counts([Leaf("正文共同")])[0]] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
                answers[repr(error)] += 1

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    try:
        for number, node in enumerate(three_nodes):
            node.kill()
            article = issue.articles.all()[number]
            article.title = f"在失去{node.name}之后"
            save(article)
            until(lambda: _is_drained())
            assert engine_of_three.counts([Leaf(article.title)]) == [1]
            node.start()
            for one in three_nodes:
                one.wait(3)
            until(lambda: _is_green(engine_of_three), "a copy on another node")
    finally:
        stop.set()
        for thread in asking:
            thread.join()
    wrong = {answer: number for answer, number in answers.items() if answer != 30}
    assert answers[30] > 20
    assert wrong == {}


def test_a_node_that_hangs_is_waited_for_once(
    issue: Issue, engine_of_three: OpenSearchEngine, three_nodes: list[Node]
) -> None:
    common = [Leaf("正文共同")]
    with engine_of_three.pinned():
        assert engine_of_three.counts(common) == [30]
        newest = engine_of_three._moments._newest
        assert newest is not None
        [node] = [node for node in three_nodes if newest.kept.host.endswith(f":{node.port}")]
        node.pause()
        try:
            answers = [engine_of_three.counts(common) for _ in range(3)]  # of what is pinned
            other = threading.Thread(target=lambda: answers.append(_counted(engine_of_three)))
            other.start()
            other.join()
            assert engine_of_three.state().documents == 30
            assert engine_of_three.indexes.live() == newest.index
        finally:
            node.go_on()
    assert answers == [[30]] * 4
    client = engine_of_three.indexes.cluster._client
    assert client is not None
    times = {host.port: number for host, number in client.transport.connection_pool.dead_count.items()}
    assert times[node.port] == 1
    for one in three_nodes:
        one.wait(3)
    until(lambda: _is_green(engine_of_three), "all copies")


def _counted(engine: OpenSearchEngine) -> list[int]:
    """What somebody else is answered, who has pinned nothing."""
    try:
        with engine.pinned():
            return engine.counts([Leaf("正文共同")])
    finally:
        connection.close()


def test_a_cluster_that_is_lost_is_answered_for_by_the_database_and_taken_up_again(
    issue: Issue, engine_of_three: OpenSearchEngine, three_nodes: list[Node], client: Client
) -> None:
    index = engine_of_three.state().index
    for node in three_nodes:
        node.stop()
    try:
        page = client.get("/search/", {"q": "正文共同"})
        assert (page.status_code, page.context["found"].total) == (200, 30)
        assert "不按相关度排列" in page.context["found"].notice
        article = issue.articles.all()[0]
        article.title = "集群不在时改的"
        save(article)
        with pytest.raises(Unreachable):
            sync.bring_up_to_date()  # nothing is built anew: the index is there, and does not answer
    finally:
        for node in three_nodes:
            node.start()
        for node in three_nodes:
            node.wait(3)
    until(lambda: _is_green(engine_of_three), "all copies")
    assert sync.bring_up_to_date() is False
    assert engine_of_three.state().index == index
    assert engine_of_three.counts([Leaf("集群不在时改的")]) == [1]
    assert client.get("/search/", {"q": "正文共同"}).context["found"].notice == ""


def _is_drained() -> bool:
    try:
        sync.drain()
    except IndexUnavailable:
        time.sleep(0.1)
        return False
    finally:
        connection.close_if_unusable_or_obsolete()
    return True


def _is_green(engine: OpenSearchEngine) -> bool:
    try:
        health = engine.indexes.cluster.ask(lambda client: client.cluster.health())
    except IndexUnavailable:
        return False
    return bool(health["status"] == "green")
