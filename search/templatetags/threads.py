"""What search adds to the pages of the archive."""

from __future__ import annotations

from django import template

from archive.models import Article
from search.results import related as threads

register = template.Library()


@register.simple_tag
def thread_of(article: Article) -> threads.Thread:
    """Returns what was written earlier and later about the matter of the article."""
    return threads.thread_of(article)
