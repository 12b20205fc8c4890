"""What can be followed: a search with its filters, or a topic. Each has a key, which forms and browsers keep.

    q=HBM4&year=2025     a search
    topic=taijidian      a topic: its address never changes, whatever its name becomes

A columnist is a search for who wrote it (`columnist:周一鸣`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from archive.models import Article
from glossary import topics
from glossary.models import Term
from members.following.models import MAX_KEY, MAX_NAME, Follow
from search.pages.forms import SearchForm
from search.pages.links import chips_of
from search.query.tree import About, Node
from search.results.among import node_of, passage_in
from search.results.request import SearchRequest

TOPIC = "topic"
GONE = "这个话题已经没有了。"


class FollowRefused(Exception):
    """Something that can not be followed, or not any more. Its owner reads it: why, and what to do."""


@dataclass(frozen=True)
class Subject:
    """Something that can be followed."""

    key: str
    name: str
    url: str
    node: Node
    """What articles are asked for."""
    of: SearchRequest | Term

    @property
    def kind(self) -> str:
        return "话题" if isinstance(self.of, Term) else "搜索"

    def passage(self, article: Article) -> tuple[SafeString, str]:
        """Returns the passage of an article that belongs to the subject, as HTML, and the anchor of its block."""
        if isinstance(self.of, Term):
            mentioned = topics.passage(article, self.of)
            return mentioned.html, mentioned.anchor
        found = passage_in(article, self.of)
        return found.html, found.anchor


def search_key(asked: SearchRequest) -> str:
    """Returns the key of a search, without how it is shown.

    >>> search_key(SearchRequest("HBM4", sort="newest", year=(2025,), page=3))
    'q=HBM4&year=2025'
    """
    return urlencode([("q", asked.q), *asked.filter_parameters()])


def topic_key(term: Term) -> str:
    return urlencode({TOPIC: term.slug})


def read_subject(key: str) -> Subject:
    """Returns the subject of a key. Raises FollowRefused: for nothing, for what is too long, for what is no more."""
    subject = read_subjects([key])[0]
    if isinstance(subject, FollowRefused):
        raise subject
    return subject


def read_subjects(keys: Iterable[str]) -> list[Subject | FollowRefused]:
    """Returns for each key its subject, or why there is none. Asks the database once for all topics."""
    given = [QueryDict(key.encode("utf-8", "replace")[: 2 * MAX_KEY]) for key in keys]
    slugs = {one[TOPIC].replace("\0", "") for one in given if TOPIC in one}
    terms = {term.slug: term for term in Term.objects.filter(slug__in=slugs)} if slugs else {}
    return [_topic(terms.get(one[TOPIC])) if TOPIC in one else _search(one) for one in given]


def names_of(follows: Iterable[Follow]) -> dict[int, str]:
    """Returns for each follow, by its id, what it is called: by its owner, or as the search or the topic is.

    What is no more is called by what was typed. Asks the database once for all topics.
    """
    follows = list(follows)
    subjects = read_subjects(one.key for one in follows)
    return {one.pk: name_of(one, subject) for one, subject in zip(follows, subjects, strict=True)}


def name_of(follow: Follow, subject: Subject | FollowRefused) -> str:
    """Returns what a follow of a subject is called."""
    return follow.name or (subject.name if isinstance(subject, Subject) else follow.typed)


def _topic(term: Term | None) -> Subject | FollowRefused:
    if term is None:
        return FollowRefused(GONE)
    url = reverse("glossary:topic-detail", args=[term.slug])
    return Subject(topic_key(term), term.name, url, About(term.name), term)


def _search(given: QueryDict) -> Subject | FollowRefused:
    asked = SearchForm(given).search_request()
    node = node_of(asked)
    if node is None:
        return FollowRefused("没有关键词，不能关注。请先搜索，再点“关注”。")
    key = search_key(asked)
    if len(key) > MAX_KEY:
        return FollowRefused("关键词和条件太长，不能关注。请写短一些，再点“关注”。")
    name = " · ".join([asked.q, *(chip.label for chip in chips_of(asked))])
    return Subject(key, Truncator(name).chars(MAX_NAME), f"{reverse('search:results')}?{key}", node, asked)
