"""What the worker does for the index: changes are brought in, damage is mended, a lost index is built anew."""

from __future__ import annotations

import shutil

import pytest
from django.db import connection
from django.utils import timezone
from filelock import FileLock

from archive.editing import save_issue
from archive.models import Article, Issue
from claims.models import Claim
from search import tasks
from search.engines.registry import current_engine
from search.engines.whoosh.committing import MANY_SEGMENTS
from search.indexing import follower, outbox, sync
from search.models import Change, SetAside
from search.results.request import SearchRequest
from search.results.service import find
from search.tasks import IndexUpkeep
from tests.conftest import WeekMaker
from tests.writing import delete, save
from worker.models import Task


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Rebuild:
    """A rebuild that takes `rounds` looks, as one in a process of its own does."""

    def __init__(self, rounds: int = 1) -> None:
        self.rounds = rounds
        self.begun = 0
        self.succeeds = True
        self._left = 0

    def __call__(self) -> Rebuild:
        self.begun += 1
        self._left = self.rounds
        return self

    def is_alive(self) -> bool:
        self._left -= 1
        if not self._left and self.succeeds:
            sync.rebuild()
        return bool(self._left)

    @property
    def exitcode(self) -> int:
        return int(not self.succeeds)


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue({"英特尔18A量产": "背面供电。", "台积电扩产": "先进封装。"})


def total(query: str) -> tuple[int, bool]:
    """How many articles answer, and whether the index was asked."""
    found = find(SearchRequest(query))
    assert found is not None
    return found.total, not found.notice


def test_it_brings_in_what_a_save_left(issue: Issue) -> None:
    with FileLock(current_engine().generations.lock_path("write")):
        delete(issue.articles.get(position=1))
        IndexUpkeep(Rebuild()).round()  # somebody else writes: not now
        assert sync.waiting()
    IndexUpkeep(Rebuild()).round()
    assert not sync.waiting()
    assert total("英特尔") == (0, True)


def test_it_rebuilds_when_nothing_can_answer_and_once_at_a_time(issue: Issue) -> None:
    for generation in current_engine().generations.candidates():
        (generation.path / "manifest.json").unlink()
    rebuild = Rebuild(rounds=3)
    keeper = IndexUpkeep(rebuild)
    for _ in range(3):
        keeper.round()
    assert (rebuild.begun, total("台积电")) == (1, (1, False))
    keeper.round()
    assert (rebuild.begun, total("台积电")) == (1, (1, True))
    keeper.round()
    assert rebuild.begun == 1


def test_it_waits_longer_after_every_rebuild_that_fails(issue: Issue) -> None:
    for generation in current_engine().generations.candidates():
        (generation.path / "manifest.json").unlink()
    clock, rebuild = Clock(), Rebuild()
    rebuild.succeeds = False
    keeper = IndexUpkeep(rebuild, clock)
    begun = []
    for _ in range(200):
        keeper.round()
        begun.append(rebuild.begun)
        clock.now += 1
    starts = [second for second in range(1, 200) if begun[second] > begun[second - 1]]
    assert starts == [11, 32, 73, 154]  # each failure is seen a second after its start
    rebuild.succeeds = True
    clock.now += tasks.LONGEST_PAUSE_SECONDS
    keeper.round()
    keeper.round()
    assert total("台积电") == (1, True)


def test_it_leaves_the_index_of_newer_code_alone_and_goes_on_with_its_own(issue: Issue) -> None:
    """Else an old worker and a new one would each build theirs, in turns, for ever."""
    live = current_engine().generations.live().path
    newer = current_engine().generations.folder / "v99.1"
    shutil.copytree(current_engine().generations.root, newer)
    theirs = {path: path.read_bytes() for path in newer.rglob("*") if path.is_file()}
    rebuild = Rebuild()
    keeper = IndexUpkeep(rebuild)
    delete(issue.articles.get(position=2))
    for _ in range(3):
        keeper.round()
    tasks.delete_old_generations.call()
    assert rebuild.begun == 0
    assert current_engine().generations.live().path == live
    assert total("台积电") == (0, True)
    assert {path: path.read_bytes() for path in newer.rglob("*") if path.is_file()} == theirs
    shutil.rmtree(newer)


def test_it_merges_small_segments_so_that_saves_need_not(issue: Issue) -> None:
    article = issue.articles.get(position=1)
    for number in range(MANY_SEGMENTS + 3):
        article.source = f"来源{number}"
        save(article)
    assert len(segments()) > MANY_SEGMENTS
    IndexUpkeep(Rebuild()).round()
    assert len(segments()) <= 2
    assert (total("英特尔"), total("来源1")[0]) == ((1, True), 1)


def segments() -> set[str]:
    files = current_engine().generations.live().manifest.files
    return {name.split(".")[0] for name in files if name.startswith("MAIN_")}


def test_a_save_leaves_large_work_to_a_server_that_is_there(issue: Issue) -> None:
    articles = [
        {"issue": issue, "position": number, "title": f"第{number}条", "body": "<p>铠侠</p>"}
        for number in range(3, 4 + follower.SAVE_INDEXES)
    ]
    with FileLock(current_engine().generations.lock_path("maintain")):
        save_issue(issue, [issue.articles.model(**fields) for fields in articles])
        waiting = len(sync.waiting().numbers)
        assert waiting > follower.SAVE_INDEXES
        article = issue.articles.get(position=3)
        save(article)
        assert len(sync.waiting().numbers) == waiting + 1
    save(article)  # nobody there: it does all of it
    assert not sync.waiting()
    assert total("铠侠")[0] == len(articles)


def test_the_health_page_tells_what_waits_and_what_was_set_aside(issue: Issue, client: object) -> None:
    SetAside.objects.create(index=current_engine().name, article_id=1, error="x", attempts=10)
    SetAside.objects.create(index="another:/machine", article_id=2, error="x", attempts=1)
    with FileLock(current_engine().generations.lock_path("write")):
        save(issue)
        answer = client.get("/readyz").json()  # type: ignore[attr-defined]
    assert {name: answer["search"][name] for name in ("waiting", "set_aside", "given_up", "documents")} == {
        "waiting": 2,
        "set_aside": 1,
        "given_up": 1,
        "documents": 2,
    }


def test_the_golden_queries_are_asked_once_for_each_generation(issue: Issue) -> None:
    waiting = Task.objects.filter(name="insight.tasks.check_golden_queries", state=Task.State.READY)
    waiting.delete()
    keeper = IndexUpkeep(Rebuild())
    keeper.round()
    assert waiting.count() == 1
    waiting.delete()
    keeper.round()
    assert waiting.count() == 0
    sync.rebuild()
    keeper.round()
    assert waiting.count() == 1


def test_one_looks_after_an_index_and_another_takes_over(issue: Issue) -> None:
    first, second = IndexUpkeep(Rebuild()), IndexUpkeep(Rebuild())
    first.round()
    with FileLock(current_engine().generations.lock_path("write")):
        delete(issue.articles.get(position=1))
    second.round()
    assert sync.waiting()
    first.end()
    second.round()
    assert not sync.waiting()


def test_a_comparison_mends_what_differs(issue: Issue) -> None:
    Claim.objects.filter(article__issue=issue)._raw_delete(using="default")
    Article.objects.filter(pk__in=issue.articles.values("pk"))._raw_delete(using="default")
    tasks.compare.call()
    assert total("英特尔") == (0, True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps a word in a column of numbers")
def test_a_comparison_has_what_it_can_not_mend_as_its_error(issue: Issue) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_article SET position = 'first' WHERE position = 1")
    with pytest.raises(RuntimeError, match=r"1 missing \(published, but not in the index\)"):
        tasks.compare.call()


def test_old_changes_and_generations_are_deleted(issue: Issue) -> None:
    Change.objects.update(created_at=timezone.now() - outbox.KEPT_FOR * 2)
    for _ in range(3):
        sync.rebuild()
    tasks.delete_old_changes.call()
    tasks.delete_old_generations.call()
    assert Change.objects.count() == 1
    assert len(list(current_engine().generations.root.glob("2*"))) == 2
