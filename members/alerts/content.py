"""What a message says: of what is public at the moment when it is sent."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from archive.models import Article
from archive.punctuation import full_width
from archive.templatetags.archive_tags import dates_text
from members.alerts.models import Alert, Delivery, Subscription
from members.following.models import Follow
from members.following.subjects import Subject, name_of, read_subjects

MOST_ITEMS = 20
"""Articles that one message tells of; of the others it says how many there are, and where."""


@dataclass(frozen=True)
class Item:
    """An article in a message."""

    title: str
    passage: SafeString
    """As HTML, with what matched in `<mark>`."""
    issue: str
    date: str
    url: str

    @property
    def text(self) -> str:
        """The passage without marks."""
        return html.unescape(strip_tags(self.passage))


@dataclass(frozen=True)
class Part:
    """What a message tells of one follow."""

    name: str
    url: str
    items: Sequence[Item]
    more: int
    """Articles beside those that are told of."""
    end: str = ""
    """Where a mail ends this one, of several."""


@dataclass(frozen=True)
class Content:
    """A message, whatever way it is sent."""

    parts: Sequence[Part]
    site: str
    heading: str = ""
    """Its title, where it is not how many articles there are."""

    @property
    def site_name(self) -> str:
        return str(settings.SITE_NAME)

    @property
    def count(self) -> int:
        return sum(len(part.items) + part.more for part in self.parts)

    @property
    def title(self) -> str:
        """`HBM4：3 篇新文章`; of several follows `关注里有 8 篇新文章`."""
        if self.heading:
            return self.heading
        if len(self.parts) == 1:
            return f"{self.parts[0].name}：{self.count} 篇新文章"
        return f"关注里有 {self.count} 篇新文章"

    @property
    def list_url(self) -> str:
        return self.site + reverse("following:list")


def content_of(alert: Alert) -> Content | None:
    """Returns what is to be sent; None when nothing is any more: withdrawn, paused, not wanted, nobody to tell."""
    channel = alert.channel
    if channel.user is None or not channel.user.is_active:
        return None
    if alert.is_test:
        return _test(channel.site)
    wanted = dict(
        Subscription.objects.filter(channel=channel, follow__is_paused=False).values_list("follow", "key")
    )
    deliveries = Delivery.objects.filter(alert=alert, follow__in=wanted).select_related("follow")
    articles: dict[Follow, list[int]] = {}
    for delivery in deliveries.order_by("follow__position", "follow", "pk"):
        articles.setdefault(delivery.follow, []).append(delivery.article_id)
    found = Article.objects.published().select_related("issue")
    public = found.in_bulk({pk for pks in articles.values() for pk in pks})
    parts = []
    room = MOST_ITEMS
    for follow, subject in zip(articles, read_subjects(one.key for one in articles), strict=True):
        if not isinstance(subject, Subject):
            continue
        # What answers several is told of once: with the one that stands first in the list.
        if told := [public.pop(pk) for pk in articles[follow] if pk in public]:
            told.sort(key=lambda article: (-article.issue.end_date.toordinal(), article.position))
            items = [_item(article, subject, channel.site) for article in told[: max(room, 1)]]
            room -= len(items)
            name = " ".join(name_of(follow, subject).split())  # the subject of a mail is one line
            end = channel.site + reverse("alerts:unsubscribe", args=[wanted[follow.pk]])
            parts.append(Part(name, channel.site + subject.url, items, len(told) - len(items), end))
    return Content(parts, channel.site) if parts else None


def _test(site: str) -> Content:
    """Returns a message that is made like any other, and tells of nothing."""
    url = site + reverse("alerts:list")
    day = timezone.localdate()
    date = f"{day.year}年{day.month}月{day.day}日"
    said = SafeString("能看到这一条，就说明提醒发得到这里。")
    item = Item("这是一条测试消息", said, settings.SITE_NAME, date, url)
    return Content([Part("测试消息", url, [item], 0)], site, "测试消息")


def _item(article: Article, subject: Subject, site: str) -> Item:
    wide = full_width if settings.FULL_WIDTH_PUNCTUATION else str
    passage, anchor = subject.passage(article)
    address = article.get_absolute_url() + (f"#{anchor}" if anchor else "")
    return Item(
        wide(article.title), passage, article.issue.title, dates_text(article.issue), f"{site}{address}"
    )
