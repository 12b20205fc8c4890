"""What the pages of other rooms show of the numbers that articles state."""

from __future__ import annotations

from itertools import islice

from django import template

from archive.models import Article
from claims import listing
from claims.passages import Passage, passages
from glossary.models import Term
from glossary.topics import topics
from glossary.views import TopicPage

register = template.Library()

NEWEST = 8


@register.simple_tag
def article_figures(article: Article) -> list[Passage]:
    """Returns what an article states in numbers, sentence by sentence; no statement of the database is needed."""
    return passages(listing.of_article(article))


@register.simple_tag
def topic_figures(term: Term, topic: TopicPage) -> list[Passage]:
    """Returns the newest numbers that articles state of a topic, without dates, of which every text is full.

    They are read from the articles that the page has read anyway: no statement of the database is needed.
    """
    said = (
        claim
        for article, _ in topic.articles
        for claim in listing.of_article(article)
        if claim.subject_id == term.pk and claim.kind != "date"
    )
    return passages(islice(said, NEWEST))


@register.filter
def topic_of(passage: Passage) -> object:
    """Returns the topic that a row is about, None when that is not clear."""
    return topics().get(passage.claims[0].subject_id or 0)
