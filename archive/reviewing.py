"""An editor hands over, a chief editor decides: weeks in review, and changes of what members see, proposed first.

    draft ─ hand_over ─► in review ─ publishing.publish, schedule ─► public, or soon
                             └ send_back (with a comment), take_back ─► draft
    a change of a public issue ─ propose ─► a proposal ─ accept ─► the change, made and kept as a version
                                                └ send_back, take_back

A proposal is the change by itself (`archive.delta`): it was made, looked at and undone in one transaction, so that
whatever the admin can do to an issue can be proposed. Nothing of it stands in the issue until it is accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from reversion.models import Version

from archive import restoring, versions
from archive.changes import changing
from archive.delta import Delta, Merged, as_json, delta_of, from_json, merged
from archive.models import Article, Issue
from archive.proposal import LONGEST_NOTE, Proposal

Outcome = Proposal.Outcome
_Result = TypeVar("_Result")


class ReviewRefused(Exception):
    """What can not be handed over, accepted or sent back as things are. Editors read it: why, and what to do."""


# --- Weeks ---------------------------------------------------------------------------------------------


def hand_over(issue: Issue, by: AbstractBaseUser, note: str = "") -> Proposal:
    """Puts a draft into review, with a note for the chief editors. Raises ReviewRefused for an empty or public one.

    A week that is in review already stays so: handing over twice is once.
    """
    with transaction.atomic():
        stored = Issue.objects.select_for_update().get(pk=issue.pk)
        if stored.is_visible_or_due:
            raise ReviewRefused(f"“{stored.title}”已经发布或待发布，不用再交。要改它，改好以后点“交给主编”。")
        if stored.is_in_review:
            return stored.waiting_week or _note_week(stored, by, note)
        if not stored.articles.exists():
            raise ReviewRefused(f"“{stored.title}”还没有文章，没有交出去。请先添加文章。")
        _set_status(stored, Issue.Status.REVIEW, _said("交给主编", note), by)
        returned = Proposal.objects.filter(issue=stored, outcome=Outcome.RETURNED, read_at=None)
        returned.filter(changes={}).update(read_at=timezone.now())
        issue.status, issue.version = stored.status, stored.version
        return _note_week(stored, by, note)


def settle(issue: Issue, by: AbstractBaseUser | None) -> None:
    """Notes that a week in review was published or scheduled. Called by the use cases that do."""
    waiting = issue.waiting_week
    if waiting is not None:
        _close(waiting, Outcome.ACCEPTED, by)


def _note_week(issue: Issue, by: AbstractBaseUser, note: str) -> Proposal:
    return Proposal.objects.create(
        issue=issue, what=f"发布“{issue}”", author_id=by.pk, note=note.strip()[:LONGEST_NOTE]
    )


def _set_status(issue: Issue, status: str, what: str, by: AbstractBaseUser | None) -> None:
    with changing(issue, what, by):
        issue.status = status
        issue.save_status()


def _said(what: str, words: str) -> str:
    return f"{what}：{words.strip()[:LONGEST_NOTE]}" if words.strip() else what


# --- Changes of what members see -----------------------------------------------------------------------


def propose(
    issue: Issue,
    change: Callable[[], _Result],
    by: AbstractBaseUser,
    *,
    note: str = "",
    instead_of: int | None = None,
) -> tuple[_Result, Proposal | None]:
    """Keeps what `change` does to the issue as a proposal, and leaves the issue as it is.

    Returns what `change` returned, and the proposal; None when it changed nothing. `instead_of` is the id of a
    pending proposal that the sender saw and wrote on: the new one takes its place. What `change` raises goes on up,
    and nothing is kept.
    """
    with transaction.atomic():
        stored = Issue.objects.select_for_update().get(pk=issue.pk)
        before = versions.keep_unrecorded(stored)
        with transaction.atomic():
            result = change()
            newest = versions.revisions_of(issue.pk).first()
            what = newest.comment if newest else ""
            after = versions.current(Issue.objects.get(pk=issue.pk))
            transaction.set_rollback(True)
        change_itself = delta_of(before, after, _once_stored(before, after))
        if not change_itself:
            return result, None
        pending = Proposal.objects.filter(issue=issue, outcome=Outcome.PENDING).exclude(changes={})
        for old in pending.filter(pk=instead_of) if instead_of else ():
            _close(old, Outcome.WITHDRAWN, by, "由后来的修改代替。")
        proposal = Proposal.objects.create(
            issue=issue,
            article_id=change_itself.only_article,
            what=what[:400],
            changes=as_json(change_itself),
            author_id=by.pk,
            note=note.strip()[:LONGEST_NOTE],
        )
        if change_itself.only_article:
            returned = Proposal.objects.filter(outcome=Outcome.RETURNED, author_id=by.pk, read_at=None)
            returned.filter(article_id=change_itself.only_article).update(read_at=timezone.now())
        return result, proposal


def _once_stored(before: versions.Snapshot, after: versions.Snapshot) -> list[int]:
    """Ids of articles that `after` has and `before` lacks, but a version knows: they come back, they are not new."""
    ids = {values["id"] for values in after.articles} - {values["id"] for values in before.articles}
    return [pk for pk in ids if Version.objects.get_for_object_reference(Article, pk).exists()]


def obstacles(proposal: Proposal) -> list[str]:
    """Returns why a proposed change can not be made as things are, in words for editors; nothing when it can."""
    return _obstacles(merged(delta(proposal), versions.current(proposal.issue)))


def _obstacles(result: Merged) -> list[str]:
    """What stands against the change, also what the database would refuse: another issue has its title and dates."""
    changed = Issue(**result.snapshot.issue)
    changed._state.adding = False
    try:
        changed.validate_constraints()
    except ValidationError as refused:
        return [*result.obstacles, *(message.rstrip("。") for message in refused.messages)]
    return result.obstacles


def delta(proposal: Proposal) -> Delta:
    """Returns the change that is proposed."""
    return from_json(proposal.changes)


def accept(proposal: Proposal, by: AbstractBaseUser) -> Proposal:
    """Makes the proposed change, as a version of who accepts it. Raises ReviewRefused when it is not pending any more,
    or someone changed the same meanwhile.

    A week is accepted by publishing or scheduling it, not by this.
    """
    with transaction.atomic():
        issue, waiting = _pending(proposal)
        if waiting.is_week:
            raise ReviewRefused("整期不在这里采用：请打开它，看一遍再发布。")
        result = merged(delta(waiting), versions.current(issue))
        if found := _obstacles(result):
            raise ReviewRefused(
                f"没有采用：{'；'.join(dict.fromkeys(found))}。请打开这一期，对照着改好，再把这份修改退回。"
            )
        with changing(issue, _said(f"采用{waiting.author_name}的修改", waiting.what), by) as written:
            articles = [
                {**values, "id": values["id"] if values["id"] > 0 else None}
                for values in result.snapshot.articles
            ]
            kept = versions.Snapshot(result.snapshot.issue, tuple(articles), result.snapshot.figures)
            written.texts = restoring.write(issue, kept)
        return _close(waiting, Outcome.ACCEPTED, by)


# --- Both ----------------------------------------------------------------------------------------------


def send_back(proposal: Proposal, by: AbstractBaseUser, comment: str) -> Proposal:
    """Sends back what was handed over, and says why; a week is a draft again.

    Raises ReviewRefused without a comment, and when it was decided meanwhile.
    """
    if not comment.strip():
        raise ReviewRefused("没有退回：请写一句为什么退回、要改什么。")
    with transaction.atomic():
        issue, waiting = _pending(proposal)
        if waiting.is_week and issue.is_in_review:
            _set_status(issue, Issue.Status.DRAFT, _said("退回", comment), by)
        return _close(waiting, Outcome.RETURNED, by, comment)


def take_back(proposal: Proposal, by: AbstractBaseUser) -> Proposal:
    """Takes back what waits; a week is a draft again. Raises ReviewRefused when it was decided meanwhile."""
    with transaction.atomic():
        issue, waiting = _pending(proposal)
        if waiting.is_week and issue.is_in_review:
            _set_status(issue, Issue.Status.DRAFT, "收回，不再送审", by)
        return _close(waiting, Outcome.WITHDRAWN, by)


def note_read(proposal: Proposal) -> None:
    """Notes that its author read why it was sent back: it is not shown on the first page any more."""
    Proposal.objects.filter(pk=proposal.pk, outcome=Outcome.RETURNED).update(read_at=timezone.now())


def open_of(author_id: int) -> QuerySet[Proposal]:
    """Returns what somebody handed over and is not done with: it waits, or was sent back and is not read yet."""
    mine = Proposal.objects.of_existing().filter(author=author_id)
    return mine.filter(Q(outcome=Outcome.PENDING) | Q(outcome=Outcome.RETURNED, read_at=None))


def hand_on(author_id: int, to_id: int) -> int:
    """Makes what somebody handed over, and is not done with, another editor's. Returns how much it was."""
    return Proposal.objects.filter(pk__in=open_of(author_id).values("pk")).update(author=to_id)


def _pending(proposal: Proposal) -> tuple[Issue, Proposal]:
    """The issue and the proposal, locked in this order; refused when it was decided meanwhile."""
    issue = Issue.objects.select_for_update().filter(pk=proposal.issue_id).first()
    found = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if issue is None or found is None:
        raise ReviewRefused("这一期已经删除了，没有再动。")
    if not found.is_pending:
        raise ReviewRefused(f"这一份刚才{found.get_outcome_display()}（{found.closer_name}），没有再动。")
    return issue, found


def _close(proposal: Proposal, outcome: str, by: AbstractBaseUser | None, comment: str = "") -> Proposal:
    proposal.outcome, proposal.comment = outcome, comment.strip()[:LONGEST_NOTE]
    proposal.closed_at = timezone.now()
    proposal.closed_by_id = by.pk if by is not None else None
    proposal.save(update_fields=["outcome", "comment", "closed_at", "closed_by"])
    return proposal
