"""Published articles as values: what a list of them shows, without the models, which take longer than the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.http import Http404

from archive.addresses import address_of, address_of_number
from archive.models import Article, Issue
from archive.statements import Statement

MAX_ID = 2**63 - 1


class PublishedIssue(NamedTuple):
    """What a list of articles says of the issue of each. Its fields are called as the model's."""

    pk: int
    slug: str
    title: str
    start_date: dt.date
    end_date: dt.date

    def get_absolute_url(self) -> str:
        return address_of("archive:issue-detail", self.slug)


class PublishedArticle(NamedTuple):
    """An article as it was read. Its fields are called as the model's."""

    pk: int
    position: int
    title: str
    section: str
    body: str
    issue: PublishedIssue

    def get_absolute_url(self) -> str:
        return address_of_number("archive:article-detail", self.pk)


AnyIssue = Issue | PublishedIssue
AnyArticle = Article | PublishedArticle
"""What is said of an article is said of both."""

_LISTED = Statement(
    lambda ids: (
        Article.objects.published()
        .filter(pk__in=ids)
        .order_by()
        .values_list(
            *("pk", "position", "title", "section", "body"),
            *("issue__pk", "issue__slug", "issue__title", "issue__start_date", "issue__end_date"),
        )
    )
)
_WHOLE = Statement(
    lambda ids: Article.objects.published().filter(pk__in=ids).select_related("issue").order_by()
)


def published_articles(ids: Sequence[int]) -> dict[int, PublishedArticle]:
    """Returns those of these articles that members may see, by id, in one query."""
    found = {}
    for pk, position, title, section, body, *issue in _LISTED.rows(ids):
        found[pk] = PublishedArticle(pk, position, title, section, body, PublishedIssue(*issue))
    return found


def published_article(pk: int) -> Article:
    """Returns an article that members may see, with its issue. Raises Http404 for any other."""
    found: list[Article] = _WHOLE.rows([pk]) if pk <= MAX_ID else []
    if not found:
        raise Http404(f"no published article is number {pk}")
    return found[0]
