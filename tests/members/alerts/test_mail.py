"""Alerts by mail: what is published goes out once, through a real mail server."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from archive import publishing
from archive.models import Issue
from glossary.editing import delete_terms, save_term
from glossary.models import Term
from members.alerts import preparing
from members.alerts.models import Channel, Delivery, Subscription
from members.alerts.settings import set_rhythm, tell_by_mail
from members.alerts.tasks import prepare_alerts, send_alerts
from members.following import changes
from members.following.models import Follow
from search.indexing import sync
from tests.conftest import WeekMaker
from tests.mailbox import Mailbox, header, text_of
from tests.members.alerts.work import SITE, states, work
from worker.models import Task

pytestmark = pytest.mark.django_db

Following = Callable[..., Follow]
MONDAY = dt.datetime(2026, 11, 30, 1, tzinfo=dt.UTC)


def test_a_publication_is_told_of_once_with_passage_title_issue_date_and_address(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox
) -> None:
    issue = make_issue({"样品送达": "首批HBM4样品已经送达客户。", "光刻胶": "通过验证。"})
    work()
    work()
    assert states() == ["sent"]
    (mail,) = mailbox.mails
    article = issue.articles.get(position=1)
    assert header(mail, "To") == "member@example.org"
    assert header(mail, "Subject") == "HBM4：1 篇新文章 · 芯闻库"
    for said in (
        "样品送达",
        "首批HBM4样品已经送达客户。",
        "测试周报",
        "2025年3月21日",
        f"{SITE}{article.get_absolute_url()}",
    ):
        assert said in text_of(mail)
    page = text_of(mail, "html")
    assert "首批<mark>HBM4</mark>样品已经送达客户。" in page
    assert f'href="{SITE}{article.get_absolute_url()}' in page
    assert "光刻胶" not in text_of(mail) + page
    assert header(mail, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert re.fullmatch(rf"<{SITE}/following/alerts/end/[0-9a-f]{{32}}/>", header(mail, "List-Unsubscribe"))
    assert re.fullmatch(r"<[0-9a-f]{32}@archive\.example\.org>", header(mail, "Message-ID"))


def test_a_change_or_a_second_publication_is_told_of_no_more(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox
) -> None:
    issue = make_issue({"样品": "HBM4。"})
    work()
    publishing.withdraw(Issue.objects.get(pk=issue.pk))
    publishing.publish(Issue.objects.get(pk=issue.pk))
    sync.drain()
    work()
    assert len(mailbox.mails) == 1
    make_issue({"又一批": "HBM4。"}, end_date="2025-03-28")
    work()
    assert len(mailbox.mails) == 2
    assert "又一批" in text_of(mailbox.mails[1])
    assert "样品" not in text_of(mailbox.mails[1])


def test_what_is_withdrawn_before_it_is_sent_never_goes_out(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox
) -> None:
    secret = make_issue({"撤回的": "HBM4。"})
    make_issue({"留下的": "HBM4。"}, end_date="2025-03-28")
    prepare_alerts.call()
    publishing.withdraw(Issue.objects.get(pk=secret.pk))
    send_alerts.call()
    assert "撤回的" not in text_of(mailbox.mails[0])
    assert header(mailbox.mails[0], "Subject").startswith("HBM4：1 篇")
    other = make_issue({"也撤回": "HBM4。"}, end_date="2025-04-04")
    prepare_alerts.call()
    publishing.withdraw(Issue.objects.get(pk=other.pk))
    send_alerts.call()
    assert len(mailbox.mails) == 1
    assert states() == ["sent", "dropped"]


def test_what_the_index_does_not_know_yet_is_told_of_when_it_does(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox
) -> None:
    issue = make_issue({"样品": "HBM4。"}, status=Issue.Status.DRAFT)
    publishing.publish(issue)  # not committed: nothing is indexed before it is
    Task.objects.all().delete()
    work()
    assert mailbox.mails == []
    assert Task.objects.filter(name="members.alerts.tasks.prepare_alerts").count() == 1
    sync.drain()
    work()
    assert len(mailbox.mails) == 1


def test_a_publication_leaves_a_task_and_a_later_change_none(make_issue: WeekMaker, told: Follow) -> None:
    name = "members.alerts.tasks.prepare_alerts"
    issue = make_issue({"样品": "HBM4。"})
    assert Task.objects.filter(name=name).count() == 1
    Task.objects.all().delete()
    publishing.withdraw(Issue.objects.get(pk=issue.pk))
    assert not Task.objects.filter(name=name).exists()


@pytest.mark.parametrize("why", ["paused", "ended", "deactivated", "nobody told"])
def test_who_does_not_want_it_or_may_not_read_gets_nothing(
    make_issue: WeekMaker, member: User, told: Follow, mailbox: Mailbox, why: str
) -> None:
    def happen() -> None:
        match why:
            case "paused":
                changes.pause(told, is_paused=True)
            case "ended":
                changes.end(member, told.key)
            case "deactivated":
                User.objects.update(is_active=False)
            case "nobody told":
                Subscription.objects.all().delete()

    make_issue({"样品": "HBM4。"})
    prepare_alerts.call()
    happen()
    send_alerts.call()
    make_issue({"又一批": "HBM4。"}, end_date="2025-03-28")
    work()
    assert mailbox.mails == []
    if why == "paused":
        changes.pause(told, is_paused=False)
        work()
        assert mailbox.mails == [], "what arrived meanwhile is not told of later"


def test_many_at_once_are_one_mail_that_says_how_many_there_are(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox
) -> None:
    make_issue({f"第{number}条": "HBM4。" for number in range(50)})
    work()
    (mail,) = mailbox.mails
    assert header(mail, "Subject").startswith("HBM4：50 篇")
    assert text_of(mail).count("测试周报") == 20
    assert "还有 30 篇" in text_of(mail)


def test_a_publication_is_one_mail_of_all_that_is_followed_and_an_article_of_two_stands_there_once(
    make_issue: WeekMaker, told: Follow, follow: Following, mailbox: Mailbox
) -> None:
    for key in ("q=光刻胶", "q=样品"):
        tell_by_mail(follow(key), SITE)
    make_issue({"样品": "HBM4。", "验证": "光刻胶。"})
    work()
    (mail,) = mailbox.mails
    assert header(mail, "Subject") == "关注里有 2 篇新文章 · 芯闻库"
    assert re.findall("【(.+)】", text_of(mail)) == ["HBM4", "光刻胶"]
    assert text_of(mail).count(f"{SITE}/articles/") == 2
    assert Delivery.objects.count() == 3, "that of 样品 is noted: it goes out when HBM4 is ended before"


def test_what_answers_several_is_told_for_the_one_that_is_left_when_it_is_sent(
    make_issue: WeekMaker, told: Follow, follow: Following, mailbox: Mailbox
) -> None:
    term = Term(name="台积电", kind="company")
    save_term(term)
    tell_by_mail(follow("topic=taijidian"), SITE)
    tell_by_mail(follow("q=样品"), SITE)
    make_issue({"样品": "台积电的HBM4。"})
    prepare_alerts.call()
    changes.pause(told, is_paused=True)
    delete_terms([term.pk])
    send_alerts.call()
    (mail,) = mailbox.mails
    assert header(mail, "Subject") == "样品：1 篇新文章 · 芯闻库"


def test_a_week_is_gathered_into_one_mail_of_all_that_is_followed(
    make_issue: WeekMaker, member: User, told: Follow, follow: Following, mailbox: Mailbox
) -> None:
    tell_by_mail(follow("q=光刻胶"), SITE)
    set_rhythm(member, Channel.Rhythm.WEEKLY)
    make_issue({"样品": "HBM4。"})
    make_issue({"验证": "光刻胶。"}, end_date="2025-03-28")
    work()
    preparing.gather(MONDAY + dt.timedelta(days=1))
    work()
    assert mailbox.mails == []
    preparing.gather(MONDAY)
    work()
    preparing.gather(MONDAY)
    work()
    (mail,) = mailbox.mails
    assert header(mail, "Subject") == "关注里有 2 篇新文章 · 芯闻库"
    assert "【HBM4】" in text_of(mail)
    assert "【光刻胶】" in text_of(mail)


def test_what_waits_longer_than_a_week_goes_out_on_any_day(
    make_issue: WeekMaker, member: User, told: Follow, mailbox: Mailbox
) -> None:
    set_rhythm(member, Channel.Rhythm.WEEKLY)
    make_issue({"样品": "HBM4。"})
    work()
    Delivery.objects.update(created_at=MONDAY - dt.timedelta(days=8))
    preparing.gather(MONDAY + dt.timedelta(days=1))
    send_alerts.call()
    assert len(mailbox.mails) == 1
