"""Who may change what members see: only those who may publish. What others do to it becomes a proposal.

Whatever changes an issue in the admin is called through `change_or_propose`, or saved by a form of
`OptimisticLockAdmin`, which does the same for all that a form can do. `tests/border/` walks all addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest
from django.urls import reverse
from reversion.models import Version

from archive.models import Issue
from archive.proposal import LONGEST_NOTE, Proposal
from archive.reviewing import propose

_Result = TypeVar("_Result")


class NoteForm(forms.Form):
    """What goes along with a change that is handed over. A longer note is cut, rather than the work refused for it."""

    proposal_note = forms.CharField(
        required=False,
        label="给主编的话",
        widget=forms.TextInput(
            attrs={"maxlength": LONGEST_NOTE, "placeholder": "改了什么、为什么，可以不写"}
        ),
    )
    proposal = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    """The pending proposal that the form was filled in from."""


def may_publish(request: HttpRequest) -> bool:
    """Whether this user may publish, and so change what members see."""
    return request.user.has_perm("archive.publish_issue")


def has_to_propose(request: HttpRequest, issue: Issue | None) -> bool:
    """Whether a change that this user makes to `issue` waits for a chief editor."""
    return issue is not None and issue.is_visible_or_due and not may_publish(request)


def change_or_propose(
    request: HttpRequest, issue: Issue | None, change: Callable[[], _Result]
) -> tuple[_Result, Proposal | None]:
    """Makes the change; or proposes it, where this user may not make it. Returns what it returned, and the proposal.

    `issue` is as it is stored, locked by the caller: one that is published meanwhile must not slip through.
    """
    if issue is None or not has_to_propose(request, issue):
        return change(), None
    form = NoteForm(request.POST)
    sent = form.cleaned_data if form.is_valid() else {}
    user: Any = request.user
    own_messages = request._messages  # type: ignore[attr-defined]
    # What the change says of itself ("saved") is not so: it is undone.
    request._messages = default_storage(request)  # type: ignore[attr-defined]
    try:
        return propose(
            issue, change, user, note=sent.get("proposal_note", ""), instead_of=sent.get("proposal")
        )
    finally:
        request._messages = own_messages  # type: ignore[attr-defined]


def locked_issue_of(version: Version) -> Issue | None:
    """Returns the issue that a version of an issue or an article belongs to, locked; None when it is deleted.

    Any version can be asked to come back, not only one of what is deleted: an old one of a public issue, too.
    """
    pk = version.field_dict.get("issue_id", version.object_id)
    return Issue.objects.select_for_update().filter(pk=pk).first()


def handed_over(proposal: Proposal) -> tuple[str, str]:
    """Returns where a change that waits is shown, and what is said of it."""
    address = reverse("admin:archive_issue_proposal", args=[proposal.pk])
    return address, "已交给主编。主编采用以前，成员看到的还是原来的样子。"
