"""Describes pages for other programs: Open Graph properties, and schema.org data as JSON-LD.

Addresses are full ones: `address` turns a path into one, as `request.build_absolute_uri` does.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from archive.body import figure_number
from archive.models import Article, Issue
from archive.richtext import parse

DESCRIPTION_LENGTH = 120
"""Characters: search engines and messengers cut off more."""

Address = Callable[[str], str]
Data = dict[str, Any]

_NOT_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Card:
    """The description of a page: its Open Graph properties, and its data for search engines."""

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


def card_of_site(address: Address, search: str = "") -> Card:
    """Describes the home page, and the search at the path `search`, which takes a `q`, if the site has one."""
    name, path = home()
    url = address(path)
    description = "半导体周报文库：每一期，每一句，都查得到"
    website = described("WebSite", name, description, path, address) | {"@id": f"{url}#site"}
    if search:
        website["potentialAction"] = {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{address(search)}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        }
    return Card(name, description, properties("website", name, description, url), [website])


def card_of_page(name: str, description: str, path: str, address: Address) -> Card:
    """Describes a page that is neither home, issue, article nor topic.

    A path that asks something (`/trends/?q=HBM4`) is shared, but is no page to be found: it has Open Graph only.
    """
    url, description = address(path), short(description)
    title = Truncator(name).chars(DESCRIPTION_LENGTH)
    page = described("WebPage", title, description, path, address)
    data = [] if "?" in path else [page, trail(address, [home(), (title, path)])]
    return Card(title, description, properties("website", title, description, url), data)


def card_of_issue(issue: Issue, articles: Iterable[Article], address: Address) -> Card:
    """Describes an issue. It is read with `changed_at`."""
    title = _name(issue)
    headings = [article.title for article in articles]
    description = short(issue.introduction or "；".join(headings))
    url = address(issue.get_absolute_url())
    changed: dt.datetime = issue.changed_at  # type: ignore[attr-defined]
    publication = {
        **_issue(issue, address),
        "inLanguage": "zh-CN",
        "description": description,
        "dateModified": changed.isoformat(),
        "temporalCoverage": f"{issue.start_date}/{issue.end_date}",
        "publisher": publisher(address),
        "hasPart": [
            {"@type": "Article", "url": address(article.get_absolute_url()), "headline": article.title}
            for article in articles
        ],
    }
    if issue.columnist:
        publication["editor"] = {"@type": "Person", "name": issue.columnist}
    card = properties("website", title, description, url)
    return Card(title, description, card, [publication, trail(address, _crumbs(issue))])


def card_of_article(article: Article, address: Address) -> Card:
    """Describes an article. It is read with its issue."""
    issue = article.issue
    url = address(article.get_absolute_url())
    description = short(article.blocks[0].text if article.blocks else _name(issue))
    author = {"@type": "Person", "name": issue.columnist} if issue.columnist else publisher(address)
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
        "publisher": publisher(address),
        "position": article.position,
        "isPartOf": _issue(issue, address),
        "isAccessibleForFree": True,
    }
    if article.source:
        data["sourceOrganization"] = {"@type": "Organization", "name": article.source}
    if article.source_url:
        data["isBasedOn"] = article.source_url
    card = [
        *properties("article", article.title, description, url),
        ("article:published_time", issue.public_since.isoformat()),
        ("article:modified_time", article.changed_at.isoformat()),
    ]
    images = parse(article.body, is_stored=True).find("img") if "<img" in article.body else ()
    if figure := next((image.attrs for image in images if figure_number(image)), None):
        path, width, height = (figure.get(name, "") for name in ("src", "width", "height"))
        data["image"] = [address(path)]
        card.append(("og:image", address(path)))
        if width and height:
            card += [("og:image:width", width), ("og:image:height", height)]
    crumbs = [*_crumbs(issue), (article.title, article.get_absolute_url())]
    return Card(article.title, description, card, [data, trail(address, crumbs)])


def described(kind: str, name: str, description: str, path: str, address: Address) -> Data:
    """Returns what the data of every page says; `kind` is its type at schema.org."""
    return {
        "@type": kind,
        "@id": address(path),
        "url": address(path),
        "name": name,
        "description": description,
        "inLanguage": "zh-CN",
        "publisher": publisher(address),
    }


def home() -> tuple[str, str]:
    """Returns the name and the path of the home page: where every trail begins."""
    return settings.SITE_NAME, reverse("archive:home")


def properties(kind: str, title: str, description: str, url: str) -> list[tuple[str, str]]:
    """Returns the Open Graph properties that every page has; `kind` is `website` or `article`."""
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


def publisher(address: Address) -> Data:
    """Returns who stands behind every page."""
    name, path = home()
    return {"@type": "Organization", "name": name, "url": address(path)}


def _crumbs(issue: Issue) -> list[tuple[str, str]]:
    return [home(), ("往期", reverse("archive:issue-list")), (_name(issue), issue.get_absolute_url())]


def trail(address: Address, crumbs: Sequence[tuple[str, str]]) -> Data:
    """Returns the way from the home page to a page, of `(name, path)`."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address(path)}
            for place, (name, path) in enumerate(crumbs, start=1)
        ],
    }


def _name(issue: Issue) -> str:
    return f"{issue.title}（{issue.start_date} 至 {issue.end_date}）"


def short(text: str) -> str:
    """Returns a text as a description: in one line, DESCRIPTION_LENGTH characters at most."""
    return Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH)
