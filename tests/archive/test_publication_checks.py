"""What a person is told before an issue goes live, and what keeps it from going live."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from archive import moments, publishing
from archive.importing import import_week
from archive.models import Article, Issue
from archive.publication_checks import PublicationCheck, check, holding
from archive.publishing import PublishRefused
from archive.reading import read_file
from archive.tasks import held_issues, publish_due, publish_due_issues
from archive.week import Week, WeekArticle
from tests.archive import makers
from tests.conftest import WeekMaker
from tests.writing import update

HOUR = dt.timedelta(hours=1)
LONG = "昭阳微电子的第二条产线在十月点亮，良率爬坡比第一条快了两个月，客户以车用功率器件为主。"
REMOTE = '<p>产能见下图：</p><img src="https://pictures.example/a.png"><p>明年投产。</p>'


@pytest.fixture
def draft(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。", "乙": "二。"}, status=Issue.Status.DRAFT)


@pytest.fixture
def page_without_its_figure(tmp_path: Path) -> Path:
    """A saved page whose first article shows a figure of another site."""
    path = tmp_path / "week.html"
    path.write_text(makers.html_week(first_body=REMOTE), encoding="utf-8")
    return path


@pytest.fixture
def lacking(db: None, page_without_its_figure: Path) -> Issue:
    """A draft whose first article lacks a figure."""
    [week] = read_file(page_without_its_figure)
    return import_week(week).issue


def codes(found: PublicationCheck) -> set[str]:
    return {finding.code for finding in found.notices}


def notices(issue: Issue, code: str) -> list[str]:
    return [str(finding) for finding in check(issue).notices if finding.code == code]


# --- Missing figures ------------------------------------------------------------------------------------


def test_a_figure_that_did_not_come_along_is_named_with_its_place(lacking: Issue) -> None:
    [finding] = check(lacking).missing
    assert str(finding) == (
        f"第 1 篇《{makers.TITLES[0]}》：第 1 段“产能见下图：”之后缺一张图片。"
        "这张图在别的网站上（pictures.example），没有导入。"
    )
    assert finding.article == lacking.articles.get(position=1)


def test_an_issue_that_lacks_a_figure_is_published_only_when_that_is_known(
    lacking: Issue, client: Client
) -> None:
    with pytest.raises(PublishRefused, match=r"没有发布：第 1 篇.*缺一张图片"):
        publishing.publish(lacking)
    with pytest.raises(PublishRefused, match=r"没有定时发布：第 1 篇.*缺一张图片"):
        publishing.schedule(lacking, timezone.now() + HOUR, knowing=["999:1"])
    assert Issue.objects.get().status == "draft"
    publishing.publish(lacking, knowing=[finding.key for finding in check(lacking).unknown])
    article = lacking.articles.get(position=1)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "明年投产" in page
    assert "pictures.example" not in page
    [finding] = check(lacking).missing
    assert finding.is_known
    assert Article.objects.lacking_figures().get() == article, "it stays marked for editors"


@pytest.mark.django_db
def test_what_a_text_names_as_left_out_is_a_missing_figure_too() -> None:
    article = WeekArticle("产能翻倍", "产能翻倍。\n〔图表：产能走势图〕\n〔注〕不是图。")
    issue = import_week(Week("芯片周报", dt.date(2025, 4, 7), dt.date(2025, 4, 11), (article,))).issue
    assert [finding.message for finding in check(issue).missing] == [
        "第 2 段“〔图表：产能走势图〕”之后缺一张图片。〔图表：产能走势图〕没有导入。"
    ]


def test_a_figure_of_an_unpublished_article_or_of_none_holds_the_issue(draft: Issue) -> None:
    article = draft.articles.get(position=2)
    update([article], body='<p>二。</p><img src="/figures/987654/" alt="">')
    [finding] = holding(draft)
    assert (finding.code, finding.article) == ("figure-broken", article)
    with pytest.raises(PublishRefused, match="1 张图片成员看不到"):
        publishing.publish(draft)


# --- Scheduled -----------------------------------------------------------------------------------------


def test_what_was_known_when_it_was_scheduled_does_not_hold_it_at_its_time(lacking: Issue) -> None:
    when = timezone.now() + HOUR
    publishing.schedule(lacking, when, knowing=[finding.key for finding in check(lacking).unknown])
    assert publish_due_issues(when) == [lacking]


def test_a_scheduled_issue_that_lacks_a_figure_since_says_what_holds_it(
    draft: Issue, lacking: Issue, admin_client: Client, admin_user: User
) -> None:
    when = timezone.now() + HOUR
    publishing.schedule(draft, when)
    [found] = lacking.articles.get(position=1).missing_figures
    update([draft.articles.get(position=1)], missing_figures=[found])
    later = when + HOUR
    with time_machine.travel(later, tick=False):
        assert publish_due_issues() == []
        publish_due.call()  # no failure of the worker: an editor has to decide
        [(issue, held)] = held_issues()
        assert (issue, [finding.code for finding in held]) == (draft, ["figure-missing"])
        out = StringIO()
        call_command("publish_due", stdout=out)
        assert "没有发布 测试周报" in out.getvalue()
        assert "缺一张图片" in out.getvalue()
        admin_client.force_login(admin_user)  # an editor's session ends after an idle hour
        front = admin_client.get("/admin/").content.decode()
        assert "到时间没有发布：第 1 篇《甲》" in front
        assert f"/admin/archive/issue/{draft.pk}/publish/" in front
        assert "还没有发布，去看" in admin_client.get("/admin/archive/issue/").content.decode()
        update([draft.articles.get(position=1)], missing_figures=[])
        assert publish_due_issues() == [draft]


def test_the_moment_is_said_beyond_doubt() -> None:
    with time_machine.travel("2026-11-29T12:00+08:00", tick=False):
        assert (
            moments.moment(dt.datetime(2026, 11, 30, 0, 0, tzinfo=dt.UTC)) == "北京时间 11月30日 周一 08:00"
        )
        assert (
            moments.moment(dt.datetime(2027, 1, 3, 16, 0, tzinfo=dt.UTC))
            == "北京时间 2027年1月4日 周一 00:00"
        )


# --- Worth a look ---------------------------------------------------------------------------------------


def test_an_issue_without_fault_has_nothing_to_look_at(make_issue: WeekMaker) -> None:
    with time_machine.travel("2025-03-22T12:00+08:00", tick=False):
        issue = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)
        update([issue], start_date=dt.date(2025, 3, 17))
        found = check(issue)
        assert (found.must_be_mended, found.missing, found.notices) == ([], [], [])


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2025-03-17", "2025-03-21", ""),
        ("2025-03-31", "2025-04-04", "dates-future"),
        ("2024-03-11", "2024-03-15", "dates-past"),
        ("2025-03-21", "2025-03-21", "dates-not-a-week"),
        ("2025-03-10", "2025-03-21", "dates-not-a-week"),
    ],
)
def test_dates_far_away_and_weeks_that_are_none_are_said(
    make_issue: WeekMaker, start: str, end: str, code: str
) -> None:
    with time_machine.travel("2025-03-22T12:00+08:00", tick=False):
        issue = make_issue({"甲": "一。"}, status=Issue.Status.DRAFT, end_date=end)
        update([issue], start_date=dt.date.fromisoformat(start))
        assert codes(check(issue)) == ({code} if code else set())


def test_another_issue_of_the_same_days_is_named(draft: Issue, make_issue: WeekMaker) -> None:
    other = make_issue({"丙": "三。"}, title="另一种周报")
    [finding] = [one for one in check(draft).notices if one.code == "dates-overlap"]
    assert finding.other == other


def test_an_article_that_is_twice_in_the_week_is_said_once(make_issue: WeekMaker) -> None:
    texts = {
        "产线点亮": LONG,
        "昭阳第二条产线点亮": f"{LONG}\n编者按。",
        "别的": "别的消息，和上面没有一个字相同的地方。",
    }
    issue = make_issue(texts, status=Issue.Status.DRAFT)
    assert notices(issue, "article-twice") == [
        "第 2 篇《昭阳第二条产线点亮》：和第 1 篇《产线点亮》多半是同一篇。请删除一篇。"
    ]


def test_a_disclaimer_below_every_article_makes_none_the_same(make_issue: WeekMaker) -> None:
    texts = {
        f"第{number}条消息": f"{number}。\n以上内容不构成任何投资建议，请读者自行判断。"
        for number in range(7)
    }
    assert notices(make_issue(texts, status=Issue.Status.DRAFT), "article-twice") == []


def test_an_article_that_the_archive_has_is_said_with_its_issue(make_issue: WeekMaker) -> None:
    there = make_issue({"产线点亮": LONG}, end_date="2025-02-14", title="旧的一期")
    issue = make_issue({"产线点亮": LONG, "新的": "新。"}, status=Issue.Status.DRAFT)
    [finding] = [one for one in check(issue).notices if one.code == "article-earlier"]
    assert finding.other == there
    assert "标题一样，约 100% 的文字相同（2025-02-14 第 1 篇《产线点亮》）" in str(finding)


def test_empty_articles_and_lost_figures_are_said_of_what_is_stored(make_issue: WeekMaker) -> None:
    issue = make_issue({"空的一篇": "", "丢了图": "走势如下："}, status=Issue.Status.DRAFT)
    assert notices(issue, "article-empty") == ["第 1 篇《空的一篇》：没有正文。请补上，或删除这一篇。"]
    [lost] = notices(issue, "figure-lost")
    assert lost.startswith("第 2 篇《丢了图》：这一段以冒号结尾")


def test_the_sections_are_counted_in_their_order(draft: Issue) -> None:
    first, second = draft.articles.all()
    update([first], section="政策")
    assert check(draft).sections == [("政策", 1), ("", 1)]
    update([second], section="政策")
    assert check(draft).sections == [("政策", 2)]


# --- Commands -------------------------------------------------------------------------------------------


def test_what_is_imported_to_be_published_waits_as_a_draft_when_a_figure_is_missing(
    db: None, page_without_its_figure: Path
) -> None:
    out = StringIO()
    call_command("import_issues", page_without_its_figure, publish=True, stdout=out)
    assert Issue.objects.get().status == "draft"
    assert "没有发布，存为草稿" in out.getvalue()
    assert "缺一张图片" in out.getvalue()
