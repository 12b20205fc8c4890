"""What the pages of other rooms show of the glossary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from archive.templatetags.sharing import shown
from glossary import metadata
from glossary.linking import linked_blocks
from glossary.models import Term
from glossary.topics import Rise, rising

register = template.Library()


register.simple_tag(linked_blocks)


@register.simple_tag
def rising_topics(most: int) -> Sequence[Rise]:
    """Returns what rises in the four weeks up to the newest issue, `most` topics at most."""
    return rising()[:most]


@register.inclusion_tag("_card.html", takes_context=True)
def topics_card(context: dict[str, Any], total: int) -> dict[str, Any]:
    """What the list of `total` topics says of itself to programs."""
    return shown(metadata.card_of_topics(total, context["request"].build_absolute_uri))


@register.inclusion_tag("_card.html", takes_context=True)
def topic_card(context: dict[str, Any], term: Term, total: int) -> dict[str, Any]:
    """What the page of a topic that `total` articles mention says of itself to programs."""
    return shown(metadata.card_of_topic(term, total, context["request"].build_absolute_uri))


@register.filter
def of_topic(rises: dict[int, Rise], pk: int) -> Rise | None:
    """Returns how the topic rises; None for one that does not."""
    return rises.get(pk)


@register.filter
def per_hundred(share: float) -> str:
    """Returns a share as so many of a hundred, one that is not nothing never as 0.

    >>> per_hundred(0.126), per_hundred(0.001), per_hundred(0)
    ('13', '不到 1', '0')
    """
    return "不到 1" if 0 < share < 0.01 else f"{share * 100:.0f}"
