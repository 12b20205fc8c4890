"""More faults of the stock stack: reading, files, dates, sizes. See test_stock_faults."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import shutil
import subprocess
import sys
import threading
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pytest
from haystack import connections
from haystack.exceptions import SearchBackendError
from haystack.query import SearchQuerySet
from whoosh.index import FileIndex, LockError, open_dir

from archive.models import Article, Issue
from benchmarks.stock.connection import ALIAS
from search.engines.registry import current_engine, engine_for
from search.engines.whoosh.committing import INDEX_NAME
from search.indexing import sync, visible
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import ROOT, WeekMaker
from tests.search.stock import lose_documents, stock_path, stock_total, total
from tests.writing import delete, save

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.nightly]


def stock_index() -> Any:
    return connections[ALIAS].get_unified_index().get_index(Article)


def from_index(query: str = "common") -> int:
    """How many the index itself finds: fails when the database had to answer."""
    found = find(SearchRequest(query))
    assert found is not None
    assert found.notice == ""
    return found.total


def notice() -> str:
    found = find(SearchRequest("common"))
    return found.notice if found else ""


def reopen() -> None:
    engine_for.cache_clear()  # as a process that starts


# --- Writing -------------------------------------------------------------------------------------------


def test_h2_a_save_waits_as_long_as_anybody_writes(issue_of_seven: Issue, stock: Any) -> None:
    writer = open_dir(str(stock_path())).writer()
    saving = threading.Thread(
        target=stock.update, args=(stock_index(), [issue_of_seven.articles.get(position=1)])
    )
    saving.start()
    saving.join(1.5)
    assert saving.is_alive()
    writer.cancel()
    saving.join(30)
    assert not saving.is_alive()

    with current_engine().lock("write", 0):
        save(issue_of_seven.articles.get(position=1))  # it comes back although the lock stays held
        assert sync.waiting()


def test_h3_the_stock_backend_stays_locked_after_an_error(issue_of_seven: Issue, stock: Any) -> None:
    class Torn(Article):
        class Meta:
            app_label = "archive"
            proxy = True

        @property
        def text(self) -> str:
            raise OSError("the database went away")

    with pytest.raises(OSError, match="went away") as kept:
        stock.update(stock_index(), [issue_of_seven.articles.get(position=1), Torn.objects.first()])
    assert kept
    with pytest.raises(LockError):
        open_dir(str(stock_path())).writer()
    # Ours: test_h3_an_error_in_one_article_leaves_the_index_unlocked, and tests/faults/test_lines.py.


def test_h18_a_save_rewrites_what_was_there(issue_of_seven: Issue, stock: Any) -> None:
    def segments(path: Path, name: str) -> set[str]:
        index = open_dir(str(path), indexname=name) if name == "MAIN" and path == stock_path() else None
        return {segment.segment_id() for segment in index._segments()} if index else set()

    first = segments(stock_path(), "MAIN")
    ours = {name for name in current_engine().generations.live().manifest.files if name.endswith(".trm")}
    for number in range(12):
        article = issue_of_seven.articles.get(position=1)
        article.source = f"source {number}"
        save(article)
        stock.update(stock_index(), [article])
    assert not first & segments(stock_path(), "MAIN")  # merged, within one of the saves
    assert ours <= set(current_engine().generations.live().manifest.files)
    assert INDEX_NAME == "MAIN"


def test_h33_a_writer_that_loses_a_document_is_believed(
    issue_of_seven: Issue,
    stock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Whoosh's writer of several processes does when one of them dies."""
    before = current_engine().generations.live().path
    lose_documents(monkeypatch, {3, 7 + 3})  # Whoosh's writer, then ours
    stock.clear()
    stock.setup()
    stock.update(stock_index(), stock_index().index_queryset())
    assert stock_total(stock) == 6
    with pytest.raises(Exception, match="1 articles or issues missing"):
        sync.rebuild()
    assert (current_engine().generations.live().path, from_index()) == (before, 7)


# --- Files ---------------------------------------------------------------------------------------------


WRITE_ON = """
import sys, time
from whoosh.index import open_dir
writer = open_dir(sys.argv[1]).writer()
for number in range(200):
    writer.add_document(id=str(number), django_ct="archive.article", django_id=str(number), text="common words")
print("writes", flush=True)
time.sleep(600)
"""


def test_h5_a_killed_process_breaks_nothing_and_leaves_files_behind(
    issue_of_seven: Issue, stock: Any
) -> None:
    """Safe on the stock stack too, but for what stays on the disk. Of ours that is killed: tests/faults `kills`."""
    before = {path.name for path in stock_path().iterdir()}
    with subprocess.Popen([sys.executable, "-c", WRITE_ON, stock_path()], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"writes\n"
        other.kill()
    assert stock_total(stock) == 7
    open_dir(str(stock_path())).writer().cancel()  # the lock is free
    assert {path.name for path in stock_path().iterdir()} - before


def test_h6_a_torn_table_of_contents_ends_every_search(issue_of_seven: Issue, stock: Any) -> None:
    for path, pattern in (
        (stock_path(), "_MAIN_*.toc"),
        (current_engine().generations.live().path, "_MAIN_*.toc"),
    ):
        for toc in path.glob(pattern):
            toc.write_bytes(b"")
    with pytest.raises(Exception):  # noqa: B017, PT011 - struct.error, TypeError, EOFError: as it comes
        stock.setup()
    reopen()
    assert total() == 7
    assert sync.bring_up_to_date() is True
    assert from_index() == 7


def test_h7_a_missing_table_of_contents_is_an_empty_index(issue_of_seven: Issue, stock: Any) -> None:
    for path in (stock_path(), current_engine().generations.live().path):
        for toc in path.glob("_MAIN_*.toc"):
            toc.unlink()
    stock.setup()
    assert stock_total(stock) == 0  # and no error
    reopen()
    assert (total(), "正在更新" in notice()) == (7, True)


def test_h8_an_index_of_another_analyzer_is_asked_all_the_same(issue_of_seven: Issue, stock: Any) -> None:
    from whoosh.analysis import StandardAnalyzer

    article = issue_of_seven.articles.get(position=1)
    article.title = "先进封装扩产"
    save(article)
    analyzer = stock.schema["text"].analyzer
    stock.schema["text"].analyzer = StandardAnalyzer()  # the code before an upgrade
    stock.update(stock_index(), [article])
    stock.schema["text"].analyzer = analyzer
    stock.setup()
    assert stock_total(stock, "封装") == 0  # and no error

    manifest = current_engine().generations.live()
    manifest.manifest.__class__(**{**vars(manifest.manifest), "version": "v0.1"}).write(manifest.path)
    assert (total("封装"), "正在更新" in notice()) == (1, True)


def test_h32_a_planted_table_of_contents_runs(issue_of_seven: Issue, stock: Any, tmp_path: Path) -> None:
    """Ours: test_a_table_of_contents_that_somebody_planted_is_not_run."""
    proof = tmp_path / "proof"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(proof),)

    [toc] = stock_path().glob("_MAIN_*.toc")
    data = toc.read_bytes()
    start = data.index(b"\x80\x02")  # where the first pickle begins
    toc.write_bytes(data[:start] + pickle.dumps(Evil(), 2) + data[start:])
    with pytest.raises(Exception):  # noqa: B017, PT011 - too late
        open_dir(str(stock_path())).searcher()
    assert proof.exists()


def test_h34_no_file_of_the_index_is_mapped_into_memory(issue_of_seven: Issue, stock: Any) -> None:
    def mapped(path: Path) -> set[str]:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
        return {line.split()[-1] for line in lines if str(path) in line}

    open_index = open_dir(str(stock_path()))
    searcher = open_index.searcher()
    assert mapped(stock_path())
    searcher.close()
    reopen()
    assert from_index() == 7
    assert mapped(current_engine().generations.root) == set()


# --- Reading -------------------------------------------------------------------------------------------


def test_h11_everything_and_leading_wildcards_find_nothing(issue_of_seven: Issue, stock: Any) -> None:
    assert (stock_total(stock, "*"), stock_total(stock, "*own*")) == (0, 0)
    assert (connections["default"].get_backend().search("")["hits"], total("own")) == (7, 7)


def test_h12_a_draft_that_a_commit_moved_under_the_filter_is_not_shown(
    issue_of_seven: Issue,
    stock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A commit between the two readers of one search. Stock applies document numbers of the one to the other."""
    refresh, calls = FileIndex.refresh, []

    def commit_before(self: FileIndex) -> FileIndex:
        calls.append(self)
        writer = open_dir(str(stock_path())).writer()
        writer.delete_by_term("django_id", str(issue_of_seven.articles.get(position=len(calls)).pk))
        writer.commit(optimize=True)  # numbers move
        return refresh(self)

    wanted = issue_of_seven.articles.get(position=6)
    monkeypatch.setattr(FileIndex, "refresh", commit_before)
    found = stock.search("common", narrow_queries={f"django_id:{wanted.pk}"})["results"]
    monkeypatch.undo()
    assert calls
    assert {int(row.pk) for row in found} != {wanted.pk}

    with visible.pinned():
        held = current_engine().snapshot()
        delete(Issue.objects.get(pk=issue_of_seven.pk).articles.get(position=1))
        sync.rebuild()  # other numbers, another generation
        assert current_engine().snapshot() is held
        again = (
            connections["default"]
            .get_backend()
            .search("common", narrow_queries=[f"title:{wanted.title}"])["results"]
        )
        assert {int(row.pk) for row in again} == {wanted.pk}
    assert from_index() == 6


@pytest.mark.parametrize("nothing", ["的", "US", "\\", '"', "'"])
def test_h13_nothing_to_search_for_beside_a_filter_gives_everything(
    issue_of_seven: Issue,
    stock: Any,
    nothing: str,
) -> None:
    asked = SearchQuerySet().using(ALIAS).auto_query(nothing)
    assert asked.count() == 0
    assert asked.filter(title="Title").count() == 7  # fewer may match with a filter, never more
    found = find(SearchRequest(nothing, year=(2025,)))
    assert found is None or found.total == 0


def test_h13_words_that_are_typed_are_orders_to_the_stock_query_language(
    issue_of_seven: Issue, stock: Any
) -> None:
    typed = "common ANDNOT own1"
    cleaned = connections[ALIAS].get_query().clean(typed)  # Haystack's own cleaning of what users type
    wanted = issue_of_seven.articles.get(position=1).pk
    assert wanted not in {int(result.pk) for result in stock.search(cleaned)["results"]}
    found = find(SearchRequest(typed))  # ANDNOT is a word like any other
    assert found is not None
    assert [hit.article.pk for hit in found.results] == [wanted]


@pytest.mark.parametrize(
    ("typed", "error"),
    [("'~own1^", AttributeError), ("* REQUIRE ANDNOT NOT", AssertionError), ("NOT ANDNOT { (", IndexError)],
)
def test_h13_what_is_typed_breaks_the_stock_parser(
    issue_of_seven: Issue,
    stock: Any,
    typed: str,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        stock.search(typed)
    found = find(SearchRequest(typed))
    assert found is None or found.notice == ""


def test_h14_the_same_moment_is_another_in_another_zone(issue_of_seven: Issue, stock: Any) -> None:
    moment = dt.datetime(2025, 3, 21, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    asked = connections[ALIAS].get_query()
    assert asked._convert_datetime(moment) != asked._convert_datetime(moment.astimezone(dt.UTC))
    # Ours stores the day of the issue_of_seven, a number: there is no zone that could be lost.
    snapshot = current_engine().snapshot()
    assert set(snapshot.numbers["end_date"].tolist()) == {20250321}


def test_h15_facets_are_names_and_not_stems(make_issue: WeekMaker, issue_of_seven: Issue, stock: Any) -> None:
    counted = stock.search("common", facets={"title": {}})["facets"]["fields"]["title"]
    assert "Title 1" not in {value for value, _ in counted}
    make_issue({"Others": "common words"}, end_date="2025-04-04", columnist="Published, Weekly")
    found = find(SearchRequest("common"))
    assert found is not None
    assert ("Published, Weekly", 1) in found.facets["columnist"]


def test_h16_facets_of_everything_and_orders_of_both_directions(issue_of_seven: Issue, stock: Any) -> None:
    assert not stock.search("*", facets={"title": {}}).get("facets")
    with pytest.raises(SearchBackendError):
        stock.search("common", sort_by=["title", "-end_date"])
    ours = (
        connections["default"]
        .get_backend()
        .search("", sort_by=["-end_date", "position"], facets={"year": {}})
    )
    assert [row.pk for row in ours["results"]] == [
        str(pk) for pk in issue_of_seven.articles.order_by("position").values_list("pk", flat=True)
    ]
    assert ours["facets"]["fields"]["year"] == [("2025", 7)]


def test_h17_a_hit_is_an_id_and_not_the_text(issue_of_seven: Issue, stock: Any) -> None:
    assert "common words" in stock.search("common")["results"][0].text
    assert connections["default"].get_backend().search("common")["results"][0].text is None


# --- Libraries and sizes -------------------------------------------------------------------------------


def test_h31_whoosh_is_the_one_that_was_read_and_can_be_done_without(issue_of_seven: Issue) -> None:
    assert packages_distributions()["whoosh"] == ["Whoosh-Reloaded"]
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert f"whoosh-reloaded=={version('whoosh-reloaded')} \\\n    --hash=sha256:" in pinned
    assert "whoosh3==" not in pinned
    shutil.rmtree(current_engine().generations.root)
    assert total() == 7  # the database answers
    sync.rebuild()
