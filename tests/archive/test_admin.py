"""Admin as an editor uses it."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.models import Article, Issue
from tests.archive.forms import ISSUE, fields, inline
from tests.conftest import WeekMaker


def test_an_issue_with_its_articles_is_put_in_by_one_form(admin_client: Client) -> None:
    response = admin_client.post(f"{ISSUE}add/", fields() | inline(None, ("", 1, "甲"), ("", 2, "乙")))
    assert response.status_code == 302
    assert [str(article) for article in Issue.objects.get().articles.all()] == ["1. 甲", "2. 乙"]


def test_articles_change_places_in_one_save(admin_client: Client, make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": "", "乙": "", "丙": ""}, status=Issue.Status.DRAFT)
    a, b, c = issue.articles.all()
    lines = inline(issue, (a.pk, 2, "甲"), (b.pk, 3, "乙"), (c.pk, 1, "丙"))
    response = admin_client.post(f"{ISSUE}{issue.pk}/change/", fields(title=issue.title) | lines)
    assert response.status_code == 302, response.context["errors"]
    assert [(article.pk, article.title) for article in issue.articles.all()] == [
        (c.pk, "丙"),
        (a.pk, "甲"),
        (b.pk, "乙"),
    ]


def test_two_articles_in_one_place_are_refused_in_words(admin_client: Client, make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": "", "乙": ""}, status=Issue.Status.DRAFT)
    a, b = issue.articles.all()
    lines = inline(issue, (a.pk, 2, "甲"), (b.pk, 2, "乙"))
    response = admin_client.post(f"{ISSUE}{issue.pk}/change/", fields(title=issue.title) | lines)
    assert "第 2 篇已经是“甲”" in response.content.decode()
    assert [article.position for article in issue.articles.all()] == [1, 2]


def test_issues_are_published_and_withdrawn_in_bulk(admin_client: Client, make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": ""}, status=Issue.Status.DRAFT)
    empty = make_issue({}, title="空的", status=Issue.Status.DRAFT)

    def act(action: str, **more: object) -> str:
        """Chooses both in the list, and presses the button of the page that this leads to."""
        data = {"action": action, "_selected_action": [issue.pk, empty.pk]}
        [(address, _)] = admin_client.post(ISSUE, data, follow=True).redirect_chain
        return admin_client.post(address, more, follow=True).content.decode()

    versions = {f"issue-{one.pk}-version": one.version for one in (issue, empty)}
    page = act("publish", how="publish", **versions)
    assert list(Issue.objects.published()) == [issue]
    assert "已发布“测试周报”" in page
    assert "“空的”没有发布：还没有文章" in page
    assert "现在是草稿" in act("withdraw", issue=[issue.pk])
    assert not Issue.objects.published().exists()


def test_a_body_is_cleaned_when_it_is_saved(admin_client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"甲": ""}).articles.get()
    data = {
        "title": "甲",
        "body": '<p onclick="x()">一<script>alert(1)</script></p><img src="https://example.org/x.png">',
        "source": "",
        "source_url": "",
    }
    response = admin_client.post(f"/admin/archive/article/{article.pk}/change/", data)
    assert response.status_code == 302, response.context["errors"]
    article.refresh_from_db()
    assert article.body == "<p>一</p>"


def test_dates_in_the_wrong_order_are_refused_in_words(admin_client: Client) -> None:
    data = fields(start_date="2025-03-22") | inline()
    assert "开始日期不能晚于结束日期" in admin_client.post(f"{ISSUE}add/", data).content.decode()
    assert not Issue.objects.exists()


@pytest.mark.parametrize("query", ["周报", "台积电", "某某"])
def test_issues_are_found_by_title_article_and_columnist(
    admin_client: Client, make_issue: WeekMaker, query: str
) -> None:
    issue = make_issue({"台积电扩产": ""}, columnist="某某")
    assert list(admin_client.get(ISSUE, {"q": query}).context["cl"].queryset) == [issue]


def test_the_admin_speaks_chinese(admin_client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": ""})
    page = admin_client.get(ISSUE).content.decode()
    for words in ("编辑室", "发布所选的期", "撤回所选的期", "栏目作者", "结束日期", "状态"):
        assert words in page


def test_visitors_are_asked_to_log_in(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": ""})
    assert client.get(ISSUE).status_code == 302
    assert Article.objects.count() == 1
