"""What members and editors see of alerts, and how long they are kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from archive.models import Article
from glossary.editing import save_term
from glossary.models import Term
from members.alerts import sending
from members.alerts.models import Alert, Channel, Delivery, Subscription
from members.alerts.settings import tell_by_mail
from members.alerts.tasks import prepare_alerts, send_alerts
from members.following.models import Follow
from members.own_data.export import own_data
from tests.conftest import WeekMaker
from tests.mailbox import Mailbox, text_of
from tests.members.alerts.work import PAGE, SITE, work

pytestmark = pytest.mark.django_db

Following = Callable[..., Follow]


def test_a_button_of_a_follow_turns_mails_on_and_off(
    make_issue: WeekMaker, member: User, members_client: Client, follow: Following, mailbox: Mailbox
) -> None:
    make_issue({"以前的": "HBM4。"})
    one = follow("q=HBM4")
    assert ">邮件提醒<" in re.sub(r"\s", "", members_client.get("/following/").content.decode())
    members_client.post(f"{PAGE}{one.pk}/", {"channel": "mail", "is_on": "1"})
    page = members_client.get("/following/").content.decode()
    assert "会发邮件到 member@example.org" in page
    assert "停止邮件提醒" in page
    work()
    assert mailbox.mails == [], "what was there is no news"
    make_issue({"样品": "HBM4。"}, end_date="2025-03-28")
    work()
    assert text_of(mailbox.mails[0]).count("http://testserver/articles/") == 1
    members_client.post(f"{PAGE}{one.pk}/", {"channel": "mail"})
    assert not Subscription.objects.exists()
    members_client.post(PAGE, {"rhythm": "weekly"})
    assert Channel.objects.get().rhythm == "weekly"
    assert members_client.post(PAGE, {"rhythm": "hourly"}).status_code == 400
    data = own_data(member)
    assert [row["渠道"] for row in data["提醒渠道（成员）"]] == ["邮件"]


def test_without_mail_or_an_address_there_is_no_button_and_nothing_is_stored(
    members_client: Client, follow: Following, settings: Any
) -> None:
    one = follow("q=HBM4")
    User.objects.update(email="")
    assert "邮件提醒" not in members_client.get("/following/").content.decode()
    members_client.post(f"{PAGE}{one.pk}/", {"channel": "mail", "is_on": "1"})
    assert "没有设好提醒" in members_client.get("/following/").content.decode()
    assert "账号还没有邮箱" in members_client.get(PAGE).content.decode()
    settings.EMAIL_URL = ""
    assert "网站还没有设好发邮件" in members_client.get(PAGE).content.decode()
    assert not Channel.objects.exists()


def test_nobody_sets_alerts_of_somebody_else(
    members_client: Client, client: Client, follow: Following
) -> None:
    one = follow("q=HBM4", User.objects.create_user("other", email="other@example.org"))
    sent = {"channel": "mail", "is_on": "1"}
    assert members_client.post(f"{PAGE}{one.pk}/", sent).status_code == 404
    assert "login" in client.post(f"{PAGE}{one.pk}/", sent)["Location"]
    assert not Channel.objects.exists()


def test_the_editors_room_shows_what_became_of_it_and_not_what_is_followed(
    make_issue: WeekMaker, admin_client: Client, told: Follow, mailbox: Mailbox
) -> None:
    make_issue({"样品": "HBM4。"})
    work()
    page = admin_client.get("/admin/members/alert/").content.decode()
    one = admin_client.get(f"/admin/members/alert/{Alert.objects.get().pk}/change/").content.decode()
    assert "已发送" in page
    assert "已发送" in one
    assert "HBM4" not in page + one


def test_old_alerts_are_deleted_and_nothing_is_told_of_again(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox
) -> None:
    make_issue({"样品": "HBM4。"})
    work()
    sending.delete_old(timezone.now() + dt.timedelta(days=89))
    assert Alert.objects.count() == 1
    sending.delete_old(timezone.now() + dt.timedelta(days=91))
    assert not Alert.objects.exists()
    assert not Delivery.objects.exists()
    work()
    assert len(mailbox.mails) == 1
    assert Article.objects.count() == 1


def test_the_list_names_what_was_followed_as_its_owner_knows_it(
    make_issue: WeekMaker, members_client: Client, follow: Following, mailbox: Mailbox
) -> None:
    save_term(Term(name="台积电", kind="company"))
    for key in ("topic=taijidian", "q=HBM4&year=2025", "q=样品", "q=验证"):
        tell_by_mail(follow(key), SITE)
    make_issue({"样品": "台积电的HBM4。", "验证": "光刻胶。"})
    work()
    page = re.sub(r"\s+", " ", members_client.get(PAGE).content.decode())
    assert "提醒：台积电、HBM4 · 2025年、样品、验证。" in page
    assert "台积电、HBM4 · 2025年、样品等 4 个" in page
    assert "taijidian" not in page


def test_a_robot_that_may_have_got_it_is_not_said_to_have_got_it_twice(
    make_issue: WeekMaker, members_client: Client, channel: Callable[..., Channel]
) -> None:
    channel("wecom")
    make_issue({"样品": "HBM4。"})
    prepare_alerts.call()
    Alert.objects.update(state="sending", next_at=timezone.now())
    send_alerts.call()
    page = members_client.get(PAGE).content.decode()
    assert "可能已经送到，没有再发" in page
    assert "又发了一次" not in page
