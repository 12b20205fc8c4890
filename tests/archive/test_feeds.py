"""Feeds: valid, whole, only what is published, and not longer than they have to be."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from archive.feeds import MAX_ISSUES, tag_of
from archive.models import Article, Issue
from tests.atom import complaints, read_feed
from tests.conftest import WeekMaker
from tests.writing import create, save, update

FEED = "/feeds/issues.atom"


def test_a_feed_without_issues_is_valid(client: Client, db: None) -> None:
    assert read_feed(client.get(FEED)).entries == []


def test_an_entry_is_the_whole_issue(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"旧": "旧文"}, end_date="2025-03-14")
    issue = make_issue({"先进封装 <上>": "一 & 二\n三", "乙": "四"}, columnist="莫大康")
    Issue.objects.filter(pk=issue.pk).update(introduction="导语。", sign_off="尾注。")
    first = issue.articles.get(position=1)
    Article.objects.filter(pk=first.pk).update(
        body='<p>一 &amp; 二<img src="/figures/7/" alt="" width="2" height="1"></p><p><a href="?q=1#p2">见</a></p>',
        source="某所",
        source_url="https://source.example/x?a=1&b=2",
    )
    feed = read_feed(client.get(FEED))
    assert feed.feed.title == "芯闻库：每期全文"
    entry = feed.entries[0]
    assert entry.title == "测试周报（2025年3月21日）"
    assert entry.link == "http://testserver/issues/2025-03-21/"
    assert entry.author == "莫大康"
    text = entry.content[0].value
    for shown in ("导语。", "先进封装 &lt;上&gt;", "一 &amp; 二", "四", "某所", "尾注。"):
        assert shown in text
    assert 'src="http://testserver/figures/7/"' in text
    assert 'href="http://testserver/issues/2025-03-21/?q=1#p2"' in text
    assert 'href="https://source.example/x?a=1&amp;b=2"' in text
    assert [entry.title for entry in feed.entries[1:]] == ["测试周报（2025年3月14日）"]


def test_what_was_published_is_dated_by_its_issue(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": "文"}, end_date="2025-03-14")
    [entry] = read_feed(client.get(FEED)).entries
    assert entry.published == "2025-03-14T00:00:00+08:00"
    assert entry.updated > entry.published


@pytest.mark.parametrize(
    ("accepted", "is_page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("*/*", False),
        ("", False),
        ("application/atom+xml,application/xml;q=0.9,text/xml;q=0.2,*/*;q=0.1", False),
        ("application/rss+xml, text/html;q=0.5, */*;q=0.4", False),
    ],
)
def test_a_person_who_opens_a_feed_sees_a_page_and_a_feed_reader_the_feed(
    client: Client, make_issue: WeekMaker, accepted: str, is_page: bool
) -> None:
    make_issue({"机密": "文"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    issue = make_issue({"甲": "文"})
    client.get(FEED)  # what is kept for the one is not given to the other
    client.get(FEED, headers={"accept": "text/html"})
    response = client.get(FEED, headers={"accept": accepted})
    assert "Accept" in re.split(", *", response["Vary"])
    assert response["Content-Type"].startswith("text/html" if is_page else "application/atom+xml")
    assert response.content.decode().count(f'href="http://testserver{issue.get_absolute_url()}"') == 1
    assert ("把下面的网址" in response.content.decode()) == is_page
    assert "2025-03-28" not in response.content.decode()


def test_no_draft_is_in_a_feed(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"公开": "文"})
    draft = make_issue({"机密": "机密"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    assert "机密" not in client.get(FEED).content.decode()
    draft.status = Issue.Status.PUBLISHED
    save(draft)
    assert "机密" in client.get(FEED).content.decode()


def test_a_change_of_an_article_is_a_change_of_its_entry_and_the_name_stays(
    client: Client, make_issue: WeekMaker
) -> None:
    issue = make_issue({"甲": "文"})
    before = read_feed(client.get(FEED))
    article = issue.articles.get()
    article.body = "<p>改了</p>"
    save(article)
    after = read_feed(client.get(FEED))
    assert after.entries[0].id == before.entries[0].id == "tag:testserver,2026:/issues/2025-03-21/"
    assert after.entries[0].updated > before.entries[0].updated
    assert after.feed.updated > before.feed.updated
    assert after.entries[0].published == before.entries[0].published


def test_a_feed_holds_the_newest_issues_in_few_queries(
    client: Client, make_issue: WeekMaker, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    days = [f"2025-0{month}-{day:02}" for month in (1, 2) for day in range(1, 13)]
    for day in days[1::2] + days[::2]:  # not in the order in which they are shown
        create(Issue, title="周", start_date=day, end_date=day, status=Issue.Status.PUBLISHED)
    make_issue({"甲": "文", "乙": "文"}, end_date="2025-03-01")
    client.get(FEED)
    with django_assert_num_queries(3):  # the archive's state, issues, articles
        feed = read_feed(client.get(FEED))
    shown = [entry.link.rsplit("/", 2)[1] for entry in feed.entries]
    assert shown == ["2025-03-01", *sorted(days, reverse=True)][:MAX_ISSUES]


def test_a_character_that_xml_can_not_write_is_left_out(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲\x0b乙": "一\x01二\x08三\ufffe"})
    text = read_feed(client.get(FEED)).entries[0].content[0].value
    assert "甲乙" in text
    assert "一二三" in text


def test_a_repeat_costs_a_304(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"甲": "文"})
    etag = client.get(FEED)["ETag"]
    assert client.get(FEED, headers={"if-none-match": etag}).status_code == 304
    update(Article.objects.all(), title="乙")
    assert client.get(FEED, headers={"if-none-match": etag}).status_code == 200


def test_every_page_names_the_feed(client: Client, make_issue: WeekMaker) -> None:
    issue = make_issue({"甲": "文"})
    for address in ("/", "/issues/", issue.get_absolute_url(), issue.articles.get().get_absolute_url()):
        assert f'href="{FEED}"' in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("address", "tag"),
    [
        ("http://example.org:8000/issues/x/", "tag:example.org,2026:/issues/x/"),
        (
            "https://example.org/search/feed.atom?q=%E8%8A%AF",
            "tag:example.org,2026:/search/feed.atom?q=%E8%8A%AF",
        ),
    ],
)
def test_a_tag_does_not_depend_on_scheme_and_port(address: str, tag: str) -> None:
    assert tag_of(address) == tag


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('href="http://testserver/', 'href="/'),
        ("src=&quot;http://testserver/", "src=&quot;/"),
        ("<id>tag:testserver,2026:/issues/2025-03-14/", "<id>tag:testserver,2026:/issues/2025-03-21/"),
        ('rel="self"', 'rel="via"'),
    ],
)
def test_the_validator_sees_what_is_wrong(client: Client, make_issue: WeekMaker, old: str, new: str) -> None:
    make_issue({"甲": "文"}, end_date="2025-03-14")
    issue = make_issue({"甲": ""})
    issue.articles.update(body='<img src="/figures/7/">')
    good = client.get(FEED).content.decode().replace('src="http', "src=&quot;http")
    assert complaints(etree.fromstring(good.encode())) == []
    assert old in good
    assert complaints(etree.fromstring(good.replace(old, new, 1).encode())) != []
