"""Open Graph properties and JSON-LD of the topic pages, as archive.metadata has them for the others."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from archive.metadata import Address, Card, Data, described, home, properties, short, trail
from archive.pictures.addresses import attributes
from glossary.models import Term

_TOPICS = "话题"


def card_of_topics(total: int, address: Address) -> Card:
    """Describes the list of all the topics, of which there are `total`."""
    path = reverse("glossary:topic-list")
    description = f"周报提到的 {total} 个公司、产品、工艺、技术、人物、机构和地点，一个话题一页。"
    data = described("DefinedTermSet", _TOPICS, description, path, address) | _set(address)
    card = properties("website", _TOPICS, description, address(path), address)
    return Card(_TOPICS, description, card, [data, trail(address, [home(), (_TOPICS, path)])])


def card_of_topic(term: Term, total: int, address: Address) -> Card:
    """Describes the page of a topic that `total` articles mention. The term is read with its aliases."""
    path = term.get_absolute_url()
    url = address(path)
    description = short(f"{term.name}：{settings.SITE_NAME}里提到它的 {total} 篇文章。{term.note}")
    defined: Data = {
        "@type": "DefinedTerm",
        "@id": f"{url}#term",
        "url": url,
        "name": term.name,
        "inDefinedTermSet": _set(address),
    }
    if note := short(term.note):
        defined["description"] = note
    if aliases := [alias.text for alias in term.aliases.all()]:
        defined["alternateName"] = aliases
    page = {**described("CollectionPage", term.name, description, path, address), "about": defined}
    crumbs = [home(), (_TOPICS, reverse("glossary:topic-list")), (term.name, path)]
    drawn = reverse("glossary:topic-picture", args=[term.slug])
    picture = attributes(drawn, term.name, term.kind, term.note, total)
    card = properties("website", term.name, description, url, address, picture)
    return Card(term.name, description, card, [page, trail(address, crumbs)])


def _set(address: Address) -> Data:
    url = address(reverse("glossary:topic-list"))
    return {
        "@type": "DefinedTermSet",
        "@id": f"{url}#terms",
        "url": url,
        "name": f"{settings.SITE_NAME}的话题",
    }
