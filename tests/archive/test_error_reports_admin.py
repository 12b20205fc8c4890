"""Editors work off what members reported: the list, the article's form, closing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from archive import reporting
from archive.body import from_text
from archive.models import Article, ErrorReport
from archive.proposal import Proposal
from archive.reporting import Passage
from tests.archive.forms import ISSUE
from tests.archive.people import browser, person
from tests.conftest import WeekMaker
from tests.writing import update

pytestmark = pytest.mark.django_db

LIST = "/admin/archive/errorreport/"


@pytest.fixture(params=["编辑", "主编"])
def editor(request: pytest.FixtureRequest, db: None) -> Client:
    return browser(person("someone", request.param))


@pytest.fixture
def chief(db: None) -> Client:
    """Someone whose save members see at once."""
    return browser(person("chief", "主编"))


@pytest.fixture
def article(make_issue: WeekMaker) -> Article:
    return make_issue({"良率": "第一段。\n第二段说良率是七成。"}).articles.get()


@pytest.fixture
def report(article: Article) -> ErrorReport:
    passage = reporting.passage_of(article, "p2")
    assert passage
    return reporting.report(article, passage, "应为<六成>。", "wang@example.com")


def page(client: Client, address: str = LIST) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def form_of(report: ErrorReport) -> str:
    return f"/admin/archive/article/{report.article_id}/change/?report={report.pk}"


def save(client: Client, report: ErrorReport, **button: str) -> str:
    article = report.article
    data = {
        "title": article.title,
        "body": article.body.replace("七成", "六成"),
        "source": "",
        "source_url": "",
    }
    response = client.post(form_of(report), data | button, follow=True)
    assert "六成" in Article.objects.get(pk=article.pk).body
    address: str = response.redirect_chain[-1][0]
    return f"{address} {response.content.decode()}"


def test_the_list_shows_what_was_said_of_which_paragraph_and_leads_to_the_form(
    editor: Client, report: ErrorReport
) -> None:
    shown = page(editor)
    for part in (
        "应为&lt;六成&gt;。",
        "wang@example.com",
        "第二段说良率是七成。",
        "第 2 段",
        form_of(report),
    ):
        assert part in shown
    assert "后来改过" not in shown
    update([report.article], body=from_text(["第一段。", "第二段没有了。"]))
    assert "后来改过" in page(editor)
    assert editor.get(f"{LIST}{report.pk}/change/")["Location"] == form_of(report)
    assert editor.get(f"{LIST}999/change/")["Location"] == LIST


def test_the_list_begins_with_what_is_open(editor: Client, report: ErrorReport) -> None:
    done = reporting.report(report.article, Passage(), "早就改好的那一处")
    reporting.close([done])
    assert "早就改好的那一处" not in page(editor)
    closed, everything = page(editor, f"{LIST}?state=closed"), page(editor, f"{LIST}?state=all")
    assert "早就改好的那一处" in closed
    assert "应为" not in closed
    assert "早就改好的那一处" in everything
    assert "应为" in everything


def test_one_press_in_the_list_closes_a_report(editor: Client, report: ErrorReport) -> None:
    closing = f"{LIST}{report.pk}/close/"
    assert f'formaction="{closing}"' in page(editor)
    assert editor.get(closing).status_code == 405
    assert "1 条报错已标为已处理" in editor.post(closing, follow=True).content.decode()
    report.refresh_from_db()
    assert report.closed_by == User.objects.get()
    assert "wang@example.com" not in page(editor, f"{LIST}?state=all")
    assert editor.post(f"{LIST}999/close/").status_code == 404


def test_several_are_closed_by_the_action(editor: Client, report: ErrorReport) -> None:
    other = reporting.report(report.article, Passage(), "另一处")
    editor.post(LIST, {"action": "mark_closed", "_selected_action": [report.pk, other.pk]})
    assert not ErrorReport.objects.open().exists()


def test_the_articles_form_shows_the_report(editor: Client, report: ErrorReport) -> None:
    form = page(editor, form_of(report))
    for part in ("应为&lt;六成&gt;。", "第二段说良率是七成。", "wang@example.com", 'name="_close_report"'):
        assert part in form


def test_one_press_saves_the_article_and_closes_the_report(chief: Client, report: ErrorReport) -> None:
    assert "这条报错已标为已处理" in save(chief, report, _close_report="1")
    assert not ErrorReport.objects.open().exists()


def test_one_press_of_who_may_not_publish_hands_the_change_over_and_closes_the_report(
    report: ErrorReport,
) -> None:
    client = browser(person("bianji", "编辑"))
    old = report.article.body
    data = {"title": "良率", "body": old.replace("七成", "六成"), "source": "", "source_url": ""}
    said = client.post(form_of(report), data | {"_close_report": "1"}, follow=True).content.decode()
    assert "已交给主编" in said
    assert "这条报错已标为已处理" in said
    assert not ErrorReport.objects.open().exists()
    assert Article.objects.get().body == old
    assert "六成" in str(Proposal.objects.get().changes)


def test_a_save_leads_to_the_list_and_says_how_to_close(chief: Client, report: ErrorReport) -> None:
    after = save(chief, report, _save="1")
    assert after.startswith(LIST)
    assert "请点这条报错的“已处理”" in after
    assert f'formaction="{LIST}{report.pk}/close/"' in after
    assert ErrorReport.objects.open().exists()


def test_a_save_that_goes_on_keeps_the_report_in_the_form(chief: Client, report: ErrorReport) -> None:
    after = save(chief, report, _continue="1")
    assert after.startswith(form_of(report))
    assert 'name="_close_report"' in after


@pytest.mark.parametrize("asked", ["", "?report=x", "?report=999999999999999999999", "?report="])
def test_a_form_from_elsewhere_shows_no_report_and_leads_where_it_did(
    chief: Client, report: ErrorReport, asked: str
) -> None:
    address = f"/admin/archive/article/{report.article_id}/change/"
    assert "应为" not in page(chief, address + asked)
    data = {"title": "改", "body": "", "source": "", "source_url": "", "_close_report": "1"}
    assert chief.post(address + asked, data)["Location"] == f"{ISSUE}{report.article.issue_id}/change/"
    assert ErrorReport.objects.open().exists()


def test_a_report_is_shown_in_the_form_of_its_own_article_only(
    editor: Client, report: ErrorReport, make_issue: WeekMaker
) -> None:
    other = make_issue({"别的": "别的。"}, end_date="2025-03-14").articles.get()
    address = f"/admin/archive/article/{other.pk}/change/?report={report.pk}"
    assert "应为" not in page(editor, address)
    reporting.close([report])
    assert "_close_report" not in page(editor, form_of(report))


def test_reports_are_not_added_by_editors_and_do_not_keep_an_article_from_being_deleted(
    editor: Client, article: Article, report: ErrorReport, django_assert_num_queries: Any
) -> None:
    assert editor.get(f"{LIST}add/").status_code == 403
    update([article.issue], status="draft")
    deleting = f"/admin/archive/article/{article.pk}/delete/"
    assert "应为" in page(editor, deleting)
    assert editor.post(deleting, {"post": "yes"}).status_code == 302
    assert not ErrorReport.objects.exists()


def test_who_may_only_look_closes_nothing(report: ErrorReport) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(
        *Group.objects.get(name="编辑").permissions.filter(codename__startswith="view_")
    )
    client = browser(user)
    assert "应为" in page(client)
    assert client.post(f"{LIST}{report.pk}/close/").status_code == 403
    client.post(LIST, {"action": "mark_closed", "_selected_action": [report.pk]})
    assert ErrorReport.objects.open().exists()
    assert "_close_report" not in page(client, form_of(report))


def test_the_list_takes_as_many_queries_for_many_reports(
    admin_client: Client, make_issue: WeekMaker, django_assert_max_num_queries: Any
) -> None:
    def add(number: int) -> None:
        for week in range(number):
            issue = make_issue({"题": "段。"}, end_date=f"2025-01-{week + 10}", title=f"刊{number}")
            reporting.report(issue.articles.get(), Passage("p1", "段。"), "错")

    add(2)
    with django_assert_max_num_queries(100) as few:
        page(admin_client)
    add(8)
    with django_assert_max_num_queries(len(few)):
        page(admin_client)
