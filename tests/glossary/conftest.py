"""Fixtures of the glossary's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.body import from_text
from archive.models import Article, Issue
from glossary.models import Alias, Term

TermMaker = Callable[..., Term]
ArticleMaker = Callable[..., Article]


@pytest.fixture
def make_term(db: None) -> TermMaker:
    """Makes a term with its aliases."""

    def make(name: str, *aliases: str, kind: str = Term.Kind.COMPANY, note: str = "") -> Term:
        term = Term.objects.create(name=name, kind=kind, note=note)
        for text in aliases:
            Alias.objects.create(term=term, text=text)
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
        return Article.objects.create(
            issue=issue, position=position, title=title, body=from_text(text.splitlines())
        )

    return make
