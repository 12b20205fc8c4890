"""The text of an article's form has the limits of an import, and is read before anything is locked."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from archive import richtext, versions
from archive.body import MAX_BODY
from archive.importing import import_week
from archive.models import Article, Issue
from archive.week import Week, WeekArticle
from tests.conftest import WeekMaker

BODY = "<p>读的时候没有上锁。</p>"


@contextmanager
def locked_readings(text: str) -> Iterator[list[str]]:
    """Collects what is parsed inside of a transaction, of all HTML that holds `text`."""
    found: list[str] = []

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code is richtext.parse.__code__:
            html = frame.f_locals["html"]
            if text in html and connection.in_atomic_block:
                found.append(html)

    sys.setprofile(watch)
    try:
        yield found
    finally:
        sys.setprofile(None)


def sent(article: Article, **values: object) -> dict[str, object]:
    return {"title": article.title, "body": article.body, "source": "", "source_url": "", **values}


def change_page(article: Article) -> str:
    return f"/admin/archive/article/{article.pk}/change/"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [("x" * (MAX_BODY + 1), "正文太长，最多 500000 个字。"), ("<div>" * 300, "网页代码嵌套超过 200 层。")],
    ids=["long", "deep"],
)
def test_a_text_over_the_limits_is_refused_in_words_and_nothing_is_saved(
    admin_client: Client, make_issue: WeekMaker, body: str, complaint: str
) -> None:
    article = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT).articles.get()
    page = admin_client.post(change_page(article), sent(article, body=body)).content.decode()
    assert complaint in page
    article.refresh_from_db()
    assert article.body == "<p>一。</p>"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_read_while_a_lock_is_held_when_a_form_is_saved(
    client: Client, make_issue: WeekMaker
) -> None:
    client.force_login(User.objects.create_superuser("wang"))
    issue = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)
    versions.keep_unrecorded(issue)
    article = issue.articles.get()
    with locked_readings("没有上锁") as readings:
        assert client.post(change_page(article), sent(article, body=f" {BODY}<b>x</b>")).status_code == 302
    article.refresh_from_db()
    assert article.body == f"{BODY}<strong>x</strong>"
    assert readings == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_read_while_a_lock_is_held_when_a_form_meets_another(
    client: Client, make_issue: WeekMaker
) -> None:
    client.force_login(User.objects.create_superuser("wang"))
    issue = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)
    versions.keep_unrecorded(issue)
    article = issue.articles.get()
    issue.refresh_from_db()
    stale = sent(article, version=issue.version, body=BODY)
    assert client.post(change_page(article), sent(article, body="<p>别人的。</p>")).status_code == 302
    with locked_readings("没有上锁") as readings:
        assert client.post(change_page(article), stale).status_code == 409
    assert readings == []


@pytest.mark.django_db(transaction=True)
def test_a_week_is_read_before_anything_is_locked() -> None:
    article = WeekArticle("甲", body="读的时候没有上锁。", html=BODY)
    with locked_readings("没有上锁") as readings:
        issue = import_week(Week("周报", dt.date(2025, 3, 17), dt.date(2025, 3, 21), (article,))).issue
    assert issue.articles.get().body == BODY
    assert readings == []
