"""Golden queries are asked as a member asks them; the one that fails is reported."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from archive.models import Issue
from insight import golden
from insight.models import GoldenQuery
from tests.conftest import WeekMaker
from tests.insight.conftest import EditorMaker
from tests.worker.running import run_due_tasks
from tests.writing import delete, save
from worker.models import Task

pytestmark = pytest.mark.django_db

Outcome = GoldenQuery.Outcome
GOLDEN = "/admin/insight/goldenquery/"


@pytest.fixture
def week(make_issue: WeekMaker) -> Issue:
    return make_issue(
        {
            "昇腾910C的带宽": "昇腾910C的片间带宽低于预期，带宽是瓶颈。",
            "带宽之外": "910C的功耗，以及带宽。",
            "光刻胶进入验证": "KrF光刻胶送样。",
        }
    )


def outcomes() -> dict[str, str]:
    return dict(GoldenQuery.objects.values_list("query", "outcome"))


def test_each_outcome_is_told_apart(week: Issue, make_issue: WeekMaker) -> None:
    first, second, _ = week.articles.all()
    draft = make_issue({"还没发": "稿子"}, title="草稿", status=Issue.Status.DRAFT).articles.get()
    GoldenQuery.objects.create(query="昇腾910C 带宽", article=first)
    GoldenQuery.objects.create(query="910C", article=second)
    GoldenQuery.objects.create(query="量子纠缠", article=first)
    GoldenQuery.objects.create(query="稿子", article=draft)
    failures = golden.run()
    assert outcomes() == {
        "昇腾910C 带宽": Outcome.MET,
        "910C": Outcome.OTHER,
        "量子纠缠": Outcome.NOTHING,
        "稿子": Outcome.HIDDEN,
    }
    assert {failure.query for failure in failures} == {"910C", "量子纠缠", "稿子"}
    assert GoldenQuery.objects.get(query="910C").first_title == first.title


def test_an_article_that_was_put_in_anew_is_known_by_its_title(week: Issue, make_issue: WeekMaker) -> None:
    article = week.articles.get(position=3)
    GoldenQuery.objects.create(query="光刻胶 验证", article=article)
    delete(week)
    assert golden.run()[0].outcome == Outcome.HIDDEN
    make_issue({"光刻胶进入验证": "KrF光刻胶送样。"})
    assert golden.run() == []


@pytest.mark.django_db(transaction=True)
def test_publishing_and_withdrawing_has_the_worker_run_them_once(week: Issue) -> None:
    GoldenQuery.objects.create(query="昇腾910C 带宽", article=week.articles.get(position=1))
    before = Outcome.UNKNOWN
    for status, outcome in (("draft", Outcome.HIDDEN), ("published", Outcome.MET)):
        for _ in range(2):
            week.status = status
            save(week)
        assert outcomes() == {"昇腾910C 带宽": before}, "a save does not wait for them"
        waiting = Task.objects.filter(name="insight.tasks.check_golden_queries", state=Task.State.READY)
        assert waiting.update(run_at=timezone.now()) == 1
        run_due_tasks()
        assert outcomes() == {"昇腾910C 带宽": outcome}
        before = outcome


def test_the_command_fails_when_one_fails(week: Issue, capsys: pytest.CaptureFixture[str]) -> None:
    right = GoldenQuery.objects.create(query="昇腾910C 带宽", article=week.articles.get(position=1))
    call_command("check_golden")
    assert capsys.readouterr().out == "1 golden queries hold.\n"
    GoldenQuery.objects.filter(pk=right.pk).update(article=week.articles.get(position=3))
    with pytest.raises(CommandError, match="1 of 1 golden queries fail"):
        call_command("check_golden")
    assert "昇腾910C 带宽: 排在第一的是别的文章" in capsys.readouterr().out


def test_one_needs_an_article_or_a_title() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GoldenQuery.objects.create(query="谁的")


def test_an_editor_puts_one_in_and_hears_whether_it_holds(admin_client: Client, week: Issue) -> None:
    right, wrong = week.articles.get(position=1), week.articles.get(position=3)
    data = {"query": "昇腾910C 带宽", "article": right.pk, "title": "", "note": ""}
    page = admin_client.post(f"{GOLDEN}add/", data, follow=True).content.decode()
    assert "没有排在第一" not in page
    assert GoldenQuery.objects.get().title == right.title
    data = {"query": "910C 功耗", "article": wrong.pk, "title": "", "note": ""}
    page = admin_client.post(f"{GOLDEN}add/", data, follow=True).content.decode()
    assert "“910C 功耗”没有排在第一：排在第一的是别的文章。现在排第一的是《带宽之外》。" in page


def test_all_are_checked_at_a_click_and_the_front_page_shows_what_fails(
    admin_client: Client, week: Issue
) -> None:
    GoldenQuery.objects.create(query="910C 功耗", article=week.articles.get(position=3))
    page = admin_client.post(f"{GOLDEN}check/", follow=True).content.decode()
    assert "检查了 1 条，1 条没有达到：“910C 功耗”。" in page
    assert "搜“910C 功耗”，排第一的不是《光刻胶进入验证》" in admin_client.get("/admin/").content.decode()


def test_only_who_may_has_them_checked(editor: EditorMaker) -> None:
    assert editor("archive.view_issue").post(f"{GOLDEN}check/").status_code == 403
    assert editor("insight.view_goldenquery").post(f"{GOLDEN}check/").status_code == 302
