"""Describes pages for other programs: Open Graph properties, and schema.org data as JSON-LD.

Addresses are full ones: `address` turns a path into one, as `request.build_absolute_uri` does.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from archive.addresses import address_of
from archive.body import Block, figure_number
from archive.models import Article, Issue
from archive.parsing.sign_off import is_remark
from archive.pictures.addresses import attributes
from archive.richtext import parse
from archive.templatetags.archive_tags import dates_text

DESCRIPTION_LENGTH = 120
"""Characters: search engines and messengers cut off more."""

Address = Callable[[str], str]
Data = dict[str, Any]

_PICTURE, _PICTURE_WIDTH, _PICTURE_HEIGHT = "icons/card.png", "1200", "630"
"""Shown beside a link to a page that has no figure."""
_SENTENCE = re.compile("[^。！？!?\n]*(?:[。！？!?]+[”」』]?|\n|$)")
_CREDIT = re.compile(r"\W{0,3}(?:来源|作者|文|图|记者|原标题|编者按|导读|注)\s?[:：丨|/]")
_LEAST_TELLING = 10
"""Characters: a shorter sentence is a greeting or a name."""
_NOT_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class Card(NamedTuple):
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
    return Card(name, description, properties("website", name, description, url, address), [website])


def card_of_page(
    name: str, description: str, path: str, address: Address, picture: Mapping[str, str] | None = None
) -> Card:
    """Describes a page that is neither home, issue, article nor topic.

    A path that asks something (`/trends/?q=HBM4`) is shared, but is no page to be found: it has Open Graph only.
    """
    url, description = address(path), short(description)
    title = Truncator(name).chars(DESCRIPTION_LENGTH)
    page = described("WebPage", title, description, path, address)
    data = [] if "?" in path else [page, trail(address, [home(), (title, path)])]
    return Card(title, description, properties("website", title, description, url, address, picture), data)


def card_of_issue(issue: Issue, articles: Sequence[Article], address: Address) -> Card:
    """Describes an issue of these articles."""
    title = _name(issue)
    headings = [article.title for article in articles]
    description = short(issue.introduction or "；".join(headings))
    url = address(issue.get_absolute_url())
    changed = max([issue.updated_at, *(article.updated_at for article in articles)])
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
    picture = attributes(address_of("archive:issue-picture", issue.slug), title, *headings)
    card = properties("website", title, description, url, address, picture)
    return Card(title, description, card, [publication, trail(address, _crumbs(issue))])


def card_of_article(article: Article, address: Address) -> Card:
    """Describes an article. It is read with its issue."""
    issue = article.issue
    url = address(article.get_absolute_url())
    description = description_of(article)
    author = {"@type": "Person", "name": issue.columnist} if issue.columnist else publisher(address)
    data: Data = {
        "@type": "Article",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": article.title,
        "description": description,
        "inLanguage": "zh-CN",
        "datePublished": published_on(issue).isoformat(),
        "dateModified": article.changed_at.isoformat(),
        "author": author,
        "publisher": publisher(address),
        "position": article.position,
        "isPartOf": _issue(issue, address),
        "isAccessibleForFree": True,
    }
    if article.section:
        data["articleSection"] = article.section
    if article.source:
        data["sourceOrganization"] = {"@type": "Organization", "name": article.source}
    if article.source_url:
        data["isBasedOn"] = article.source_url
    images = parse(article.body, is_stored=True).find("img") if "<img" in article.body else ()
    figure = next((image.attrs for image in images if figure_number(image)), None)
    drawn = address_of("archive:article-picture", article.pk)
    picture = figure or attributes(drawn, article.title, description, _name(issue), article.section)
    card = [
        *properties("article", article.title, description, url, address, picture),
        ("article:published_time", published_on(issue).isoformat()),
        ("article:modified_time", article.changed_at.isoformat()),
        *([("article:section", article.section)] if article.section else []),
    ]
    if figure:
        data["image"] = [address(figure.get("src", ""))]
    crumbs = [*_crumbs(issue), (article.title, article.get_absolute_url())]
    return Card(article.title, description, card, [data, trail(address, crumbs)])


def description_of(article: Article) -> str:
    """Returns what an article says first. It is read with its issue."""
    return short(telling(article.blocks) or _name(article.issue))


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
    return settings.SITE_NAME, address_of("archive:home")


def published_on(issue: Issue) -> dt.datetime:
    """Returns what other programs take for the time of publication: the beginning of the issue's last day.

    A week of 2025 that is imported in 2026 is news of 2025. When it came in is told by the time of change.
    """
    return timezone.make_aware(dt.datetime.combine(issue.end_date, dt.time()))


def telling(blocks: Sequence[Block]) -> str:
    """Returns the text of an article from its first sentence that tells something; else its first block.

    Disclaimers, credits, headings and captions may stand before it.
    """
    for block in blocks:
        if block.tag in ("p", "ul", "ol", "blockquote"):
            for sentence in _SENTENCE.finditer(block.text):
                said = sentence[0].strip()
                if len(said) >= _LEAST_TELLING and not is_remark(said) and not _CREDIT.match(said):
                    return block.text[sentence.start() :]
    return blocks[0].text if blocks else ""


def properties(
    kind: str,
    title: str,
    description: str,
    url: str,
    address: Address,
    picture: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """Returns the Open Graph properties that every page has; `kind` is `website` or `article`.

    `picture` is the attributes of its first figure, or of what is drawn for it (archive.pictures); where there is none,
    the site's own picture is shown.
    """
    picture = picture or {"src": static(_PICTURE), "width": _PICTURE_WIDTH, "height": _PICTURE_HEIGHT}
    sizes = [(f"og:image:{name}", picture[name]) for name in ("width", "height") if picture.get(name)]
    return [
        ("og:type", kind),
        ("og:site_name", settings.SITE_NAME),
        ("og:locale", "zh_CN"),
        ("og:title", title),
        ("og:description", description),
        ("og:url", url),
        ("og:image", address(picture["src"])),
        *(sizes if len(sizes) > 1 else []),
    ]


def _issue(issue: Issue, address: Address) -> Data:
    url = address(issue.get_absolute_url())
    return {
        "@type": "PublicationIssue",
        "@id": url,
        "url": url,
        "name": _name(issue),
        "issueNumber": issue.slug,
        "datePublished": published_on(issue).isoformat(),
        "isPartOf": {"@type": "Periodical", "name": issue.title},
    }


def publisher(address: Address) -> Data:
    """Returns who stands behind every page."""
    name, path = home()
    return {"@type": "Organization", "name": name, "url": address(path)}


def _crumbs(issue: Issue) -> list[tuple[str, str]]:
    return [home(), ("往期", address_of("archive:issue-list")), (_name(issue), issue.get_absolute_url())]


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
    return f"{issue.title}（{dates_text(issue)}）"


def short(text: str) -> str:
    """Returns a text as a description: in one line, DESCRIPTION_LENGTH characters at most."""
    return Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH)
