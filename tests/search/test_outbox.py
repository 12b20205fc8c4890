"""The sequence of changes: complete, followed by several indexes, and never trusted across another history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive import publishing
from archive.models import Article, Issue
from archive.week import Week, WeekArticle
from glossary.models import Alias, Term
from search.engines.position import GAP_SECONDS, Position
from search.engines.registry import current_engine
from search.indexing import comparison, outbox, sync
from search.indexing.outbox import PositionLost
from search.models import Change
from tests.conftest import WeekMaker
from tests.writing import create, delete_all, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "背面供电。", "乙": "先进封装。", "丙": "存储。"})


@pytest.fixture
def start(issue: Issue) -> Position:
    return outbox.end()


def changed(start: Position) -> set[str]:
    found = outbox.beyond(start).articles
    known = dict(Article.objects.filter(pk__in=found).values_list("pk", "title"))
    return {known.get(pk, "gone") for pk in found}


def test_a_save_is_noted_in_its_own_transaction(issue: Issue, start: Position) -> None:
    """Even where the caller opened none: a process that dies between the two would lose the change."""
    with CaptureQueriesContext(connection) as queries:
        save(issue.articles.get(title="甲"))
    statements = [query["sql"].split()[0] for query in queries]
    first, last = statements.index("SAVEPOINT"), len(statements) - 1 - statements[::-1].index("RELEASE")
    noted = next(place for place, query in enumerate(queries) if 'INTO "search_change"' in query["sql"])
    written = next(place for place, query in enumerate(queries) if 'UPDATE "archive_article"' in query["sql"])
    assert first < written < noted < last
    assert changed(start) == {"甲"}


def test_what_is_written_past_the_use_cases_is_noted_by_the_comparison(issue: Issue, start: Position) -> None:
    sync.drain()
    issue.articles.filter(title="甲").update(source="集邦咨询")
    Article.objects.bulk_create([Article(issue=issue, position=9, title="丁")])
    assert changed(start) == set()
    comparison.mend(comparison.compare())
    assert changed(start) == {"甲", "丁"}


def test_an_issue_that_is_withdrawn_is_noted_for_its_articles(issue: Issue, start: Position) -> None:
    publishing.withdraw(issue)
    assert changed(start) == {"甲", "乙", "丙"}
    hidden = outbox.withdrawn(start)
    assert [document.kind for document in hidden] == ["article", "article", "article", "issue"]


def test_deletions_and_cascades_are_noted(issue: Issue, start: Position) -> None:
    delete_all(issue.articles.filter(title="甲"))
    assert changed(start) == {"gone", "乙", "丙"}, "the others moved up, and their places are in the index"
    delete_all(Issue.objects.all())
    assert len(outbox.beyond(start).articles) == 3


def test_a_term_is_noted_for_the_articles_that_hold_it(issue: Issue, start: Position) -> None:
    term = create(Term, name="先进封装", kind=Term.Kind.TECHNOLOGY)
    assert changed(start) == {"乙"}
    create(Alias, term=term, text="背面供电")
    assert changed(start) == {"甲", "乙"}


def test_an_import_that_replaces_a_week_is_noted(issue: Issue, start: Position) -> None:
    from archive.importing import import_week

    week = Week(
        title=issue.title,
        start_date=dt.date(2025, 3, 21),
        end_date=dt.date(2025, 3, 21),
        articles=[
            WeekArticle(title="甲", body="背面供电。"),
            WeekArticle(title="新"),
        ],
    )
    import_week(week, replace=True)
    assert changed(start) == {"甲", "新", "gone"}


def test_what_is_rolled_back_is_not_noted(issue: Issue, start: Position) -> None:
    with transaction.atomic():
        save(issue.articles.get(title="甲"))
        transaction.set_rollback(True)
    assert not outbox.beyond(start)


def test_two_indexes_follow_the_same_changes_each_at_its_own_pace(issue: Issue, start: Position) -> None:
    save(issue.articles.get(title="甲"))
    ((first, ahead),) = outbox.in_batches(start, 100)
    save(issue.articles.get(title="乙"))
    assert changed(ahead) == {"乙"}
    assert changed(start) == {"甲", "乙"}
    assert [batch.articles for batch, _ in outbox.in_batches(start, 1)] == [
        first.articles,
        outbox.beyond(ahead).articles,
    ]


def test_old_changes_go_and_an_index_that_still_needs_them_says_so(issue: Issue) -> None:
    save(issue.articles.get(title="甲"))
    behind = outbox.end()
    save(issue.articles.get(title="乙"))
    ahead = outbox.end()
    Change.objects.update(created_at=F("created_at") - outbox.KEPT_FOR - dt.timedelta(days=1))
    behind, ahead = (_older(position) for position in (behind, ahead))
    assert not outbox.beyond(ahead)
    assert outbox.trim() > 0
    assert not outbox.beyond(ahead)
    with pytest.raises(PositionLost, match="rebuild_index"):
        outbox.beyond(behind)


def _older(position: Position) -> Position:
    """The position of a row that the test has made older."""
    return Position(position.change, outbox._made_at(Change.objects.get(pk=position.change).created_at))


def test_changes_of_this_week_are_kept(issue: Issue, start: Position) -> None:
    save(issue.articles.get(title="甲"))
    assert outbox.trim() == 0
    assert changed(start) == {"甲"}


def test_an_index_of_another_history_of_the_database_is_not_trusted(issue: Issue, start: Position) -> None:
    """A restored backup counts on from where it was: the same number is another change."""
    Change.objects.filter(pk__gte=start.change).delete()
    with pytest.raises(PositionLost, match="restored"):
        outbox.beyond(start)
    Change.objects.create(pk=start.change, article_id=1)
    with pytest.raises(PositionLost, match="restored"):
        outbox.beyond(start)


def test_a_transaction_that_ends_late_is_not_passed_over(issue: Issue) -> None:
    """On PostgreSQL a change can become visible after changes with higher numbers."""
    top = Change.objects.order_by("pk").last()
    assert top is not None
    late, early = issue.articles.get(title="甲").pk, issue.articles.get(title="乙").pk
    Change.objects.create(pk=top.pk + 5, article_id=early)
    at_build = outbox.end()
    Change.objects.create(pk=top.pk + 2, article_id=late)
    assert outbox.beyond(at_build).articles == {late}
    ((batch, reached),) = outbox.in_batches(at_build, 100)
    assert batch.articles == {late}
    assert not outbox.beyond(reached)
    Change.objects.create(pk=top.pk + 3, article_id=early)
    assert outbox.beyond(reached, limit=1).articles == {early}


def test_an_old_gap_is_not_waited_for_when_an_index_is_built(issue: Issue) -> None:
    top = Change.objects.order_by("pk").last()
    assert top is not None
    Change.objects.create(pk=top.pk + 5, article_id=1)
    assert outbox.end().gaps
    Change.objects.update(created_at=timezone.now() - dt.timedelta(seconds=GAP_SECONDS + 1))
    assert outbox.end().gaps == ()


def test_nearly_always_one_row_tells_that_nothing_waits(issue: Issue) -> None:
    sync.drain()
    position = Position.from_json(current_engine().generations.live().manifest.position)
    with CaptureQueriesContext(connection) as queries:
        assert outbox.withdrawn(position) == []
    assert len(queries) == 1
