"""What the tests of all use cases share: a world with something to write wrongly, and what is compared after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import Article, Issue
from glossary import consistency as words
from glossary.editing import save_term
from glossary.models import Alias, Term
from insight.models import GoldenQuery, IgnoredWord
from search.indexing import comparison, sync
from tests.conftest import WeekMaker
from tests.writing import save

ROOMS = {"archive", "glossary", "search", "claims", "insight", "desk", "config", "members", "worker"}
Step = Callable[["World"], object]


class World:
    """A published issue and a draft, two terms, a golden query, an editor who may do everything."""

    def __init__(self, make_issue: WeekMaker, client: Client, folder: Path) -> None:
        self.client, self.folder = client, folder
        save_term(Term(name="台积电", kind="company"), [Alias(text="TSMC")])
        save_term(Term(name="英特尔", kind="company"))
        texts = {"台积电扩产": "英特尔与TSMC。", "存储涨价": "铠侠与英特尔。", "三": "什么也没有。"}
        self.draft = make_issue(texts, end_date="2025-03-14", status=Issue.Status.DRAFT)
        self.issue = make_issue(texts)
        GoldenQuery.objects.create(query="铠侠", article=self.issue.articles.get(position=2))
        IgnoredWord.objects.create(form="某词", text="某词")
        save(self.issue)
        sync.drain()

    @property
    def article(self) -> Article:
        return Article.objects.select_related("issue").get(issue=self.issue, position=1)

    def post(self, name: str, *arguments: object, **data: object) -> None:
        response = self.client.post(reverse(f"admin:{name}", args=arguments), data, follow=True)
        assert response.status_code < 400, response.content.decode()[:2000]

    def post_desk(self, name: str, *arguments: object, **data: object) -> None:
        response = self.client.post(reverse(f"desk:{name}", args=arguments), data, follow=True)
        assert response.status_code < 400


@pytest.fixture
def world(make_issue: WeekMaker, admin_client: Client, tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path / "media"
    return World(make_issue, admin_client, tmp_path)


def assert_equal() -> None:
    assert not sync.waiting()
    found = comparison.compare()
    assert (found.is_equal, found.differing) == (True, set())
    assert words.compare() == words.Comparison([], [])
