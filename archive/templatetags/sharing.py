"""Template tags that describe a page to other programs, in its head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from archive import metadata
from archive.addresses import parameters
from archive.models import Article, Issue

register = template.Library()


@register.inclusion_tag("_card.html", takes_context=True)
def site_card(context: dict[str, Any], search: str = "") -> dict[str, Any]:
    """Describes the home page, and the search at the path `search` if the site has one."""
    return shown(metadata.card_of_site(context["request"].build_absolute_uri, search))


@register.inclusion_tag("_card.html", takes_context=True)
def issue_card(context: dict[str, Any], issue: Issue, articles: list[Article]) -> dict[str, Any]:
    return shown(metadata.card_of_issue(issue, articles, context["request"].build_absolute_uri))


@register.inclusion_tag("_card.html", takes_context=True)
def article_card(context: dict[str, Any], article: Article) -> dict[str, Any]:
    return shown(metadata.card_of_article(article, context["request"].build_absolute_uri))


@register.inclusion_tag("_card.html", takes_context=True)
def page_card(
    context: dict[str, Any],
    name: str,
    description: str,
    path: str = "",
    picture: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Describes any other page; `path` is this page's when left out."""
    request = context["request"]
    full = request.build_absolute_uri
    return shown(metadata.card_of_page(name, description, path or request.path, full, picture))


@register.inclusion_tag("_share.html")
def share(path: str, markdown: str = "") -> dict[str, str]:
    """Shows how the page at a path is passed on; `markdown` is where its text is, if there is one."""
    return {"of": parameters([("of", path)]), "markdown": markdown}


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], path: str) -> str:
    """Returns the full address of a path: `https://example.org/articles/4/`."""
    full: str = context["request"].build_absolute_uri(path)
    return full


def shown(card: metadata.Card) -> dict[str, Any]:
    """Returns what the template of a card asks for."""
    return {"card": card, "scripts": [metadata.json_ld(data) for data in card.data]}
