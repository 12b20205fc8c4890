"""A list of follows as pages show it: each with its news, those that arrived last in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from archive.models import Article
from members.following.models import Follow
from members.following.news import News, news_of
from members.following.subjects import FollowRefused, Subject, name_of, read_subjects

MOST_SHOWN = 3
"""New articles of a follow that the list names; the others are behind its link."""


@dataclass(frozen=True)
class Row:
    """A follow on the page. As it is made by itself, it is the pattern that a browser fills."""

    key: str = ""
    name: str = ""
    given: str = ""
    """The name that its owner gave it; empty where it has its own."""
    kind: str = ""
    url: str = ""
    """Empty for what can not be found any more."""
    count: int = 0
    newest: Sequence[Article] = ()
    is_paused: bool = False
    pk: int = 0
    """0 for one that only a browser has."""


@dataclass(frozen=True)
class Listing:
    """All of a list."""

    rows: Sequence[Row]
    upto: int
    """The number up to which it is marked as read."""
    new: int
    """How many articles are new, each once."""


def listing_of(user: User) -> Listing:
    """Returns the list of a member. What is paused has no news."""
    return listing(Follow.objects.filter(user=user))


def listing(follows: Iterable[Follow]) -> Listing:
    """Returns the list of follows, stored or made of what a browser has kept."""
    follows = list(follows)
    subjects = read_subjects(one.key for one in follows)
    watched = [
        (subject, one.seen)
        for one, subject in zip(follows, subjects, strict=True)
        if isinstance(subject, Subject) and not one.is_paused
    ]
    news = news_of(watched)
    shown = {pk for articles in news.articles for pk in articles[:MOST_SHOWN]}
    read = Article.objects.published().headings().select_related("issue").in_bulk(shown) if shown else {}
    new = iter(news.articles)
    rows = []
    for one, subject in zip(follows, subjects, strict=True):
        articles = next(new) if isinstance(subject, Subject) and not one.is_paused else []
        rows.append(_row(one, subject, articles, read))
    return Listing(rows, news.upto, _count(news))


def news_count(user: User) -> int:
    """Returns how many articles are new in what a member follows, each once."""
    follows = Follow.objects.filter(user=user, is_paused=False)
    pairs = zip(follows, read_subjects(one.key for one in follows), strict=True)
    return _count(news_of([(subject, one.seen) for one, subject in pairs if isinstance(subject, Subject)]))


def _count(news: News) -> int:
    return len({pk for articles in news.articles for pk in articles})


def _row(
    one: Follow, subject: Subject | FollowRefused, articles: Sequence[int], read: dict[int, Article]
) -> Row:
    if isinstance(subject, FollowRefused):
        return Row(one.key, name_of(one, subject), one.name, is_paused=one.is_paused, pk=one.pk or 0)
    newest = [read[pk] for pk in articles[:MOST_SHOWN] if pk in read]
    return Row(
        one.key,
        name_of(one, subject),
        one.name,
        subject.kind,
        subject.url,
        len(articles),
        newest,
        one.is_paused,
        one.pk or 0,
    )
