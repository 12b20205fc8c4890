"""An editor changes what members see, a chief editor decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from reversion.models import Revision as KeptRevision
from reversion.models import Version

from archive import restoring, reviewing
from archive.editing import delete_article, delete_issue, save_article, save_issue
from archive.models import Article, Figure, Issue
from archive.proposal import Proposal
from archive.restoring import RestoreRefused
from archive.reviewing import ReviewRefused
from archive.revisions import Revision
from glossary.models import Mention
from search.models import Change
from tests.archive.reviewing.conftest import proposed, retitled, said_of

pytestmark = pytest.mark.django_db


def test_proposing_leaves_everything_as_it_was(public: Issue, editor: User) -> None:
    def state() -> list[Any]:
        tables: tuple[Any, ...] = (Issue, Article, Figure, Mention, Change, KeptRevision, Revision)
        return [sorted(table._default_manager.values_list(), key=repr) for table in tables]

    save_issue(public)  # so that all of it is in a version
    before = state()
    proposed(public, retitled(public.articles.all()[0], "改"), editor)
    assert state() == before


def test_an_accepted_change_is_a_version_that_says_whose_it_was(
    public: Issue, editor: User, chief: User
) -> None:
    proposal = proposed(public, retitled(public.articles.all()[0], "改"), editor, note="错字")
    reviewing.accept(proposal, chief)
    assert [article.title for article in public.articles.all()] == ["改", "乙", "丙"]
    assert said_of(public)[0] == ("li", "采用zhang老师的修改：修改《改》")


def test_accepting_saves_only_what_is_changed(public: Issue, editor: User, chief: User) -> None:
    first, *others = public.articles.all()
    proposal = proposed(public, retitled(first, "改"), editor)
    reviewing.accept(proposal, chief)
    for article in others:
        assert Article.objects.get(pk=article.pk).updated_at == article.updated_at
    assert Article.objects.get(pk=first.pk).updated_at > first.updated_at


def test_two_changes_of_different_articles_are_both_accepted(
    public: Issue, editor: User, chief: User
) -> None:
    first, second, _ = public.articles.all()
    one = proposed(public, retitled(first, "改一"), editor)
    other = proposed(public, retitled(second, "改二"), editor)
    reviewing.accept(other, chief)
    reviewing.accept(one, chief)
    assert [article.title for article in public.articles.all()] == ["改一", "改二", "丙"]


def test_what_somebody_changed_meanwhile_is_not_written_over(
    public: Issue, editor: User, chief: User
) -> None:
    article = public.articles.all()[0]
    proposal = proposed(public, retitled(article, "编辑改"), editor)
    retitled(article, "主编改")()
    with pytest.raises(ReviewRefused, match="《主编改》的标题后来改过"):
        reviewing.accept(proposal, chief)
    assert Article.objects.get(pk=article.pk).title == "主编改"
    assert Proposal.objects.get().is_pending


def test_what_the_database_would_refuse_is_said(public: Issue, editor: User, chief: User) -> None:
    def rename() -> None:
        issue = Issue.objects.get(pk=public.pk)
        issue.title = "撞名"
        save_issue(issue)

    proposal = proposed(public, rename, editor)
    save_issue(Issue(title="撞名", start_date=public.start_date, end_date=public.end_date))
    with pytest.raises(ReviewRefused, match="刊名和起止日期都相同"):
        reviewing.accept(proposal, chief)
    assert Issue.objects.get(pk=public.pk).title == "已发"


def test_a_new_article_and_one_that_comes_back(public: Issue, editor: User, chief: User) -> None:
    gone = public.articles.get(position=2)
    gone_id, version = gone.pk, Version.objects.get_for_object(gone)[0]
    delete_article(gone)

    def add() -> None:
        save_article(
            Article(issue=Issue.objects.get(pk=public.pk), position=9, title="新", body="<p>新。</p>")
        )

    new = proposed(public, add, editor)
    back = proposed(public, lambda: restoring.bring_back(version), editor)
    assert Article.objects.count() == 2
    reviewing.accept(new, chief)
    reviewing.accept(back, chief)
    assert {article.title for article in public.articles.all()} == {"甲", "乙", "丙", "新"}
    assert Article.objects.get(title="乙").pk == gone_id


def test_a_deleted_issue_that_is_restored_has_its_proposals_again(
    public: Issue, editor: User, chief: User
) -> None:
    proposal = proposed(public, retitled(public.articles.all()[0], "改"), editor)
    version = Version.objects.get_for_object(public).order_by("-pk")[0]
    delete_issue(Issue.objects.get(pk=public.pk))
    assert not Proposal.objects.pending().exists()
    with pytest.raises(ReviewRefused, match="已经删除"):
        reviewing.accept(proposal, chief)
    restoring.bring_back(version)
    assert list(Proposal.objects.pending()) == [proposal]
    reviewing.accept(proposal, chief)
    assert Issue.objects.get().articles.get(position=1).title == "改"


def test_a_change_that_fails_is_no_proposal(public: Issue, editor: User) -> None:
    def fail() -> None:
        retitled(public.articles.all()[0], "改")()
        raise RestoreRefused("不行")

    with pytest.raises(RestoreRefused):
        reviewing.propose(public, fail, editor)
    assert not Proposal.objects.exists()
    assert public.articles.all()[0].title == "甲"
