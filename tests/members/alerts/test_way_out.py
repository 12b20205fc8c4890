"""The way out of alert mails: one click, without a log-in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from glossary.editing import save_term
from glossary.models import Term
from members.alerts import preparing
from members.alerts.models import Channel, Subscription
from members.alerts.settings import set_rhythm, tell_by_mail
from members.alerts.tasks import send_alerts
from members.following.models import Follow
from tests.conftest import WeekMaker
from tests.mailbox import Mailbox, header, text_of
from tests.members.alerts.work import PAGE, SITE, work

pytestmark = pytest.mark.django_db

Following = Callable[..., Follow]
MONDAY = dt.datetime(2026, 11, 30, 1, tzinfo=dt.UTC)


def test_one_click_ends_it_without_a_log_in_and_a_look_does_not(
    make_issue: WeekMaker, closed: None, client: Client, told: Follow, follow: Following, mailbox: Mailbox
) -> None:
    other = follow("q=光刻胶")
    tell_by_mail(other, SITE)
    make_issue({"样品": "HBM4。"})
    work()
    (mail,) = mailbox.mails
    way_out = header(mail, "List-Unsubscribe").strip("<>").removeprefix(SITE)
    strict = Client(enforce_csrf_checks=True)
    assert "停止" in strict.get(way_out).content.decode()
    assert Subscription.objects.count() == 2
    for _ in range(2):
        answer = strict.post(way_out, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "已停止" in answer.content.decode()
    assert [one.follow for one in Subscription.objects.all()] == [other]
    assert Follow.objects.count() == 2, "it is followed as before"
    make_issue({"又": "HBM4和光刻胶。"}, end_date="2025-03-28")
    work()
    assert [header(mail, "Subject").partition("：")[0] for mail in mailbox.mails] == ["HBM4", "光刻胶"]


def test_all_mails_end_from_any_of_them_and_what_is_gathered_ends_as_a_whole(
    make_issue: WeekMaker, member: User, client: Client, told: Follow, follow: Following, mailbox: Mailbox
) -> None:
    tell_by_mail(follow("q=光刻胶"), SITE)
    others = User.objects.create_user("other", email="other@example.org")
    tell_by_mail(follow("q=HBM4", others), SITE)
    client.post(f"{PAGE}end/{Subscription.objects.get(follow=told).key}/", {"do": "all"})
    assert [one.channel.user for one in Subscription.objects.all()] == [others]
    set_rhythm(others, Channel.Rhythm.WEEKLY)
    make_issue({"样品": "HBM4。"})
    work()
    preparing.gather(MONDAY)
    send_alerts.call()
    client.post(header(mailbox.mails[0], "List-Unsubscribe").strip("<>").removeprefix(SITE))
    assert not Subscription.objects.exists()


def test_a_mail_of_several_ends_one_of_them_or_all(
    make_issue: WeekMaker, client: Client, told: Follow, follow: Following, mailbox: Mailbox
) -> None:
    other = follow("q=光刻胶")
    tell_by_mail(other, SITE)
    make_issue({"样品": "HBM4。", "验证": "光刻胶。"})
    work()
    (mail,) = mailbox.mails
    ways = re.findall(rf'href="{SITE}(\S+)">不再发“(.+?)”的邮件', text_of(mail, "html"))
    assert [name for _, name in ways] == ["HBM4", "光刻胶"]
    assert "不再收到“HBM4”的新文章邮件？" in client.get(ways[0][0]).content.decode()
    client.post(ways[0][0], {"do": "one"})
    assert [one.follow for one in Subscription.objects.all()] == [other]
    way_out = header(mail, "List-Unsubscribe").strip("<>").removeprefix(SITE)
    assert "停止全部提醒邮件" not in client.get(way_out).content.decode(), "it is all of them already"
    client.post(way_out)
    assert not Subscription.objects.exists()


def test_the_page_says_what_ends_and_how_to_have_it_again(
    client: Client, follow: Following, mailbox: Mailbox
) -> None:
    save_term(Term(name="台积电", kind="company"))
    topic = follow("topic=taijidian")
    tell_by_mail(topic, SITE)
    Channel.objects.create(kind=Channel.Kind.ISSUES, email="reader@example.org", site=SITE)
    issues = f"{PAGE}end/{Channel.objects.get(kind='issues').key}/"
    assert "“台积电”" in client.get(f"{PAGE}end/{Subscription.objects.get().key}/").content.decode()
    assert "每期邮件" in client.get(issues).content.decode()
    page = client.post(issues).content.decode()
    assert f'href="{PAGE}issues/"' in page
    assert "登录以后" not in page, "who has the issues needs no account"
