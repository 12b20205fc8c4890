"""Atom feeds of what is new, with its whole text and figures.

A feed is only a list: issues here, articles of a topic in `glossary`, articles that answer a search in `search`.
A person who opens its address sees a page: browsers ask for HTML before anything else, feed readers do not.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from archive.body import with_absolute_addresses
from archive.metadata import published_on
from archive.models import Article, Issue
from archive.templatetags.archive_tags import dates_text

MAX_ISSUES = 20
MAX_ARTICLES = 30

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not allow. A paste may have invisible ones."""
_SINCE = "2026"
"""The year in tag URIs: RFC 4151 requires one, and it must never change."""


def tag_of(address: str) -> str:
    """Returns the name that a feed reader knows something by, whatever becomes of scheme and port (RFC 4151).

    >>> tag_of("https://example.org/articles/4/")
    'tag:example.org,2026:/articles/4/'
    """
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"tag:{parts.hostname},{_SINCE}:{parts.path}{query}"


def wants_page(request: HttpRequest) -> bool:
    """Whether whoever asks would rather have HTML than a feed, as browsers do and feed readers do not."""
    accepted = request.headers.get("Accept", "")
    return "text/html" in accepted and not any(kind in accepted for kind in ("atom", "rss", "rdf"))


class _Writer(SimplerXMLGenerator):
    def characters(self, content: str) -> None:
        super().characters(_NOT_IN_XML.sub("", content))


class Atom(Atom1Feed):
    """Django's Atom feed, with the whole text of an entry and ids that stay."""

    def __init__(self, title: str, link: str, description: str | None, **options: Any) -> None:
        super().__init__(title, link, description, **options)
        self.feed["id"] = tag_of(options["feed_url"])

    def write(self, outfile: Any, encoding: str) -> None:
        handler = _Writer(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())  # type: ignore[arg-type]
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "unique_id": tag_of(item["link"])})
        content = with_absolute_addresses(item["content"], item["link"])
        handler.addQuickElement("content", content, {"type": "html"})


class ArchiveFeed(Feed):  # type: ignore[type-arg]
    """The base of all feeds."""

    feed_type = Atom
    language = "zh-CN"
    item_description = None  # type: ignore[assignment]  # no summary: the text is there

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wants_page(request):
            feed = self.get_feed(self.get_object(request, *args, **kwargs), request)
            response = render(request, "archive/feed.html", {"feed": feed.feed, "entries": feed.items})
        else:
            response = super().__call__(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        return response

    def author_name(self) -> str:
        return settings.SITE_NAME

    def item_title(self, item: Any) -> str:
        return str(item.title)  # Django's would escape it twice, which is for RSS


class IssuesFeed(ArchiveFeed):
    """The newest issues, each with all its articles."""

    def title(self) -> str:
        return f"{settings.SITE_NAME}：每期全文"

    def subtitle(self) -> str:
        return f"最近 {MAX_ISSUES} 期，每期的全部文章和图片"

    def link(self) -> str:
        return reverse("archive:issue-list")

    def items(self) -> list[Issue]:
        issues = Issue.objects.published().with_changed_at().prefetch_related("articles")
        return list(issues[:MAX_ISSUES])

    def item_title(self, item: Issue) -> str:
        return f"{item.title}（{dates_text(item)}）"

    def item_pubdate(self, item: Issue) -> dt.datetime:
        return published_on(item)

    def item_updateddate(self, item: Issue) -> dt.datetime:
        changed: dt.datetime = item.changed_at  # type: ignore[attr-defined]
        return max(changed, item.public_since)

    def item_author_name(self, item: Issue) -> str | None:
        return item.columnist or None

    def item_categories(self, item: Issue) -> list[str]:
        return list(dict.fromkeys(article.section for article in item.articles.all() if article.section))

    def item_extra_kwargs(self, item: Issue) -> dict[str, Any]:
        return {"content": render_to_string("archive/_issue_in_feed.html", {"issue": item})}


class ArticlesFeed(ArchiveFeed):
    """A feed of articles with their text. `items` returns them with their issues."""

    def item_pubdate(self, item: Article) -> dt.datetime:
        return published_on(item.issue)

    def item_updateddate(self, item: Article) -> dt.datetime:
        return item.changed_at

    def item_author_name(self, item: Article) -> str | None:
        return item.source or item.issue.columnist or None

    def item_categories(self, item: Article) -> list[str]:
        return [item.section] if item.section else []

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        return {"content": render_to_string("archive/_article_in_feed.html", {"article": item})}
