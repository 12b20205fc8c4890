"""Template tags of what is followed, with which this room fills slots of other rooms' pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from members.following.listing import news_count
from members.following.models import MAX_KEY, Follow
from members.following.subjects import search_key, topic_key

register = template.Library()


@register.inclusion_tag("members/following/_button.html", takes_context=True)
def follow_search(context: RequestContext) -> dict[str, Any]:
    """Shows the button of a page of results; nothing where the search is too long to be followed."""
    return _button(context, search_key(context["asked"]))


@register.inclusion_tag("members/following/_button.html", takes_context=True)
def follow_topic(context: RequestContext) -> dict[str, Any]:
    """Shows the button of a topic's page."""
    return _button(context, topic_key(context["term"]))


@register.inclusion_tag("members/following/_news.html", takes_context=True)
def follow_news(context: RequestContext) -> dict[str, Any]:
    """Shows on the home page that there is something new in what is followed."""
    user = context["request"].user
    is_known = user.is_authenticated
    return {"request": context["request"], "is_known": is_known, "new": news_count(user) if is_known else 0}


def _button(context: RequestContext, key: str) -> dict[str, Any]:
    request = context["request"]
    user = request.user
    is_known = user.is_authenticated
    is_followed = is_known and Follow.objects.filter(user=user, key=key).exists()
    return {
        "request": request,
        "key": key if len(key) <= MAX_KEY else "",
        "is_known": is_known,
        "is_followed": is_followed,
        "back": request.get_full_path(),
    }
