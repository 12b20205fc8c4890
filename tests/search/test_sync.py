"""The index follows the database: after each commit, and never before."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from filelock import FileLock
from lxml import html
from pytest_django.fixtures import Settings

from archive.body import from_text
from archive.models import Article, Issue
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import sync
from search.query.tree import Leaf
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.writing import create, delete, save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue({"英特尔18A量产": "背面供电。", "台积电扩产": "先进封装。"})


def titles(query: str) -> list[str]:
    found = find(SearchRequest(query))
    return [hit.article.title for hit in found.results] if found else []


def test_a_saved_article_is_found_by_its_new_text_and_no_longer_by_its_old(issue: Issue) -> None:
    article = issue.articles.get(position=1)
    article.body = from_text(["玻璃基板。"])
    save(article)
    assert titles("玻璃基板") == ["英特尔18A量产"]
    assert titles("背面供电") == []


def test_a_deleted_article_is_not_found(issue: Issue) -> None:
    delete(issue.articles.get(position=1))
    assert titles("英特尔") == []


def test_a_deleted_issue_takes_its_articles_along(issue: Issue) -> None:
    delete(issue)
    assert (titles("英特尔"), titles("台积电")) == ([], [])


def test_a_withdrawn_issue_is_not_found_and_a_published_one_is_again(issue: Issue) -> None:
    issue.status = Issue.Status.DRAFT
    save(issue)
    assert titles("英特尔") == []
    issue.status = Issue.Status.PUBLISHED
    save(issue)
    assert titles("英特尔") == ["英特尔18A量产"]


def test_a_rolled_back_change_leaves_no_trace(issue: Issue) -> None:
    with transaction.atomic():
        create(Article, issue=issue, position=3, title="存储涨价", body="<p>铠侠</p>")
        transaction.set_rollback(True)
    assert titles("铠侠") == []
    assert not sync.waiting()


def test_a_week_is_one_write_of_the_index(issue: Issue) -> None:
    before = current_engine().generations.live().manifest.commit
    with transaction.atomic():
        for position in range(3, 13):
            create(Article, issue=issue, position=position, title=f"第{position}条", body="<p>铠侠</p>")
        assert len(sync.waiting().numbers) == 10
        assert titles("铠侠") == []
    assert not sync.waiting()
    assert current_engine().generations.live().manifest.commit == before + 1
    assert len(titles("铠侠")) == 10


def test_drafts_are_never_in_the_index(issue: Issue) -> None:
    draft = create(Issue, title="草稿周报", start_date="2025-03-28", end_date="2025-03-28")
    create(Article, issue=draft, position=1, title="未发布的铠侠消息", body="<p>铠侠</p>")
    call_command("rebuild_index", verbosity=0)
    assert titles("铠侠") == []
    assert current_engine().counts([Leaf("铠侠")]) == [0]


def test_a_change_waits_for_another_writer_and_is_taken_along_later(issue: Issue) -> None:
    with FileLock(current_engine().generations.lock_path("write")):
        article = issue.articles.get(position=1)
        article.title = "铠侠上市"
        save(article)
        assert len(sync.waiting().numbers) == 1
    assert sync.drain() == 1
    assert titles("铠侠") == ["铠侠上市"]


def test_what_was_withdrawn_shows_in_no_result_and_no_count_before_the_index_knows(issue: Issue) -> None:
    with FileLock(current_engine().generations.lock_path("write")):
        issue.status = Issue.Status.DRAFT
        save(issue)
        found = find(SearchRequest("台积电 OR 英特尔"))
        assert found is not None
        assert (found.total, list(found.results)) == (0, [])


def test_without_an_index_the_database_answers_and_says_so(issue: Issue) -> None:
    generations = current_engine().generations
    (generations.root / "CURRENT").unlink()
    with pytest.raises(IndexUnavailable, match="rebuild_index"):
        generations.live()
    found = find(SearchRequest("先进封装 -英特尔"))
    assert found is not None
    assert [hit.article.title for hit in found.results] == ["台积电扩产"]
    assert "搜索正在更新" in found.notice
    call_command("update_index", verbosity=0)
    assert find(SearchRequest("先进封装")).notice == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("damage", [b"", b"\x00" * 64])
def test_a_damaged_index_is_no_error_to_a_member(issue: Issue, damage: bytes) -> None:
    path = current_engine().generations.live().path
    for toc in path.glob("_MAIN_*.toc"):
        toc.write_bytes(damage)
    assert titles("台积电") == ["台积电扩产"]
    call_command("rebuild_index", verbosity=0)
    assert find(SearchRequest("台积电")).notice == ""  # type: ignore[union-attr]


def become_another_version() -> None:
    """As after an upgrade of what cuts text: no generation is of the code that runs."""
    for generation in current_engine().generations.candidates():
        replace(generation.manifest, version="another").write(generation.path)


def test_an_index_of_another_version_is_not_asked(issue: Issue) -> None:
    become_another_version()
    found = find(SearchRequest("台积电"))
    assert found is not None
    assert (found.total, "搜索正在更新" in found.notice) == (1, True)
    assert sync.bring_up_to_date() is True
    assert sync.bring_up_to_date() is False


@pytest.mark.usefixtures("issue")
def test_the_log_says_why_an_index_is_built_anew_and_nothing_of_the_first(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shutil.rmtree(current_engine().generations.root)
    assert sync.bring_up_to_date() is True
    assert caplog.records == []
    become_another_version()
    assert sync.bring_up_to_date() is True
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "another version" in caplog.text


def test_the_first_save_of_all_builds_the_index(
    transactional_db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.SEARCH_URL = f"whoosh://{tmp_path}/index"
    issue = create(Issue, title="周报", start_date="2025-03-21", end_date="2025-03-21", status="published")
    create(Article, issue=issue, position=1, title="铠侠上市", body="")
    assert current_engine().counts([Leaf("铠侠")]) == [1]


def test_an_error_while_writing_leaves_the_index_unlocked_and_the_change_noted(
    issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = issue.articles.get(position=1)
    with monkeypatch.context() as patched:
        patched.setattr("whoosh.codec.whoosh3.W3PerDocWriter.start_doc", _full_disk)
        article.title = "铠侠上市"
        save(article)
    assert len(sync.waiting().numbers) == 1
    assert sync.drain() == 1
    assert titles("铠侠") == ["铠侠上市"]


def _full_disk(*args: object, **kwargs: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_removed_index_is_built_whole_by_the_next_save(issue: Issue) -> None:
    shutil.rmtree(current_engine().generations.root)
    save(issue.articles.get(position=1))
    found = find(SearchRequest("台积电 OR 英特尔"))
    assert found is not None
    assert (found.total, found.notice) == (2, "")


@pytest.mark.parametrize(
    ("kind", "action", "left"),
    [("issue", "withdraw", 0), ("issue", "delete_selected", 0), ("article", "delete_selected", 1)],
)
def test_what_editors_do_in_bulk_is_in_the_index_by_itself(
    admin_client: Client,
    make_issue: WeekMaker,
    kind: str,
    action: str,
    left: int,
) -> None:
    weeks = [
        make_issue({f"铠侠{day}": "铠侠扩产。"}, end_date=f"2025-03-{day}", status="draft")
        for day in (14, 21)
    ]
    chosen = {"_selected_action": [week.pk for week in weeks]}
    assert titles("铠侠") == []
    _choose(admin_client, "issue", "publish", chosen, how="publish")
    assert sync.waiting().numbers == []
    assert sorted(titles("铠侠")) == ["铠侠14", "铠侠21"]
    if kind == "article":
        chosen = {"_selected_action": [weeks[0].articles.get().pk]}
    _choose(admin_client, kind, action, chosen)
    assert sync.waiting().numbers == []
    assert len(titles("铠侠")) == left


def _choose(client: Client, kind: str, action: str, chosen: dict[str, list[int]], **pressed: str) -> None:
    """Chooses an action of the list, and confirms it on the page that it leads to."""
    asked = client.post(f"/admin/archive/{kind}/", {"action": action, **chosen}, follow=True)
    [form] = [form for form in html.fromstring(asked.content).forms if form.method == "POST"][-1:]
    here = asked.redirect_chain[-1][0] if asked.redirect_chain else f"/admin/archive/{kind}/"
    sent: dict[str, object] = {}
    for name, value in form.form_values():
        sent[name] = [*sent.get(name, []), value]  # type: ignore[misc]
    client.post(here, {**sent, **pressed})
