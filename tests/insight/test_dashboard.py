"""The first page of the admin."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from archive import reporting
from archive.models import Issue
from insight import dashboard
from insight.models import SearchRecord
from insight.templatetags.insight import ago
from search.engines.registry import current_engine
from search.models import Change, SetAside
from tests.conftest import WeekMaker
from tests.insight.conftest import EditorMaker, RecordMaker
from tests.writing import create

pytestmark = pytest.mark.django_db


def page(client: Client) -> str:
    return client.get("/admin/").content.decode()


def test_it_shows_drafts_what_is_scheduled_and_last_weeks_searches(
    admin_client: Client, make_issue: WeekMaker, make_record: RecordMaker
) -> None:
    make_issue({"一": "一"}, title="已发布的一期")
    make_issue({"二": "二"}, title="没写完的一期", status="draft")
    create(
        Issue,
        title="等着的一期",
        start_date="2025-04-01",
        end_date="2025-04-04",
        status="scheduled",
        publish_at=timezone.now() + dt.timedelta(days=1),
    )
    make_record("HBM4")
    make_record("上周以前", days_ago=9)
    make_record("搜不到", answer=SearchRecord.Answer.NOTHING, hits=0)
    text = page(admin_client)
    assert "没写完的一期（2025年3月21日）" in text
    assert "等着的一期（2025年4月1日—4日）" in text
    assert "已发布的一期" not in text
    assert "HBM4" in text
    assert "上周以前" not in text
    assert "2 次，前 7 天 1 次" in text
    assert "加为别名或新建词条" in text
    assert "导入一期" in text


def test_it_shows_what_members_reported_until_it_is_closed(
    editor: EditorMaker, make_issue: WeekMaker
) -> None:
    article = make_issue({"一": "一"}).articles.get()
    assert "报错" not in page(editor("archive.view_issue"))
    reports = [reporting.report(article, reporting.Passage(), f"第 {number} 处错了") for number in range(7)]
    sees = editor("archive.view_errorreport")
    text = page(sees)
    assert "7 条待处理" in text
    assert f'/admin/archive/article/{article.pk}/change/?report={reports[6].pk}"' in text
    assert text.count("处错了") == dashboard.SHOWN
    assert "处错了" not in page(editor("archive.view_issue"))
    reporting.close(reports)
    assert "条待处理" not in page(sees)


def test_each_part_is_for_those_who_may_see_it(editor: EditorMaker, make_record: RecordMaker) -> None:
    create(Issue, title="草稿的刊名", start_date="2025-04-01", end_date="2025-04-04")
    make_record("成员的词")
    nothing = page(editor())
    for secret in ("草稿的刊名", "成员的词", "导入一期", "新词雷达", "必中搜索"):
        assert secret not in nothing
    some = page(editor("archive.view_issue", "insight.view_searchrecord"))
    assert "草稿的刊名" in some
    assert "成员的词" in some
    assert "导入一期" not in some


def test_an_index_that_can_not_answer_is_said(admin_client: Client) -> None:
    pointer = current_engine().generations.root / "CURRENT"
    kept = pointer.read_bytes() if pointer.exists() else None
    pointer.unlink(missing_ok=True)
    try:
        text = page(admin_client)
    finally:
        if kept is not None:
            pointer.write_bytes(kept)
    assert "搜索出了故障" in text
    assert "manage.py rebuild_index" in text


def test_changes_that_are_stuck_are_said(make_issue: WeekMaker) -> None:
    make_issue({"一": "一"})
    assert dashboard.index_notices() == []
    change = Change.objects.create(article_id=1)
    assert dashboard.index_notices() == []
    Change.objects.filter(pk=change.pk).update(created_at=change.created_at - dt.timedelta(minutes=6))
    assert [notice.text[:5] for notice in dashboard.index_notices()] == ["1 处改动"]


def test_articles_that_were_set_aside_are_said(make_issue: WeekMaker) -> None:
    make_issue({"一": "一"})
    SetAside.objects.record(current_engine().name, {1: "ValueError()"}, changed=[1])
    assert [notice.text[:5] for notice in dashboard.index_notices()] == ["1 篇文章"]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("2026-03-21T18:00:31", "刚才"),
        ("2026-03-21T17:55:00", "6 分钟前"),
        ("2026-03-21T14:30:00", "3 小时前"),
        ("2026-03-20T18:30:00", "昨天 18:30"),
        ("2026-03-02T08:05:00", "3月2日 08:05"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(then: str, expected: str) -> None:
    moment = timezone.make_aware(dt.datetime.fromisoformat(then))
    with time_machine.travel(timezone.make_aware(dt.datetime(2026, 3, 21, 18, 1)), tick=False):
        assert ago(moment) == expected
