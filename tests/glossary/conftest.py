"""Fixtures of the glossary's tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import pytest
from pytest_django.fixtures import Settings

from archive.body import from_text
from archive.models import Article, Issue
from glossary.editing import save_term
from glossary.models import Alias, Term
from tests.writing import create

TermMaker = Callable[..., Term]
ArticleMaker = Callable[..., Article]
Announced = list[list[int]]
HEARD: Announced = []


@pytest.fixture
def make_term(db: None) -> TermMaker:
    """Makes a term with its aliases."""

    def make(name: str, *aliases: str, kind: str = Term.Kind.COMPANY, note: str = "") -> Term:
        term = Term(name=name, kind=kind, note=note)
        save_term(term, [Alias(text=text) for text in aliases])
        return term

    return make


@pytest.fixture
def make_article(db: None) -> ArticleMaker:
    """Makes an article of one of two issues, a published one and a draft, without touching the index."""

    def make(title: str, text: str = "", *, draft: bool = False) -> Article:
        issue, _ = Issue.objects.get_or_create(
            title="草稿" if draft else "周报",
            start_date="2025-03-17",
            end_date="2025-03-21",
            status=Issue.Status.DRAFT if draft else Issue.Status.PUBLISHED,
        )
        position = issue.articles.count() + 1
        return create(Article, issue=issue, position=position, title=title, body=from_text(text.splitlines()))

    return make


@pytest.fixture
def announced(settings: Settings) -> Iterator[Announced]:
    """The article ids of each change of mentions, as a follower of the archive hears of them."""
    settings.ARCHIVE_FOLLOWERS = [*settings.ARCHIVE_FOLLOWERS, f"{__name__}.hear"]
    HEARD.clear()
    yield HEARD
    HEARD.clear()


def hear(article_ids: Collection[int], texts: Collection[Article], issue_ids: Collection[int]) -> None:
    if not texts:  # no article was saved: its mentions have changed
        HEARD.append([*article_ids])
