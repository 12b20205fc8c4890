"""Who else has an issue or article open is said while it is so, and two minutes longer at most."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from archive.kept_forms import OpenForm
from archive.models import Article, Issue
from tests.archive.forms import ISSUE
from tests.conftest import WeekMaker

ARTICLE = "/admin/archive/article/"


@pytest.fixture
def article(make_issue: WeekMaker) -> Article:
    return make_issue({"甲": "一。", "乙": "二。"}, status=Issue.Status.DRAFT).articles.get(title="甲")


def client_of(name: str, full_name: str = "") -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(name, first_name=full_name))
    return client


def said(client: Client, url: str, **data: str) -> str:
    return str(client.post(f"{url}open/", data).json()["said"])


def test_both_are_told_by_their_names_until_one_leaves(article: Article) -> None:
    first, second, url = client_of("one", "甲编辑"), client_of("two"), f"{ARTICLE}{article.pk}/"
    assert said(first, url) == ""
    assert said(second, url) == "甲编辑也打开着这一篇"
    assert said(first, url) == "two也打开着这一篇"
    assert said(first, url) == "two也打开着这一篇"
    said(second, url, closed="1")
    assert said(first, url) == ""


def test_an_issue_says_which_of_its_articles_is_open_and_an_article_that_its_issue_is(
    article: Article,
) -> None:
    first, second = client_of("one", "甲编辑"), client_of("two", "乙编辑")
    issue, other = f"{ISSUE}{article.issue_id}/", article.issue.articles.get(title="乙")
    said(first, f"{ARTICLE}{article.pk}/")
    assert said(second, issue) == "甲编辑也打开着“甲”"
    assert said(first, f"{ARTICLE}{article.pk}/") == "乙编辑也打开着这一期"
    assert said(client_of("three"), f"{ARTICLE}{other.pk}/") == "乙编辑也打开着这一期"


def test_who_says_nothing_for_two_minutes_is_gone_and_so_is_the_row(article: Article) -> None:
    first, second, url = client_of("one"), client_of("two"), f"{ARTICLE}{article.pk}/"
    said(first, url)
    OpenForm.objects.update(seen_at=timezone.now() - dt.timedelta(seconds=121))
    assert said(second, url) == ""
    assert OpenForm.objects.get().name == "two"


def test_only_who_may_change_it_is_told_and_only_by_post(article: Article) -> None:
    url = f"{ARTICLE}{article.pk}/open/"
    staff = User.objects.create_user("staff", is_staff=True)
    client = Client()
    client.force_login(staff)
    assert client.post(url).status_code == 403
    assert client_of("one").get(url).status_code == 405
    assert Client().post(url).status_code == 302
    assert client_of("two").post(f"{ARTICLE}999/open/").status_code == 403
    assert not OpenForm.objects.exists()


def test_the_form_has_the_line_and_deleting_does_not_list_open_forms(article: Article) -> None:
    client = client_of("one")
    said(client, f"{ARTICLE}{article.pk}/")
    page = client.get(f"{ARTICLE}{article.pk}/change/").content.decode()
    assert f'data-url="{ARTICLE}{article.pk}/open/"' in page
    assert "打开着的表单" not in client.get(f"{ARTICLE}{article.pk}/delete/").content.decode()
    assert 'id="presence"' not in client.get(f"{ARTICLE}add/").content.decode()


def test_after_a_save_found_by_a_search_comes_the_issue_with_a_way_back_to_the_list(article: Article) -> None:
    client = client_of("one")
    form = client.get(f"{ARTICLE}{article.pk}/change/").context["adminform"].form
    names = ("title", "body", "source", "source_url", "section", "version", "form_token")
    sent = {name: form[name].value() or "" for name in names} | {"title": "甲改"}
    address = f"{ARTICLE}{article.pk}/change/?_changelist_filters=q%3D%E7%94%B2"
    answer = client.post(address, sent | {"_save": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{ISSUE}{article.issue_id}/change/"
    assert f'<a href="{ARTICLE}?q=%E7%94%B2">回到刚才的搜索结果</a>' in answer.content.decode()


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ("/search/?q=x", "/search/?q=x"),
        ("https://evil.example/", ""),
        ("//evil.example", ""),
        ("javascript:1", ""),
    ],
)
def test_a_way_back_leads_to_this_site_only(article: Article, back: str, expected: str) -> None:
    client = client_of("one")
    form = client.get(f"{ARTICLE}{article.pk}/change/").context["adminform"].form
    names = ("title", "body", "source", "source_url", "section", "version", "form_token")
    sent = {name: form[name].value() or "" for name in names} | {"title": "甲改", "_save": "1"}
    answer = client.post(f"{ARTICLE}{article.pk}/change/?back={back}", sent)
    assert answer["Location"] == (expected or f"{ISSUE}{article.issue_id}/change/")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a switch of SQLite makes it read-only")
def test_a_database_that_takes_nothing_in_is_no_error_of_the_form(article: Article) -> None:
    first, second, url = client_of("one"), client_of("two"), f"{ARTICLE}{article.pk}/"
    said(first, url)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            assert said(second, url) == "one也打开着这一篇"
        finally:
            cursor.execute("PRAGMA query_only = OFF")
