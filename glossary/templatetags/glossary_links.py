"""Terms of the glossary in the pages of the archive."""

from __future__ import annotations

from django import template

from archive.body import Block
from archive.models import Article
from glossary import linking

register = template.Library()


@register.simple_tag
def linked_blocks(article: Article) -> list[Block]:
    """Returns the blocks of the article with the first mention of each term as a link to its topic page."""
    return linking.linked_blocks(article)
