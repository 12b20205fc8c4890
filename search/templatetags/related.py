"""What search adds to the pages of the archive."""

from __future__ import annotations

from django import template

from archive.models import Article
from search.results import related
from search.results.related import RelatedArticles

register = template.Library()


@register.simple_tag
def related_articles(article: Article) -> RelatedArticles:
    """Returns what was written earlier and later about the matter of the article."""
    return related.related_articles(article)
