"""What search adds to the pages of the archive."""

from __future__ import annotations

from django import template

from search.results.related import related_articles

register = template.Library()
register.simple_tag(related_articles)
