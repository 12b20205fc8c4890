"""An 编辑, a 主编, a draft, a published week, and changes that are proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from archive import reviewing, versions
from archive.editing import save_article
from archive.models import Article, Issue
from archive.proposal import Proposal
from tests.archive.people import person
from tests.conftest import WeekMaker


def teacher(name: str, group: str) -> User:
    return person(name, group, first_name=f"{name}老师")


@pytest.fixture
def editor() -> User:
    return teacher("zhang", "编辑")


@pytest.fixture
def chief() -> User:
    return teacher("li", "主编")


@pytest.fixture
def draft(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)


@pytest.fixture
def public(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。", "乙": "二。", "丙": "三。"}, title="已发")


def retitled(article: Article, title: str) -> Callable[[], None]:
    """A change: another title."""

    def change() -> None:
        one = Article.objects.select_related("issue").get(pk=article.pk)
        one.title = title
        save_article(one)

    return change


def proposed(issue: Issue, change: Callable[[], Any], by: User, **more: Any) -> Proposal:
    _, proposal = reviewing.propose(issue, change, by, **more)
    assert proposal is not None
    return proposal


def said_of(issue: Issue) -> list[tuple[str, str]]:
    """Who did what, the newest first."""
    kept = versions.revisions_of(issue.pk)
    return [(revision.user.username if revision.user else "", revision.comment) for revision in kept]
