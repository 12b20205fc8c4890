"""What the pages of other rooms show of the glossary."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from glossary.topics import Rise, rising

register = template.Library()


@register.simple_tag
def rising_topics(most: int) -> Sequence[Rise]:
    """Returns what rises in the four weeks up to the newest issue, `most` topics at most."""
    return rising()[:most]


@register.filter
def of_topic(rises: dict[int, Rise], pk: int) -> Rise | None:
    """Returns how the topic rises; None for one that does not."""
    return rises.get(pk)


@register.filter
def percent(share: float) -> str:
    """Returns a share in whole percent, one that is not nothing never as 0%.

    >>> percent(0.126), percent(0.001), percent(0)
    ('13%', '不到1%', '0%')
    """
    return "不到1%" if 0 < share < 0.01 else f"{share:.0%}"
