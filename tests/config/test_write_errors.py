"""A failed write is answered by a 507 or 503 page; every other error stays a 500."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from archive.models import Article, Issue
from config.write_errors import BUSY, FULL, UNWRITABLE, WriteError, write_error_of
from tests.archive.forms import ISSUE, fields, inline
from tests.conftest import WeekMaker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="SQLite's own errors"),
]
LONG = "很长的导语。" * 200_000


@pytest.fixture
def editor(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("editor", password="x"))
    return client


@contextmanager
def pragma(name: str, value: str, afterwards: str) -> Iterator[None]:
    """SQLite itself refuses to write, as it does on a full disk and on one that is mounted read-only."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name} = {value}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA {name} = {afterwards}")


def test_a_save_on_a_full_disk_says_that_nothing_was_stored_and_leads_back(
    editor: Client, make_issue: WeekMaker
) -> None:
    issue = make_issue({"甲": "原文。"}, status=Issue.Status.DRAFT)
    form = f"{ISSUE}{issue.pk}/change/"
    [article] = issue.articles.all()
    sent = fields(title="改了名", introduction=LONG) | inline(issue, (article.pk, 1, "改了题"))
    with pragma("max_page_count", "1", "4294967294"):  # SQLite makes that: no more than there are
        response = editor.post(form, sent, headers={"referer": f"http://testserver{form}"})
        page = response.content.decode()
        assert editor.get("/issues/").status_code == 200
        assert editor.get(form).status_code == 200
    assert response.status_code == 507
    assert response["Cache-Control"] == "no-store"
    for words in (
        "没有保存",
        "磁盘满了",
        "刚才的修改没有保存，原来的内容没有变",
        "腾出磁盘空间",
        f'href="http://testserver{form}"',
    ):
        assert words in page
    issue.refresh_from_db()
    assert (issue.title, issue.introduction) == ("测试周报", "")
    assert Article.objects.get().title == "甲"
    assert editor.post(form, sent).status_code == 302
    issue.refresh_from_db()
    assert issue.title == "改了名"


def test_a_database_that_can_only_be_read_says_so_and_is_read(editor: Client, make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": "原文。"})
    with pragma("query_only", "ON", "OFF"):
        response = editor.post(f"{ISSUE}add/", fields() | inline(None, ("", 1, "乙")))
        page = response.content.decode()
        assert response.status_code == 503
        assert "数据库现在只能读" in page
        assert f'href="{ISSUE}add/"' in page  # no Referer: the address itself
        assert Client().get(f"/issues/{issue.slug}/").status_code == 200
        assert Client().get("/search/", {"q": "原文"}).status_code == 200
        stranger = Client(raise_request_exception=False)
        refused = stranger.post("/account/login/", {"login": "editor", "password": "x"})
        assert refused.status_code == 503  # a try can not be counted
        elsewhere = stranger.post(
            "/account/login/",
            {"login": "editor", "password": "x"},
            headers={"referer": "https://evil.example/"},
        )
        assert "evil.example" not in elsewhere.content.decode()
    assert Issue.objects.count() == 1


@pytest.mark.parametrize(
    ("error", "write_error"),
    [
        (psycopg.errors.DiskFull, FULL),
        (psycopg.errors.ReadOnlySqlTransaction, UNWRITABLE),
        (psycopg.errors.LockNotAvailable, BUSY),
        (psycopg.errors.UniqueViolation, None),
    ],
)
def test_postgresql_has_codes_for_the_same(error: type[Exception], write_error: WriteError | None) -> None:
    wrapped = DatabaseError()
    wrapped.__cause__ = error()
    assert write_error_of(wrapped) is write_error


def test_any_other_error_of_the_database_stays_an_error_of_ours(editor: Client) -> None:
    assert write_error_of(ValueError()) is None
    assert write_error_of(OperationalError("not from a database")) is None
    with pytest.raises(DatabaseError) as wrong, connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert write_error_of(wrong.value) is None
