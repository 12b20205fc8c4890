"""/following/: the button, what is new, and what a member does with the list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive import publishing
from archive.editing import save_article
from archive.models import Article, Issue
from glossary.editing import save_term
from glossary.models import Alias, Term
from members.following import arrivals, changes
from members.following.listing import listing_of, news_count
from members.following.models import MAX_KEY, Follow
from members.following.subjects import FollowRefused, read_subject, search_key
from members.own_data.export import own_data
from search.engines.registry import current_engine
from search.indexing import sync
from search.results.request import SearchRequest
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db

PAGE, BUTTON, NEWS, TAKE_OVER = (
    "/following/",
    "/following/button/",
    "/following/news/",
    "/following/take-over/",
)
Following = Callable[..., Follow]


def text_of(client: Client, address: str = PAGE) -> str:
    """A page as one line of text."""
    page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<template.*?</template>|<[^>]+>", " ", page, flags=re.DOTALL))


def new_of(user: User) -> dict[str, int]:
    return {row.name: row.count for row in listing_of(user).rows}


# --- What is new ---------------------------------------------------------------------------------------


def test_what_was_there_is_no_news_and_what_is_published_later_is(
    make_issue: WeekMaker, member: User, follow: Following
) -> None:
    make_issue({"HBM4送样": "带宽。"})
    follow("q=HBM4")
    assert new_of(member) == {"HBM4": 0}
    make_issue({"HBM4量产": "一。", "HBM4涨价": "二。", "光刻胶": "三。"}, end_date="2025-03-28")
    row = listing_of(member).rows[0]
    assert row.count == 2
    assert {article.title for article in row.newest} == {"HBM4量产", "HBM4涨价"}
    assert news_count(member) == 2


def test_a_draft_is_no_news_until_it_is_published_and_none_when_it_is_withdrawn(
    make_issue: WeekMaker, member: User, follow: Following
) -> None:
    follow("q=HBM4")
    issue = make_issue({"HBM4量产": "一。"}, status=Issue.Status.DRAFT)
    assert news_count(member) == 0
    publishing.publish(issue)
    sync.drain()
    assert news_count(member) == 1
    publishing.withdraw(Issue.objects.get(pk=issue.pk))
    assert news_count(member) == 0


def test_published_again_or_changed_it_is_no_news_once_more(
    make_issue: WeekMaker, member: User, follow: Following
) -> None:
    one = follow("q=HBM4")
    issue = make_issue({"HBM4量产": "一。"})
    changes.mark_read(Follow.objects.filter(pk=one.pk), listing_of(member).upto)
    assert news_count(member) == 0
    publishing.withdraw(Issue.objects.get(pk=issue.pk))
    publishing.publish(Issue.objects.get(pk=issue.pk))
    article = Article.objects.get()
    article.title = "HBM4量产了"
    save_article(article)
    sync.drain()
    assert news_count(member) == 0


def test_what_the_index_does_not_know_yet_is_neither_news_nor_marked_as_read(
    make_issue: WeekMaker, member: User, follow: Following
) -> None:
    one = follow("q=HBM4")
    issue = make_issue({"HBM4量产": "一。"}, status=Issue.Status.DRAFT)
    # Published in a transaction that has not committed: nothing is indexed before it does.
    publishing.publish(issue)
    shown = listing_of(member)
    assert shown.new == 0
    changes.mark_read(Follow.objects.filter(pk=one.pk), shown.upto)
    sync.drain()
    assert news_count(member) == 1


def test_filters_topics_and_columnists_are_followed_as_they_are_asked(
    make_issue: WeekMaker, member: User, follow: Following
) -> None:
    save_term(Term(name="台积电", kind="company"), [Alias(text="TSMC")])
    for key in ("q=产能&term=台积电", "topic=taijidian", 'q=columnist:"周 一"', "q=产能 -涨价"):
        follow(key)
    make_issue({"TSMC扩产": "产能。", "存储": "产能涨价。"}, columnist="周 一")
    assert new_of(member) == {"产能 · 台积电": 1, "台积电": 1, 'columnist:"周 一"': 2, "产能 -涨价": 1}


def test_without_an_index_the_news_are_the_same(
    make_issue: WeekMaker, member: User, follow: Following, settings: Any
) -> None:
    follow("q=HBM4")
    make_issue({"HBM4量产": "一。", "光刻胶": "三。"})
    settings.SEARCH_URL = "database://"
    assert not current_engine().has_index
    assert new_of(member) == {"HBM4": 1}


def test_queries_do_not_grow_with_what_is_followed(
    make_issue: WeekMaker, members_client: Client, follow: Following
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert members_client.get(PAGE).status_code == 200
        return len(seen)

    follow("q=HBM4")
    make_issue({"HBM4量产": "一。"})
    queries()
    one = queries()
    for number in range(9):
        follow(f"q=HBM4&year=20{10 + number}")
    assert queries() == one


def test_a_save_of_what_is_public_asks_nothing_more(make_issue: WeekMaker) -> None:
    article = make_issue({"HBM4量产": "一。"}).articles.get()
    article.title = "另一个"
    with CaptureQueriesContext(connection) as seen:
        save_article(article)
    assert not any("members_arrival" in query["sql"] for query in seen)
    with CaptureQueriesContext(connection) as seen:
        save_article(Article(issue=article.issue, position=2, title="新加的"))
    assert any("members_arrival" in query["sql"] for query in seen)
    assert len(arrivals.since(0)) == 2


# --- The button ----------------------------------------------------------------------------------------


def test_the_button_stands_on_every_search_and_topic_follows_and_ends(
    make_issue: WeekMaker, member: User, members_client: Client
) -> None:
    save_term(Term(name="台积电", kind="company"), [])
    make_issue({"台积电扩产": "产能。"})
    for page, key in (("/search/?q=产能&year=2025&sort=newest", "q=%E4%BA%A7%E8%83%BD&year=2025"), ("/search/?q=绝无此词", "q=%E7%BB%9D%E6%97%A0%E6%AD%A4%E8%AF%8D"), ("/topics/taijidian/", "topic=taijidian")):  # fmt: skip
        shown = members_client.get(page).content.decode()
        assert f'name="key" value="{key.replace("&", "&amp;")}"' in shown
        answer = members_client.post(BUTTON, {"key": key, "do": "follow", "back": page})
        assert unquote(answer["Location"]) == page
        assert [one.key for one in Follow.objects.filter(user=member)] == [key]
        assert "取消关注" in text_of(members_client, page)
        members_client.post(BUTTON, {"key": key, "do": "follow", "back": page})
        assert Follow.objects.count() == 1
        members_client.post(BUTTON, {"key": key, "do": "end", "back": page})
        assert not Follow.objects.exists()


def test_strangers_get_a_button_for_their_browser_and_can_store_nothing(
    make_issue: WeekMaker, client: Client
) -> None:
    make_issue({"产能": "一。"})
    page = client.get("/search/?q=产能").content.decode()
    assert 'data-follow="q=%E4%BA%A7%E8%83%BD"' in page
    assert "csrf" not in page.partition('<div class="summary">')[2]
    for address in (BUTTON, TAKE_OVER, "/following/read/", "/following/1/"):
        assert "login" in client.post(address, {"key": "q=产能", "do": "follow"})["Location"]
    assert not Follow.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"key": "q=", "do": "follow"}, "没有关键词，不能关注"),
        ({"key": "", "do": "follow"}, "没有看懂要关注什么"),
        ({"key": "q=HBM4", "do": "buy"}, "没有看懂要关注什么"),
        ({"key": "topic=nothing", "do": "follow"}, "这个话题已经没有了"),
        ({"key": urlencode({"q": "芯" * 100}), "do": "follow"}, "太长，不能关注"),
        ({"key": "q=" + "x" * 9000, "do": "follow"}, "没有看懂要关注什么"),
    ],
)
def test_what_can_not_be_followed_is_refused_in_words(
    members_client: Client, sent: dict[str, str], said: str
) -> None:
    answer = members_client.post(BUTTON, sent)
    assert answer["Location"] == PAGE
    assert said in text_of(members_client)
    assert not Follow.objects.exists()


def test_the_way_back_leads_nowhere_else(members_client: Client) -> None:
    sent = {"key": "q=HBM4", "do": "follow", "back": "https://example.com/"}
    assert members_client.post(BUTTON, sent)["Location"] == PAGE


def test_one_too_many_is_refused_and_ten_thousand_are(
    member: User, members_client: Client, follow: Following
) -> None:
    for number in range(changes.MOST):
        follow(f"q=HBM{number}")
    members_client.post(BUTTON, {"key": "q=HBM4 量产", "do": "follow"})
    assert f"最多关注 {changes.MOST} 个" in text_of(members_client)
    kept = [{"key": f"q=DDR{number}", "seen": 0} for number in range(10_000)]
    answer = members_client.post(TAKE_OVER, {"follows": json.dumps(kept)})
    assert answer.status_code == 400
    assert "10000 个，最多 100 个" in answer.json()["error"]
    assert Follow.objects.filter(user=member).count() == changes.MOST


# --- The list ------------------------------------------------------------------------------------------


def test_the_list_marks_as_read_pauses_renames_orders_and_ends(
    make_issue: WeekMaker, member: User, members_client: Client, follow: Following
) -> None:
    first, second = follow("q=HBM4"), follow("q=光刻胶")
    make_issue({"HBM4量产": "一。", "光刻胶": "HBM4。"})

    def do(one: Follow, what: str, **more: Any) -> str:
        assert members_client.post(f"{PAGE}{one.pk}/", {"do": what, **more})["Location"] == PAGE
        return text_of(members_client)

    assert "自上次以来 2 篇" in text_of(members_client)
    assert "关注里有新的：2 篇" in text_of(members_client, "/")
    upto = listing_of(member).upto
    assert "自上次以来 2 篇" not in do(first, "read", upto=upto)
    assert "关注里有新的：1 篇" in text_of(members_client, "/")
    do(first, "read", upto=0)
    assert Follow.objects.get(pk=first.pk).seen == upto, "nothing becomes unread again"
    page = do(second, "pause")
    assert "已暂停" in page
    assert "关注里有新的" not in text_of(members_client, "/")
    assert "自上次以来 1 篇" in do(second, "resume")
    assert "我的 材料" in do(second, "rename", name="  我的\n材料 ")
    assert "名称最多 60 个字，没有改" in do(second, "rename", name="长" * 61)
    assert [row.name for row in listing_of(member).rows] == ["HBM4", "我的 材料"]
    do(second, "up")
    do(second, "up")
    assert [row.name for row in listing_of(member).rows] == ["我的 材料", "HBM4"]
    assert "没有看懂要做什么" in do(second, "buy")
    members_client.post("/following/read/", {"upto": upto})
    assert listing_of(member).new == 0
    do(second, "end")
    assert [row.name for row in listing_of(member).rows] == ["HBM4"]


def test_nobody_changes_what_is_somebody_elses(members_client: Client, follow: Following) -> None:
    other = User.objects.create_user("other")
    one = follow("q=HBM4", other)
    for what in ("end", "pause", "rename"):
        assert members_client.post(f"{PAGE}{one.pk}/", {"do": what, "name": "x"}).status_code == 404
    members_client.post(BUTTON, {"key": "q=HBM4", "do": "end"})
    assert Follow.objects.filter(user=other, is_paused=False, name="").count() == 1
    assert "HBM4" not in text_of(members_client)


def test_a_topic_that_is_gone_is_said_to_be(members_client: Client, follow: Following) -> None:
    term = Term(name="台积电", kind="company")
    save_term(term, [])
    follow("topic=taijidian")
    Term.objects.get(name="台积电").delete()
    assert "已经找不到，可以取消关注" in text_of(members_client)


# --- Of a browser --------------------------------------------------------------------------------------


def test_a_browsers_list_is_answered_without_an_account_and_stores_nothing(
    make_issue: WeekMaker, client: Client
) -> None:
    make_issue({"HBM4量产": "一。"})
    kept = [
        {"key": "q=HBM4", "name": "", "seen": 0, "isPaused": False},
        {"key": "q=HBM4", "name": "停", "seen": 0, "isPaused": True},
        {"key": "q=HBM4", "name": "新的", "seen": None},
        {"key": "topic=nothing"},
        {"key": "q=量产", "seen": 0},
    ]
    answer = client.post(NEWS, {"follows": json.dumps(kept)}).json()
    assert answer["upto"] == arrivals.latest()
    assert [(one["name"], one["count"]) for one in answer["follows"]] == [
        ("HBM4", 1),
        ("停", 0),
        ("新的", 0),
        ("nothing", 0),
        ("量产", 1),
    ]
    assert answer["new"] == 1, "an article that answers two is new once"
    assert answer["follows"][0]["newest"][0]["title"] == "HBM4量产"
    assert not Follow.objects.exists()


@pytest.mark.parametrize(
    "sent",
    ["", "{", "[1]", '{"key": 1}', '[{"key": 1}]', '[{"key": "q=a", "seen": -1}]', '[{"key": "q=a", "seen": "x"}]', "[" * 9999],
)  # fmt: skip
def test_what_no_browser_of_ours_keeps_is_refused(client: Client, members_client: Client, sent: str) -> None:
    for answer in (client.post(NEWS, {"follows": sent}), members_client.post(TAKE_OVER, {"follows": sent})):
        assert answer.status_code == 400
        assert answer.json()["error"]
    assert not Follow.objects.exists()


def test_what_a_browser_has_kept_is_taken_over_as_it_was(
    make_issue: WeekMaker, member: User, members_client: Client, follow: Following
) -> None:
    follow("q=光刻胶")
    make_issue({"HBM4量产": "光刻胶。"})
    kept = [
        {"key": "q=HBM4", "name": "存储", "seen": 0, "isPaused": False},
        {"key": "q=%E5%85%89%E5%88%BB%E8%83%B6", "name": "另一个名称", "seen": 0},
        {"key": "topic=nothing", "seen": 0},
        {"key": "q=DDR5", "seen": 2**50, "isPaused": True},
    ]
    assert members_client.post(TAKE_OVER, {"follows": json.dumps(kept)}).json() == {"left": []}
    assert new_of(member) == {"光刻胶": 1, "存储": 1, "DDR5": 0}
    assert Follow.objects.get(key="q=DDR5").seen == arrivals.latest()
    members_client.post(TAKE_OVER, {"follows": json.dumps(kept)})
    assert Follow.objects.count() == 3


def test_what_has_no_room_stays_in_the_browser(
    member: User, members_client: Client, follow: Following
) -> None:
    for number in range(changes.MOST - 1):
        follow(f"q=HBM{number}")
    kept = [{"key": "q=DDR4", "seen": 0}, {"key": "q=DDR5", "seen": 0}]
    assert members_client.post(TAKE_OVER, {"follows": json.dumps(kept)}).json() == {"left": ["q=DDR5"]}
    assert Follow.objects.filter(user=member).count() == changes.MOST


# --- Everyone's own data -------------------------------------------------------------------------------


def test_ones_own_data_has_it_and_it_goes_with_the_account(member: User, follow: Following) -> None:
    follow("q=HBM4")
    follow("q=HBM4", User.objects.create_user("other"))
    assert [row["关注的"] for row in own_data(member)["关注（成员）"]] == ["q=HBM4"]
    member.delete()
    assert Follow.objects.count() == 1


# --- Keys ----------------------------------------------------------------------------------------------


def test_a_search_has_one_key_however_it_is_shown() -> None:
    for key in ("q=HBM4&year=2025", "year=2025&q=HBM4&page=7", "q=HBM4&year=2025&sort=newest&explain=1&x=y"):
        assert read_subject(key).key == "q=HBM4&year=2025"
    assert search_key(SearchRequest("HBM4", term=("台积电", "三星"))).count("term=") == 2
    with pytest.raises(FollowRefused, match="太长"):
        read_subject("q=" + "x" * MAX_KEY)
