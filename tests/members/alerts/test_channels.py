"""Robots and programs are added and removed by their owners alone, and their secrets never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from members.alerts.models import Alert, Channel, Subscription
from members.alerts.outgoing import AddressRefused
from members.alerts.robots import CHATS, check_address
from members.alerts.settings import MOST, add_channel
from members.alerts.tasks import send_alerts
from members.following.models import Follow
from members.own_data.export import own_data
from members.trail.models import Event
from tests.conftest import WeekMaker
from tests.members.alerts.work import KEY, PAGE, SITE, states, work
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db

Following = Callable[..., Follow]


def test_only_the_chats_own_hosts_are_taken() -> None:
    for kind, chat in CHATS.items():
        for host in chat.hosts:
            check_address(kind, f"https://{host}{chat.path}{KEY}")
        good = f"https://{chat.hosts[0]}{chat.path}{KEY}"
        for bad in (
            good.replace("https://", "https://evil.example/"),
            good.replace(chat.hosts[0], f"{chat.hosts[0]}.evil.example"),
            good.replace("https://", "https://evil.example@"),
            good.replace("https", "http"),
            good.replace(chat.hosts[0], f"{chat.hosts[0]}:8443"),
            good.removesuffix(KEY),
            f"https://{chat.hosts[0]}/",
            good.replace(chat.hosts[0], "127.0.0.1"),
        ):
            with pytest.raises(AddressRefused):
                check_address(kind, bad)


@pytest.mark.parametrize(
    ("kind", "address", "said"),
    [
        ("wecom", "https://hooks.example.org/cgi-bin/webhook/send?key=x", "这不是企业微信群机器人的网址"),
        ("feishu", "https://open.feishu.cn/", "网址不完整"),
        ("webhook", "https://127.0.0.1/hook", "网址通向内部网络"),
        ("webhook", "https://localhost/hook", "网址通向内部网络"),
        ("webhook", "https://169.254.169.254/latest", "网址通向内部网络"),
        ("webhook", "http://8.8.8.8/hook", "https://"),
        ("webhook", "https://a:b@8.8.8.8/", "用户名和密码"),
        ("webhook", "https://8.8.8.8/\nHost: x", "空格、换行"),
        ("webhook", "https://[::1", "这不是网址"),
        ("webhook", "file:///etc/passwd", "https://"),
        ("mail", "https://8.8.8.8/", "请从列出的里面选一个"),
        ("webhook", "", "请粘贴网址"),
    ],
)
def test_a_bad_address_is_refused_in_words_and_nothing_is_stored(
    members_client: Client, kind: str, address: str, said: str
) -> None:
    sent = {"kind": kind, "name": "群", "address": address, "rhythm": "now"}
    answer = members_client.post(f"{PAGE}channels/", sent)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Channel.objects.exists()


def test_the_page_adds_tells_and_removes_and_never_shows_an_address(
    member: User, members_client: Client, admin_client: Client, follow: Following
) -> None:
    one = follow("q=HBM4")
    address = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
    sent = {"kind": "wecom", "name": "封装组", "address": address, "secret": "s3cret-s3cret", "rhythm": "now"}
    pages = [members_client.post(f"{PAGE}channels/", sent).content.decode()]
    channel = Channel.objects.get()
    assert "qyapi.weixin.qq.com …cdef" in pages[0]
    members_client.post(f"{PAGE}{one.pk}/", {"channel": channel.pk, "is_on": "1"})
    pages += [members_client.get(page).content.decode() for page in (PAGE, "/following/")]
    assert "停止发到“封装组”" in pages[-1]
    pages += [str(own_data(member)), admin_client.get("/admin/members/alert/").content.decode()]
    stored = str([*Channel.objects.values()])
    for text in (*pages, stored):
        assert KEY not in text
        assert "s3cret" not in text
    members_client.post(f"{PAGE}{one.pk}/", {"channel": channel.pk})
    assert not Subscription.objects.exists()
    members_client.post(f"{PAGE}channels/{channel.pk}/remove/")
    assert not Channel.objects.exists()


def test_a_programs_secret_is_shown_once(members_client: Client, receiver: Receiver) -> None:
    sent = {
        "kind": "webhook",
        "name": "脚本",
        "address": f"http://127.0.0.1:{receiver.port}/",
        "rhythm": "now",
    }
    page = members_client.post(f"{PAGE}channels/", sent).content.decode()
    secret = Channel.objects.get().open_secret()
    assert secret in page
    assert secret not in members_client.get(PAGE).content.decode()


def test_with_another_secret_key_nothing_is_sent_and_the_owner_is_told(
    make_issue: WeekMaker, members_client: Client, member: User, receiver: Receiver,
    channel: Callable[..., Channel], settings: Any,
) -> None:  # fmt: skip
    channel("wecom")
    make_issue({"样品": "HBM4。"})
    earlier = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    work()
    assert states() == ["failed"]
    assert "网站换过密钥" in Alert.objects.get().error
    members_client.force_login(member)
    assert "网址读不出来了" in members_client.get(PAGE).content.decode()
    assert receiver.requests == []
    settings.SECRET_KEY_FALLBACKS = [earlier]
    Alert.objects.update(state="waiting")
    send_alerts.call()
    assert states() == ["sent"]


def test_one_too_many_is_refused_and_nobody_has_what_is_somebody_elses(
    members_client: Client, receiver: Receiver, follow: Following
) -> None:
    other = User.objects.create_user("other")
    address = f"http://127.0.0.1:{receiver.port}/"
    theirs, _ = add_channel(other, "webhook", "群", address, secret="", rhythm="now", site=SITE)
    one = follow("q=HBM4")
    for path, sent in (
        (f"{one.pk}/", {"channel": theirs.pk, "is_on": "1"}),
        (f"channels/{theirs.pk}/remove/", {}),
    ):
        assert members_client.post(PAGE + path, sent).status_code == 404
    assert Channel.objects.count() == 1
    sent = {"kind": "webhook", "name": "脚本", "address": address, "rhythm": "now"}
    for _ in range(MOST + 1):
        answer = members_client.post(f"{PAGE}channels/", sent)
    assert f"最多 {MOST} 个" in answer.content.decode()
    assert Channel.objects.exclude(user=other).count() == MOST


def test_adding_and_removing_a_robot_leave_a_line_without_its_secret(
    receiver: Receiver, channel: Callable[..., Channel], members_client: Client
) -> None:
    one = channel("wecom")
    members_client.post(f"{PAGE}channels/{one.pk}/remove/")
    events = Event.objects.filter(what__startswith="channel_").order_by("pk")
    assert [(event.what, event.target, event.detail) for event in events] == [
        (what, "群", "企业微信群机器人，127.0.0.1") for what in ("channel_added", "channel_removed")
    ]
    assert {event.name for event in events} == {"member"}
    assert KEY[-4:] not in str(events.values())
