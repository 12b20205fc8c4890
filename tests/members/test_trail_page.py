"""编辑室 › 记录: who sees it, filters, pages, the file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.trail import What
from members.trail.models import Event
from members.trail.pages import A_PAGE
from tests.archive.people import browser, person
from tests.editors_words import faults

pytestmark = pytest.mark.django_db

PAGE, FILE = "/admin/trail/", "/admin/trail/trail.csv"
DAY = dt.datetime(2025, 3, 21, 15, 59, 30, tzinfo=dt.UTC)
"""A minute before midnight in the site's time zone."""


@pytest.fixture
def chief(db: None) -> Client:
    client = browser(person("wang", "主编"))
    Event.objects.prune(timezone.now() + dt.timedelta(days=1000))
    return client


def happened(what: What = What.PUBLISHED, **more: Any) -> Event:
    return Event.objects.create(what=what, **{"at": DAY, "name": "li", **more})


def shown(client: Client, **asked: object) -> list[str]:
    """The targets on the page, from the top."""
    page = client.get(PAGE, asked).content.decode()
    return re.findall(r'<td class="what">.*?</strong>\s*(?:<a[^>]*>)?([^<]*?)\s*<', page, re.DOTALL)


def test_who_may_not_see_it_does_not(client: Client, django_user_model: Any) -> None:
    happened(target="泄密词")
    staff = User.objects.create_user("staff", is_staff=True)
    for who in (
        client,
        browser(User.objects.create_user("member")),
        browser(staff),
        browser(person("e", "编辑")),
    ):
        for address in (PAGE, FILE):
            answer = who.get(address)
            assert answer.status_code in (302, 403)
            assert "泄密词" not in answer.content.decode()
        assert PAGE not in who.get("/admin/").content.decode()
    assert not Event.objects.filter(what="exported").exists()


@pytest.mark.parametrize("role", ["主编", "管理员"])
def test_chief_editors_and_administrators_come_to_it_from_the_first_page(role: str) -> None:
    client = browser(
        person("wang", "主编")
        if role == "主编"
        else User.objects.create_superuser("root", "", "password-of-root")
    )
    assert f'href="{PAGE}"' in client.get("/admin/").content.decode()
    assert client.get(PAGE).status_code == 200


def test_it_says_who_did_what_to_what_from_where(chief: Client) -> None:
    happened(
        target="周报<b>",
        link="/admin/archive/issue/7/change/",
        detail="到时自动发布",
        address="203.0.113.7",
        agent="Firefox",
    )
    happened(What.LOGIN_FAILED, name="", target="wang")
    page = chief.get(PAGE).content.decode()
    assert "2025年3月21日 23:59:30" in page
    for said in (
        "周报&lt;b&gt;",
        "到时自动发布",
        "203.0.113.7",
        "Firefox",
        "没有登录的人",
        "登录失败",
        "保留 400 天",
    ):
        assert said in page
    assert 'href="/admin/archive/issue/7/change/"' in page
    assert faults(page) == set()


def test_a_link_is_shown_to_those_who_may_open_it(chief: Client, admin_client: Client) -> None:
    looks_on = User.objects.create_user("looks on", is_staff=True)
    looks_on.user_permissions.add(Permission.objects.get(codename="view_event"))
    links = "/admin/people/1/", "/admin/archive/issue/1/change/"
    for link in (*links, "/admin/gone/from/here/"):
        happened(target="x", link=link)
    for client, may in ((browser(looks_on), False), (chief, True), (admin_client, True)):
        page = client.get(PAGE).content.decode()
        assert [f'href="{link}"' in page for link in links] == [may, may]
        assert "/admin/gone/" not in page


def test_an_empty_trail_and_an_empty_answer_say_so(chief: Client) -> None:
    assert "还没有记录" in chief.get(PAGE).content.decode()
    assert "没有符合条件的记录" in chief.get(PAGE, {"who": "nobody"}).content.decode()


def test_it_is_filtered_by_person_kind_and_days(chief: Client) -> None:
    happened(target="a")
    happened(target="b", name="wang", at=DAY + dt.timedelta(minutes=1))  # after midnight
    happened(What.LOGGED_IN, target="c", name="wang", at=DAY + dt.timedelta(days=3))
    happened(What.DEACTIVATED, target="wang", at=DAY + dt.timedelta(days=4))
    assert shown(chief) == ["wang", "c", "b", "a"]
    assert shown(chief, who="wang") == ["wang", "c", "b"]
    assert shown(chief, who=" li ") == ["wang", "a"]
    assert shown(chief, what="logged_in") == ["c"]
    assert shown(chief, what="content") == ["b", "a"]
    assert shown(chief, until="2025-03-21") == ["a"]
    assert shown(chief, since="2025年3月22日", until="2025.3.22") == ["b"]
    assert shown(chief, since="2025-03-22", what="people", who="wang") == ["wang"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "gestern"}, "没有读出“gestern”是哪一天"),
        ({"since": "2025-03-22", "until": "2025-03-21"}, "“到”早于“从”"),
        ({"what": "drop table"}, "drop table"),
        ({"before": "-1"}, ""),
        ({"before": "9" * 40}, ""),
        ({"who": "x" * 151}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(chief: Client, asked: dict[str, str], said: str) -> None:
    happened(target="泄密词")
    for address in (PAGE, FILE):
        answer = chief.get(address, asked)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "errornote" in page
        assert said in page
        assert "泄密词" not in page
    assert not Event.objects.filter(what="exported").exists()


def test_days_far_away_are_days_too(chief: Client) -> None:
    happened(target="a")
    assert shown(chief, since="2001-01-01", until="2030-12-31") == ["a"]
    for day in ("0001-01-01", "9999-12-31", "10000-01-01"):
        for name in ("since", "until"):
            assert chief.get(PAGE, {name: day}).status_code in (200, 400)


def test_its_pages_go_on_where_the_last_one_ended(chief: Client) -> None:
    events = [happened(target=f"e{number:03}") for number in range(2 * A_PAGE + 10)]  # all at one moment
    names = [event.target for event in reversed(events)]

    def follow(page: str, which: str) -> str:
        [address] = re.findall(rf'href="(\?[^"]+)" rel="{which}"', page)
        return str(chief.get(PAGE + address.replace("&amp;", "&")).content.decode())

    def targets(page: str) -> list[str]:
        return re.findall(r"\be\d{3}\b", page)

    first = chief.get(PAGE).content.decode()
    assert 'rel="prev"' not in first
    second = follow(first, "next")
    third = follow(second, "next")
    assert [targets(page) for page in (first, second, third)] == [
        names[:A_PAGE],
        names[A_PAGE : 2 * A_PAGE],
        names[2 * A_PAGE :],
    ]
    assert 'rel="next"' not in third
    assert targets(follow(third, "prev")) == targets(second)
    assert targets(follow(follow(third, "prev"), "prev")) == targets(first)
    happened(target="e999")
    assert targets(follow(second, "prev")) == targets(first), "what comes meanwhile moves nothing"


def test_no_page_reads_more_rows_than_it_shows(chief: Client) -> None:
    Event.objects.bulk_create(
        Event(what="published", at=DAY - dt.timedelta(seconds=number), target=str(number))
        for number in range(500)
    )
    last = Event.objects.order_by("-at")[440]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = chief.get(PAGE, {"before": last.pk})
    assert page.status_code == 200
    read = [query["sql"] for query in queries if "members_event" in query["sql"]]
    assert len(read) == 2
    assert not any("OFFSET" in sql or "COUNT" in sql for sql in read)


def test_the_file_has_all_that_is_asked_for_and_runs_nothing(chief: Client) -> None:
    happened(target="=1+1", detail="@x", agent="+y", name="-li")
    happened(target="other", name="wang")
    for number in range(A_PAGE + 5):
        happened(What.LOGGED_IN, target=str(number))
    answer: Any = chief.get(FILE, {"what": "published"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["时间", "谁", "做了什么", "对象", "说明", "从哪里", "浏览器"]
    assert rows[1:] == [
        ["2025-03-21 23:59:30", "wang", "发布", "other", "", "", ""],
        ["2025-03-21 23:59:30", "'-li", "发布", "'=1+1", "'@x", "", "'+y"],
    ]
    everything: Any = chief.get(FILE)
    assert len(b"".join(everything.streaming_content).splitlines()) == 1 + 2 + A_PAGE + 5 + 2
    told = Event.objects.filter(what="exported").order_by("pk")
    assert [(event.name, event.target, event.detail) for event in told] == [
        ("wang", "操作记录", "做了什么：published"),
        ("wang", "操作记录", ""),
    ]


def test_nobody_changes_an_event_over_the_web(chief: Client) -> None:
    event = happened(target="a")
    for address in (PAGE, FILE, "/admin/members/event/", f"/admin/members/event/{event.pk}/delete/"):
        chief.post(address, {"post": "yes", "action": "delete_selected", "_selected_action": event.pk})
    assert Event.objects.get(pk=event.pk).target == "a"
