"""Whatever is done to the archive in whatever order, nothing that is not published is ever shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from archive import publishing
from archive.editing import save_issue
from archive.exporting import export_issues
from archive.models import Article, Issue
from search.engines.registry import current_engine
from search.indexing import sync
from tests.writing import create, delete, delete_all, save

STEPS_EACH = 25
STEPS = int(os.environ.get("XWK_STEPS", "100"))
chosen = st.integers(0, 10**6)


class Archive(RuleBasedStateMachine):
    """Every text has a word of its own, so that whoever shows it shows which version of which article."""

    def __init__(self) -> None:
        super().__init__()
        delete_all(Issue.objects.all())
        self.number = 0
        self.old_words: list[str] = []
        self.client = Client()

    def word(self) -> str:
        self.number += 1
        return f"秘{self.number:05}文"

    def pick(self, choice: int) -> Issue | None:
        issues = list(Issue.objects.order_by("pk"))
        return issues[choice % len(issues)] if issues else None

    @rule()
    def create(self) -> None:
        day = f"20{10 + self.number // 300:02}-{self.number // 25 % 12 + 1:02}-{self.number % 25 + 1:02}"
        word = self.word()
        issue = create(Issue, title=f"周报{word}", start_date=day, end_date=day)
        for position in (1, 2):
            create(
                Article,
                issue=issue,
                position=position,
                title=f"题{self.word()}",
                body=f"<p>共同，{self.word()}。</p>",
            )

    @rule(choice=chosen)
    def publish(self, choice: int) -> None:
        if (issue := self.pick(choice)) and issue.articles.exists():
            publishing.publish(issue)

    @rule(choice=chosen)
    def withdraw(self, choice: int) -> None:
        if issue := self.pick(choice):
            publishing.withdraw(issue)

    @rule(choice=chosen, by_its_issue=st.booleans())
    def edit(self, choice: int, by_its_issue: bool) -> None:
        if (issue := self.pick(choice)) and (article := issue.articles.first()):
            self.old_words.append(article.title[1:])
            title = f"题{self.word()}"
            article.title = title
            if by_its_issue:
                save_issue(issue, [article])
            else:
                save(article)

    @rule(choice=chosen, whole=st.booleans())
    def delete(self, choice: int, whole: bool) -> None:
        if (issue := self.pick(choice)) and (article := issue.articles.last()):
            self.old_words.append(article.title[1:])
            delete(issue if whole else article)

    @rule(choice=chosen)
    def roll_back(self, choice: int) -> None:
        if (issue := self.pick(choice)) and (article := issue.articles.first()):
            with transaction.atomic():
                article.title = f"题{self.word()}"
                self.old_words.append(article.title[1:])
                save(article)
                issue.status = Issue.Status.PUBLISHED
                save(issue)
                transaction.set_rollback(True)

    @rule()
    def rebuild(self) -> None:
        sync.rebuild()

    @rule(choice=chosen)
    def withdraw_while_another_writes(self, choice: int) -> None:
        if issue := self.pick(choice):
            with current_engine().lock("write", 0):
                publishing.withdraw(issue)
                self.nothing_hidden_is_shown()

    @invariant()
    def nothing_hidden_is_shown(self) -> None:
        shown = "".join(self.everything())
        hidden = Article.objects.exclude(issue__status=Issue.Status.PUBLISHED)
        words = [article.title[1:] for article in hidden] + self.old_words[-10:]
        assert [word for word in words if word in shown] == []
        published = Article.objects.published().count()
        answer = self.client.get("/api/v1/search", {"q": "共同"}).json()
        assert answer["total"] <= published
        for word in [article.title[1:] for article in hidden][:2] + self.old_words[-2:]:
            assert self.client.get("/api/v1/search", {"q": f'"{word}"'}).json()["total"] == 0
            assert word not in self.client.get("/api/v1/suggest", {"q": word[:4]}).content.decode()

    def everything(self) -> Iterator[str]:
        """Collects all that members and programs can see: search, suggestions, facets, pages, API, export."""
        for address, parameters in (
            ("/", {}),
            ("/issues/", {}),
            ("/search/", {"q": "共同"}),
            ("/search/", {"q": "题秘"}),
            ("/api/v1/search", {"q": "共同", "page_size": 50}),
            ("/api/v1/suggest", {"q": "题秘"}),
        ):
            yield self.client.get(address, parameters).content.decode()
        yield str([exported.week for exported in export_issues(Issue.objects.published())])


@pytest.mark.django_db(transaction=True)
def test_nothing_that_is_not_published_is_ever_shown() -> None:
    call_command("rebuild_index", verbosity=0)
    options: Any = {
        "max_examples": max(1, STEPS // STEPS_EACH),
        "stateful_step_count": STEPS_EACH,
        "deadline": None,
        "suppress_health_check": list(HealthCheck),
        "database": None,
    }
    run_state_machine_as_test(Archive, settings=settings(**options))
