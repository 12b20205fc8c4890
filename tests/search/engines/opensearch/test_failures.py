"""What an OpenSearch index goes through: documents it refuses, disks that are full, states and indexes that are lost."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.models import Article, Issue
from search.engines.base import IndexQuery, IndexUnavailable
from search.engines.documents import DocumentId
from search.engines.opensearch.engine import OpenSearchEngine
from search.indexing import sync
from search.indexing.apply_changes import DocumentBatch, visible_rows
from search.models import SetAside
from search.query.tree import Everything, Leaf
from tests.conftest import WeekMaker
from tests.writing import delete_all, save, update

pytestmark = [pytest.mark.cluster, pytest.mark.django_db(transaction=True)]

TOO_LONG = "栏" * 20_000
"""Bytes enough that an index takes in no column of them."""


@pytest.fixture
def issue(transactional_db: None, engine: OpenSearchEngine, make_issue: WeekMaker) -> Issue:
    return make_issue({f"第{number}条": f"正文共同，独有{number}。" for number in range(1, 6)})


def found(engine: OpenSearchEngine, text: str = "正文共同") -> set[str]:
    hits = engine.search(IndexQuery(Leaf(text)))
    return {
        *Article.objects.filter(pk__in=[hit.pk for hit in hits.documents]).values_list("title", flat=True)
    }


def ask_all(engine: OpenSearchEngine, **settings: object) -> None:
    engine.indexes.cluster.ask(
        lambda client: client.indices.put_settings(index=engine.indexes.live(), body=settings)
    )


def test_a_document_that_is_refused_is_set_aside_and_the_others_are_not(
    issue: Issue, engine: OpenSearchEngine
) -> None:
    article = issue.articles.get(title="第3条")
    update(Article.objects.filter(pk=article.pk), section=TOO_LONG)
    sync.index_again(issue.articles.values_list("pk", flat=True))
    aside = SetAside.objects.get()
    assert (aside.article_id, aside.index) == (article.pk, engine.name)
    assert "immense term" in aside.error
    assert not sync.waiting()
    assert found(engine) == {"第1条", "第2条", "第4条", "第5条"}
    SetAside.objects.all().delete()
    assert sync.rebuild() == 4  # one that is refused stops no rebuild, either
    assert SetAside.objects.get().article_id == article.pk
    update(Article.objects.filter(pk=article.pk), section="栏")
    sync.index_again([article.pk])
    assert (len(found(engine)), SetAside.objects.exists()) == (5, False)


def test_a_full_disk_sets_nobody_aside(issue: Issue, engine: OpenSearchEngine) -> None:
    """The cluster lets nobody write when a disk is nearly full."""
    ask_all(engine, **{"index.blocks.read_only_allow_delete": True})
    article = issue.articles.get(title="第3条")
    article.title = "新的"
    save(article)
    with pytest.raises(IndexUnavailable, match="block"):
        sync.drain()
    assert (SetAside.objects.exists(), sync.waiting().articles) == (False, {article.pk})
    assert len(found(engine)) == 5
    ask_all(engine, **{"index.blocks.read_only_allow_delete": None})
    sync.drain()
    assert found(engine, "新的") == {"新的"}


def test_a_write_that_comes_late_changes_nothing(issue: Issue, engine: OpenSearchEngine) -> None:
    """A node that hung goes on, and carries out what it was told before others wrote."""
    before = engine.state()
    assert before.position is not None
    article, other = issue.articles.all()[:2]
    late = [
        *DocumentBatch(visible_rows({DocumentId("article", article.pk), DocumentId("article", other.pk)}))
    ]
    article.title = "新的"
    save(article)
    delete_all(Article.objects.filter(pk=other.pk))
    sync.drain()
    after = engine.state()
    engine._writer.write(
        after.index, late, [DocumentId("article", pk) for pk in (article.pk,)], before.position
    )
    engine._writer.finish(after.index, before.position)
    assert engine.state().position == after.position
    assert found(engine, "新的") == {"新的"}
    assert engine.counts([Leaf(other.title)]) == [0]
    assert len(found(engine)) == 4


def test_nothing_is_seen_before_its_position(issue: Issue, engine: OpenSearchEngine) -> None:
    state = engine.state()
    assert state.position is not None
    gone = [document.id for document in engine.contents()[1] if document.id and document.id.kind == "article"]
    engine._writer.write(state.index, (), gone, state.position)
    with engine.pinned() as pinned:
        assert (pinned.name, engine.counts([Everything()])) == (state.name, [5])
    engine._writer.finish(state.index, state.position)
    with engine.pinned() as pinned:
        assert (pinned.name != state.name, engine.counts([Everything()])) == (True, [0])


def test_a_state_that_the_cluster_no_longer_keeps_is_opened_again(
    issue: Issue, engine: OpenSearchEngine
) -> None:
    with engine.pinned() as state:
        assert len(found(engine)) == 5
        engine.indexes.cluster.ask(lambda client: client.delete_all_pits())
        assert len(found(engine)) == 5
        engine.indexes.cluster.ask(lambda client: client.delete_all_pits())
        save(issue.articles.get(title="第3条"))
        with pytest.raises(IndexUnavailable, match="changed since"):
            found(engine)
    hidden = DocumentId("article", issue.articles.get(title="第1条").pk)
    with engine.pinned() as after:
        assert after.name != state.name
        engine.indexes.cluster.ask(lambda client: client.delete_all_pits())
    with engine.pinned(lambda position: [hidden]) as without:
        assert (without.documents, engine.counts([Everything()]), len(found(engine))) == (4, [4], 4)
        assert without.name.startswith(f"{after.name} without")


def test_states_are_let_go_of(issue: Issue, engine: OpenSearchEngine) -> None:
    for number in range(5):
        with engine.pinned():
            save(issue.articles.get(title="第3条"))
            assert engine.counts([Everything()]) == [5], number
    kept = engine.indexes.cluster.ask(lambda client: client.get_all_pits())["pits"]
    assert len(kept) <= 2


def test_an_index_that_is_lost_is_replaced_by_the_one_before_or_built_anew(
    issue: Issue, engine: OpenSearchEngine, client: Client
) -> None:
    sync.rebuild()
    before, live = sorted(engine.indexes.names())
    engine.indexes.remove(live)
    page = client.get("/search/", {"q": "正文共同"})
    assert (page.status_code, page.context["found"].total) == (200, 5)
    assert "不按相关度排列" in page.context["found"].notice
    assert sync.bring_up_to_date() is False
    assert (engine.state().index, len(found(engine))) == (before, 5)
    engine.indexes.remove(before)
    assert sync.bring_up_to_date() is True
    assert len(found(engine)) == 5


def test_old_indexes_go_but_for_the_last(issue: Issue, engine: OpenSearchEngine) -> None:
    for _ in range(3):
        sync.rebuild()
    whole = engine.indexes.names()
    assert (len(whole), whole[0]) == (2, engine.state().index)
    engine.indexes.create()  # and whoever filled it was killed
    engine.maintain(remove_old=True)
    assert engine.indexes.names() == whole
    with engine.lock("rebuild", 0):
        filled = engine.indexes.create()
        engine.maintain(remove_old=True)
        assert engine.indexes.names() == [filled, *whole]
