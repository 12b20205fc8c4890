"""An editor hands a week over, a chief editor decides."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from archive import publishing, reviewing
from archive.exporting import export_issues
from archive.models import Issue
from archive.proposal import Proposal
from archive.reviewing import ReviewRefused
from insight.dashboard import proposals
from tests.archive.reviewing.conftest import said_of
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db


def test_a_week_is_handed_over_and_published(draft: Issue, editor: User, chief: User) -> None:
    proposal = reviewing.hand_over(draft, editor, "第 1 篇请多看一眼")
    draft.refresh_from_db()
    assert draft.is_in_review
    assert list(Proposal.objects.pending()) == [proposal]
    publishing.publish(draft, chief)
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.closed_by) == (Proposal.Outcome.ACCEPTED, chief)
    assert said_of(draft)[:2] == [("li", "发布"), ("zhang", "交给主编：第 1 篇请多看一眼")]


def test_a_week_that_is_scheduled_does_not_wait_any_more(draft: Issue, editor: User, chief: User) -> None:
    reviewing.hand_over(draft, editor)
    publishing.schedule(Issue.objects.get(), timezone.now() + dt.timedelta(days=1), chief)
    assert not Proposal.objects.pending().exists()


def test_a_week_is_sent_back_with_a_comment_and_handed_over_again(
    draft: Issue, editor: User, chief: User
) -> None:
    proposal = reviewing.hand_over(draft, editor)
    with pytest.raises(ReviewRefused, match="请写一句"):
        reviewing.send_back(proposal, chief, "  ")
    assert Issue.objects.get().is_in_review
    reviewing.send_back(proposal, chief, "缺来源")
    assert Issue.objects.get().status == Issue.Status.DRAFT
    assert said_of(draft)[0] == ("li", "退回：缺来源")
    assert [one.comment for one in proposals(editor.pk).returned] == ["缺来源"]
    reviewing.hand_over(draft, editor)
    assert not proposals(editor.pk).returned


def test_an_editor_takes_a_week_back(draft: Issue, editor: User) -> None:
    reviewing.take_back(reviewing.hand_over(draft, editor), editor)
    assert Issue.objects.get().status == Issue.Status.DRAFT
    assert not Proposal.objects.pending().exists()


def test_handing_over_twice_is_once(draft: Issue, editor: User) -> None:
    first = reviewing.hand_over(draft, editor, "一")
    assert reviewing.hand_over(draft, editor, "二") == first
    assert Proposal.objects.get().note == "一"


def test_an_empty_week_and_a_public_one_are_not_handed_over(
    make_issue: WeekMaker, public: Issue, editor: User
) -> None:
    empty = make_issue({}, status=Issue.Status.DRAFT, title="空")
    with pytest.raises(ReviewRefused, match="还没有文章"):
        reviewing.hand_over(empty, editor)
    with pytest.raises(ReviewRefused, match="已经发布"):
        reviewing.hand_over(public, editor)
    assert not Proposal.objects.exists()


def test_a_second_decision_is_refused_in_words(draft: Issue, editor: User, chief: User) -> None:
    proposal = reviewing.hand_over(draft, editor)
    reviewing.take_back(proposal, editor)
    with pytest.raises(ReviewRefused, match="已收回（zhang老师）"):
        reviewing.send_back(proposal, chief, "晚了")


def test_a_week_in_review_is_exported_as_a_draft(draft: Issue, editor: User) -> None:
    reviewing.hand_over(draft, editor)
    [exported] = export_issues(Issue.objects.all())
    assert exported.week["status"] == "draft"
