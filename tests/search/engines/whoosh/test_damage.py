"""Files of the index that are cut short, changed, gone or foreign: noticed, never an error to a member, healed."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from archive.models import Article, Issue
from search.engines.base import IndexUnavailable
from search.engines.documents import DocumentId
from search.engines.registry import current_engine, engine_for
from search.engines.whoosh.manifest import MANIFEST, Manifest
from search.engines.whoosh.repair import Inspector, repair
from search.indexing import sync
from search.indexing.apply_changes import apply_changes
from search.indexing.state import index_state
from search.models import SetAside
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.writing import delete, save

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLES = {"英特尔18A量产": "背面供电。", "台积电扩产": "先进封装，背面供电。", "存储涨价": "铠侠。"}


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    issue = make_issue(ARTICLES)
    save(issue.articles.get(title="存储涨价"))  # a second segment, and a compound one
    return issue


def root() -> Path:
    return current_engine().generations.root


def titles(query: str) -> set[str]:
    found = find(SearchRequest(query))
    assert found is not None
    assert found.total == len(found.results)
    return {hit.article.title for hit in found.results}


def notice() -> str:
    found = find(SearchRequest("背面供电"))
    assert found is not None
    return found.notice


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [cut, empty, flip, zero, remove])
def test_a_damaged_file_is_noticed_and_nobody_gets_an_error(
    issue: Issue, client: Client, damage: Callable[[Path], None]
) -> None:
    """Every file of a generation, one after the other, in a process that reads it for the first time."""
    pristine = root().with_name("pristine")
    shutil.rmtree(pristine, ignore_errors=True)
    shutil.copytree(root(), pristine)
    name = current_engine().generations.live().path.name
    files = sorted(Manifest.read(root() / name).files)
    assert len(files) > 15
    try:
        for file in [*files, MANIFEST]:
            shutil.rmtree(root())
            shutil.copytree(pristine, root())
            damage(root() / name / file)
            Path(root() / "CURRENT").touch()
            engine_for.cache_clear()  # as a process that starts
            assert titles("背面供电") == {"英特尔18A量产", "台积电扩产"}, file
            assert client.get("/search/", {"q": "铠侠", "explain": 1}).status_code == 200
            assert client.get("/api/v1/suggest", {"q": "英特"}).status_code == 200
            assert "搜索正在更新" in notice(), file
            ready = client.get("/readyz")
            assert (ready.status_code, "manage.py" in ready.json()["index"]) == (503, True), file
    finally:
        shutil.rmtree(pristine)
    call_command("update_index", verbosity=0)
    assert (notice(), index_state().is_ready) == ("", True)


@pytest.mark.parametrize("extension", ["trm", "pst"])
def test_a_save_into_a_damaged_index_is_no_fault_of_what_is_saved(issue: Issue, extension: str) -> None:
    empty(next(current_engine().generations.live().path.glob(f"*.{extension}")))
    article = issue.articles.get(title="台积电扩产")
    article.title = "台积电减产"
    with pytest.raises(IndexUnavailable, match="can not be read"):
        current_engine().write([], [DocumentId("article", article.pk)], current_engine().state().position)
    save(article)
    assert not SetAside.objects.exists()
    sync.bring_up_to_date()
    assert (titles("背面供电"), notice()) == ({"英特尔18A量产", "台积电减产"}, "")


def test_a_file_that_changes_under_a_reader_is_noticed_by_the_next_look(issue: Issue) -> None:
    inspector = Inspector()
    assert repair(current_engine().generations, apply_changes, inspector) is False
    live = current_engine().generations.live()
    segment = next(live.path.glob("*.seg"))
    flip(segment)
    assert inspector.corrupt_files(live) == [segment.name]


def test_an_hourly_look_notices_what_a_disk_changes_without_telling(issue: Issue) -> None:
    inspector = Inspector()
    live = current_engine().generations.live()
    segment = next(live.path.glob("*.seg"))
    assert inspector.corrupt_files(live) == []
    times = segment.stat()
    data = bytearray(segment.read_bytes())
    data[-1] ^= 1
    with segment.open("r+b") as file:
        file.write(data)
    os.utime(segment, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert inspector.corrupt_files(live) == []
    inspector.forget()
    assert inspector.corrupt_files(live) == [segment.name]


def test_the_generation_before_takes_over_with_everything_that_changed_since(issue: Issue) -> None:
    before = current_engine().generations.live().path
    sync.rebuild()
    damaged = current_engine().generations.live().path
    assert damaged != before
    article = issue.articles.get(title="存储涨价")
    article.title = "存储降价"
    save(article)
    delete(issue.articles.get(title="台积电扩产"))
    flip(next(damaged.glob("*.pst")))
    assert sync.bring_up_to_date() is False  # it was not built anew
    assert current_engine().generations.live().path == before
    assert (titles("背面供电"), titles("铠侠"), notice()) == ({"英特尔18A量产"}, {"存储降价"}, "")
    assert (damaged / "DAMAGED").exists()
    assert damaged.name in current_engine().generations.remove_old()


def test_a_generation_that_lacks_what_nobody_noted_does_not_take_over(issue: Issue) -> None:
    """Articles written past the use cases stand in no list of changes: only the archive itself tells of them."""
    Article.objects.bulk_create([Article(issue=issue, position=9, title="光刻胶", body="<p>背面供电。</p>")])
    sync.rebuild()
    flip(next(current_engine().generations.live().path.glob("*.pst")))
    assert sync.bring_up_to_date() is True  # it was built anew
    assert titles("背面供电") == {"英特尔18A量产", "台积电扩产", "光刻胶"}


def test_when_both_generations_are_damaged_the_index_is_built_anew(issue: Issue) -> None:
    sync.rebuild()
    for path in root().glob("2*"):
        flip(next(path.glob("*.pst")))
    assert sync.bring_up_to_date() is True
    assert (titles("背面供电"), notice()) == ({"英特尔18A量产", "台积电扩产"}, "")


@pytest.mark.parametrize(
    "pointer", ["", "\x00" * 22, "20250101-000000-abcdef", "../../evil", "/etc", "CURRENT", "☃"]
)
def test_a_wrong_pointer_leads_nowhere_and_is_put_right(issue: Issue, pointer: str) -> None:
    live = current_engine().generations.live().path
    (root() / "CURRENT").write_text(pointer, encoding="utf-8")
    assert "搜索正在更新" in notice()
    assert titles("铠侠") == {"存储涨价"}
    assert sync.bring_up_to_date() is False
    assert (current_engine().generations.live().path, notice()) == (live, "")


def test_a_table_of_contents_that_somebody_planted_is_not_run(issue: Issue, tmp_path: Path) -> None:
    """Whoosh unpickles it, and a pickle is a program."""
    proof = tmp_path / "proof"
    live = current_engine().generations.live()

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(proof),)

    toc = live.path / f"_MAIN_{live.manifest.commit}.toc"
    toc.write_bytes(toc.read_bytes()[:17] + pickle.dumps(Evil(), 2))
    newer = live.path / f"_MAIN_{live.manifest.commit + 1}.toc"
    newer.write_bytes(toc.read_bytes())
    engine_for.cache_clear()
    assert titles("铠侠") == {"存储涨价"}
    sync.bring_up_to_date()
    assert titles("铠侠") == {"存储涨价"}
    assert not proof.exists()


def test_a_generation_elsewhere_is_not_followed(issue: Issue, tmp_path: Path) -> None:
    live = current_engine().generations.live().path
    foreign = tmp_path / "index"
    shutil.copytree(live, foreign)
    shutil.rmtree(live)
    live.symlink_to(foreign)
    assert live not in [candidate.path for candidate in current_engine().generations.candidates()]
    (root() / "CURRENT").touch()
    with pytest.raises(IndexUnavailable, match="rebuild_index"):
        current_engine().generations.live()
    current_engine().generations.remove_old()
    assert foreign.exists()
    live.unlink(missing_ok=True)


def test_a_folder_that_others_may_write_is_not_read(issue: Issue) -> None:
    root().chmod(0o777)
    try:
        (root() / "CURRENT").touch()
        with pytest.raises(IndexUnavailable, match="chmod 700"):
            current_engine().generations.live()
        assert "搜索正在更新" in notice()
    finally:
        root().chmod(0o700)
    assert notice() == ""


def test_an_unfinished_generation_is_never_chosen_and_is_removed(issue: Issue) -> None:
    """What a killed rebuild leaves: all of Whoosh's files, and no manifest."""
    live = current_engine().generations.live().path
    unfinished = live.with_name("20990101-000000-abcdef")
    shutil.copytree(live, unfinished)
    (unfinished / MANIFEST).unlink()
    (root() / "CURRENT").unlink()
    assert sync.bring_up_to_date() is False
    assert current_engine().generations.live().path == live
    assert current_engine().generations.remove_old() == [unfinished.name]


def test_leftovers_of_a_killed_commit_are_removed_by_the_next(issue: Issue) -> None:
    live = current_engine().generations.live()
    (live.path / f"_MAIN_{live.manifest.commit + 1}.toc").write_bytes(b"half")
    (live.path / "MAIN_0123456789abcdef.seg").write_bytes(b"half")
    (live.path / "MAIN.tmp").mkdir()
    engine_for.cache_clear()
    assert (titles("铠侠"), notice()) == ({"存储涨价"}, "")
    save(issue.articles.get(title="存储涨价"))
    after = current_engine().generations.live()
    assert {path.name for path in after.path.iterdir()} == {MANIFEST, *after.manifest.files}
    assert after.manifest.commit == live.manifest.commit + 1
