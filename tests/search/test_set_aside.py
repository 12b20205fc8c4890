"""An article that the index can not take in is set aside with its error, tried again, and holds up no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.core import checks
from django.db import connection
from django.test import Client
from django.utils import timezone
from whoosh.codec.whoosh3 import W3PerDocWriter

from archive.models import Issue
from search.engines.documents import DocumentId
from search.engines.registry import current_engine
from search.indexing import sync
from search.indexing.state import index_state
from search.models import MAX_ATTEMPTS, SetAside
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.writing import save

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLES = {f"第{number}条": f"正文共同，独有{number}。" for number in range(1, 8)}


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue(ARTICLES)


def titles(query: str) -> set[str]:
    found = find(SearchRequest(query))
    return {hit.article.title for hit in found.results} if found else set()


@contextmanager
def refusing(*poison: str) -> Iterator[None]:
    """Whoosh refuses these articles, as it refuses what it has no room for in its format."""
    as_it_is = W3PerDocWriter.add_column_value

    def add_column_value(self: W3PerDocWriter, name: str, column: object, value: bytes) -> None:
        if name == "run" and any(f"\n{title}\n" in f"\n{value.decode()}" for title in poison):
            raise ValueError("term too long")
        as_it_is(self, name, column, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(W3PerDocWriter, "add_column_value", add_column_value)
        yield


def change_all(issue: Issue) -> None:
    for article in issue.articles.all():
        article.source = "集邦咨询"
        save(article)


def test_a_poison_article_is_alone_and_the_others_are_indexed(issue: Issue) -> None:
    with refusing("第3条", "第6条"):
        issue.source_url = "https://example.org/"
        save(issue)  # all seven in one batch
    poison = set(issue.articles.filter(title__in=["第3条", "第6条"]).values_list("pk", flat=True))
    assert set(SetAside.objects.values_list("article_id", flat=True)) == poison
    assert not sync.waiting()
    assert titles("正文共同") == {"第1条", "第2条", "第4条", "第5条", "第7条"}
    assert "term too long" in SetAside.objects.all()[0].error
    state = index_state()
    assert (state.is_ready, state.set_aside, state.given_up) == (True, 2, 0)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps a word in a column of numbers")
def test_a_poison_article_does_not_stop_a_rebuild(issue: Issue) -> None:
    """One that can not even be prepared: somebody wrote to the database past the models."""
    article = issue.articles.get(title="第3条")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_article SET position = 'third' WHERE id = %s", [article.pk])
    assert sync.rebuild() == 6
    held = {document.id for document in current_engine().contents()[1]}
    assert held == {
        DocumentId("issue", issue.pk),
        *(DocumentId("article", one.pk) for one in issue.articles.defer("position") if one != article),
    }
    aside = SetAside.objects.get()
    assert (aside.article_id, "third" in aside.error) == (article.pk, True)


def test_it_is_tried_again_and_comes_back_by_itself(issue: Issue) -> None:
    article = issue.articles.get(title="第3条")
    with refusing("第3条"):
        save(article)
        for attempt in range(1, 4):
            aside = SetAside.objects.get()
            assert aside.attempts == attempt
            assert aside.next_try_at is not None
            assert sync.drain() == 0  # not yet
            assert SetAside.objects.get().attempts == attempt
            SetAside.objects.update(next_try_at=timezone.now())
            sync.drain()
    SetAside.objects.update(next_try_at=timezone.now())
    sync.drain()
    assert not SetAside.objects.exists()
    assert titles("独有3") == {"第3条"}


def test_the_pause_doubles_and_ends_for_good(issue: Issue) -> None:
    article = issue.articles.get(title="第3条")
    pauses = []
    with refusing("第3条"):
        save(article)
        while SetAside.objects.get().next_try_at is not None:
            aside = SetAside.objects.get()
            pauses.append((aside.next_try_at - aside.last_at).total_seconds())  # type: ignore[operator]
            SetAside.objects.update(next_try_at=timezone.now())
            sync.drain()
    assert len(pauses) == MAX_ATTEMPTS - 1
    assert all(round(later / earlier, 1) == 2 for earlier, later in pairwise(pauses))
    assert index_state().given_up == 1
    save(article)  # changed since: perhaps it fits now
    assert not SetAside.objects.exists()
    assert titles("独有3") == {"第3条"}


def test_a_clock_that_is_set_back_parks_nothing_for_ever(issue: Issue) -> None:
    with refusing("第3条"):
        save(issue.articles.get(title="第3条"))
    SetAside.objects.update(next_try_at=timezone.now() + dt.timedelta(days=365))
    sync.drain()
    assert not SetAside.objects.exists()


def test_what_is_set_aside_and_then_withdrawn_is_forgotten(issue: Issue) -> None:
    with refusing("第3条"):
        save(issue.articles.get(title="第3条"))
    issue.status = Issue.Status.DRAFT
    save(issue)
    assert not SetAside.objects.exists()


def test_a_full_disk_sets_nobody_aside(issue: Issue) -> None:
    def full(self: W3PerDocWriter, number: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(W3PerDocWriter, "start_doc", full)
        change_all(issue)
    assert (SetAside.objects.exists(), len(sync.waiting().articles)) == (False, 7)
    sync.drain()
    assert not sync.waiting()


def test_editors_see_it_in_the_admin_and_have_it_tried_again(issue: Issue, client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor"))
    page = "/admin/search/setaside/"
    assert client.get(page).status_code == 200
    with refusing("第3条"):
        save(issue.articles.get(title="第3条"))
    SetAside.objects.update(next_try_at=None, attempts=MAX_ATTEMPTS)
    html = client.get(page).content.decode()
    for text in ("搜不到的文章", "3. 第3条", "term too long", "不再自动重试", "再试一次"):
        assert text in html
    assert client.get(f"{page}add/").status_code == 403
    chosen = {"action": "try_again", "_selected_action": [SetAside.objects.get().pk]}
    assert "1 篇文章马上会再试一次" in client.post(page, chosen, follow=True).content.decode()
    sync.drain()
    assert not SetAside.objects.exists()
    assert titles("独有3") == {"第3条"}


def test_a_system_check_says_so(issue: Issue) -> None:
    assert checks.run_checks(tags=["database"], databases=["default"]) == []
    with refusing("第3条"):
        save(issue.articles.get(title="第3条"))
    (warning,) = checks.run_checks(tags=["database"], databases=["default"])
    assert (warning.id, warning.msg) == ("search.W002", "1 articles could not be indexed.")
