"""What a page says of itself to programs: Open Graph properties, and schema.org data as JSON-LD.

Addresses are full ones: `address` turns a path into one, as `request.build_absolute_uri` does.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from archive.models import Article, Issue

DESCRIPTION_LENGTH = 120
"""Characters: more is cut off where search engines and messengers show it."""

Address = Callable[[str], str]
Data = dict[str, Any]

_FIGURE = re.compile(r'<img src="(/figures/\d+/)"(?: alt="[^"]*")?(?: width="(\d+)" height="(\d+)")?')
_NOT_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Card:
    """How a page shows where somebody links to it: its Open Graph properties, and its data for search engines."""

    title: str
    description: str
    properties: Sequence[tuple[str, str]]
    data: Sequence[Data]


def json_ld(data: Data) -> SafeString:
    """Returns data as the inside of a `<script type="application/ld+json">`, out of which no text can break.

    >>> json_ld({"name": "</script>"})
    '{"name":"\\\\u003C/script\\\\u003E"}'
    """
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_NOT_IN_SCRIPT))  # noqa: S308


def card_of_site(address: Address, search: str) -> Card:
    """The home page's. `search` is the path of the search, which asks for `q`."""
    home, name = address(reverse("archive:home")), settings.SITE_NAME
    description = "半导体周报文库：每一期，每一句，都查得到"
    website = {
        "@type": "WebSite",
        "@id": f"{home}#site",
        "url": home,
        "name": name,
        "description": description,
        "inLanguage": "zh-CN",
        "publisher": _publisher(address),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{address(search)}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    return Card(name, description, _properties("website", name, description, home), [website])


def card_of_issue(issue: Issue, articles: Iterable[Article], address: Address) -> Card:
    """An issue's. It is read with `changed_at`."""
    title = _name(issue)
    headings = [article.title for article in articles]
    description = _short(issue.introduction or "；".join(headings))
    url = address(issue.get_absolute_url())
    changed: dt.datetime = issue.changed_at  # type: ignore[attr-defined]
    publication = {
        **_issue(issue, address),
        "inLanguage": "zh-CN",
        "description": description,
        "dateModified": changed.isoformat(),
        "temporalCoverage": f"{issue.start_date}/{issue.end_date}",
        "publisher": _publisher(address),
        "hasPart": [
            {"@type": "Article", "url": address(article.get_absolute_url()), "headline": article.title}
            for article in articles
        ],
    }
    if issue.columnist:
        publication["editor"] = {"@type": "Person", "name": issue.columnist}
    properties = _properties("website", title, description, url)
    return Card(title, description, properties, [publication, _trail(address, _crumbs(issue))])


def card_of_article(article: Article, address: Address) -> Card:
    """An article's. It is read with its issue."""
    issue = article.issue
    url = address(article.get_absolute_url())
    description = _short(article.blocks[0].text if article.blocks else _name(issue))
    author = {"@type": "Person", "name": issue.columnist} if issue.columnist else _publisher(address)
    data: Data = {
        "@type": "Article",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": article.title,
        "description": description,
        "inLanguage": "zh-CN",
        "datePublished": issue.public_since.isoformat(),
        "dateModified": article.changed_at.isoformat(),
        "author": author,
        "publisher": _publisher(address),
        "position": article.position,
        "isPartOf": _issue(issue, address),
        "isAccessibleForFree": True,
    }
    if article.source:
        data["sourceOrganization"] = {"@type": "Organization", "name": article.source}
    if article.source_url:
        data["isBasedOn"] = article.source_url
    properties = [
        *_properties("article", article.title, description, url),
        ("article:published_time", issue.public_since.isoformat()),
        ("article:modified_time", article.changed_at.isoformat()),
    ]
    if figure := _FIGURE.search(article.body):
        path, width, height = figure.groups()
        data["image"] = [address(path)]
        properties.append(("og:image", address(path)))
        if width:
            properties += [("og:image:width", width), ("og:image:height", height)]
    crumbs = [*_crumbs(issue), (article.title, article.get_absolute_url())]
    return Card(article.title, description, properties, [data, _trail(address, crumbs)])


def _properties(kind: str, title: str, description: str, url: str) -> list[tuple[str, str]]:
    return [
        ("og:type", kind),
        ("og:site_name", settings.SITE_NAME),
        ("og:locale", "zh_CN"),
        ("og:title", title),
        ("og:description", description),
        ("og:url", url),
    ]


def _issue(issue: Issue, address: Address) -> Data:
    url = address(issue.get_absolute_url())
    return {
        "@type": "PublicationIssue",
        "@id": url,
        "url": url,
        "name": _name(issue),
        "issueNumber": issue.slug,
        "datePublished": issue.public_since.isoformat(),
        "isPartOf": {"@type": "Periodical", "name": issue.title},
    }


def _publisher(address: Address) -> Data:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": address(reverse("archive:home"))}


def _crumbs(issue: Issue) -> list[tuple[str, str]]:
    return [
        (settings.SITE_NAME, reverse("archive:home")),
        ("往期", reverse("archive:issue-list")),
        (_name(issue), issue.get_absolute_url()),
    ]


def _trail(address: Address, crumbs: Sequence[tuple[str, str]]) -> Data:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address(path)}
            for place, (name, path) in enumerate(crumbs, start=1)
        ],
    }


def _name(issue: Issue) -> str:
    return f"{issue.title}（{issue.start_date} 至 {issue.end_date}）"


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH)
