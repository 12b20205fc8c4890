"""Handing over in the admin: an editor hands over a week, a chief editor looks at what waits and decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from archive import reviewing
from archive.addresses import own_address
from archive.admin.border import may_publish
from archive.admin.frame import PagesAdmin, page
from archive.admin.history import changes
from archive.delta import seen_by_author
from archive.models import Issue
from archive.proposal import LONGEST_NOTE, Proposal
from archive.reviewing import ReviewRefused


class WordsForm(forms.Form):
    """A note to the chief editors, or a comment of theirs, and the page that it was written on."""

    words = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        error_messages={"max_length": f"最多写 {LONGEST_NOTE} 个字，请写短一些。"},
    )
    back = forms.CharField(required=False, max_length=300)


class ReviewMixin(PagesAdmin):
    """The pages of what was handed over, for the admin of issues."""

    pages = {
        "<int:pk>/hand-over/": "hand_over",
        "proposals/<int:pk>/": "proposal",
        "proposals/<int:pk>/accept/": "accept",
        "proposals/<int:pk>/send-back/": "send_back",
        "proposals/<int:pk>/take-back/": "take_back",
        "proposals/<int:pk>/read/": "note_read",
    }

    @method_decorator(require_POST)
    def hand_over(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Puts a draft into review, with a note."""
        issue = get_object_or_404(Issue, pk=pk)
        if not self.has_change_permission(request, issue):
            raise PermissionDenied("把一期交给主编需要“编辑”的权限。")
        form = WordsForm(request.POST)
        if not form.is_valid():
            messages.error(request, str(form.errors["words"][0]))
            return redirect("admin:archive_issue_change", pk)
        proposal = self._hand_over(request, issue, form.cleaned_data["words"])
        return redirect("admin:archive_issue_proposal", proposal.pk) if proposal else redirect(_form(issue))

    def _hand_over(self, request: HttpRequest, issue: Issue, note: str) -> Proposal | None:
        """Hands the week over and says so; None when it was refused, which is said too."""
        try:
            proposal = reviewing.hand_over(issue, request.user, note)  # type: ignore[arg-type]
        except ReviewRefused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return None
        self.message_user(request, f"已把“{issue.title}”交给主编。主编看过就会发布，或者写上意见退回来。")
        return proposal

    def proposal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was handed over: the week's contents, or the change beside what members see."""
        proposal = self._proposal(request, pk)
        context: dict[str, Any] = {"proposal": proposal, "may_publish": may_publish(request)}
        # Whoever may send it back, with a comment, is not offered to take it back without one.
        context["may_take_back"] = not may_publish(request) and self.has_change_permission(
            request, proposal.issue
        )
        if proposal.is_week:
            context["articles"] = proposal.issue.articles.headings()
        else:
            context["parts"] = changes(*seen_by_author(reviewing.delta(proposal)))
            context["obstacles"] = reviewing.obstacles(proposal) if proposal.is_pending else []
        template = "admin/archive/issue/proposal.html"
        return page(request, template, "送审", Issue, original=proposal.issue, **context)

    @method_decorator(require_POST)
    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Makes the change that was proposed."""
        proposal = self._proposal(request, pk)
        self._demand_publisher(request)
        return self._decide(request, proposal, reviewing.accept, "已采用。成员现在看到的就是改过的样子。")

    @method_decorator(require_POST)
    def send_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sends back what was handed over, with a comment."""
        proposal = self._proposal(request, pk)
        self._demand_publisher(request)
        form = WordsForm(request.POST)
        if not form.is_valid():
            messages.error(request, str(form.errors["words"][0]))
            return redirect("admin:archive_issue_proposal", pk)
        comment = form.cleaned_data["words"]

        def send(waiting: Proposal, by: Any) -> Proposal:
            return reviewing.send_back(waiting, by, comment)

        said = f"已退回给{proposal.author_name}，您的意见在编辑的首页和这一期里都看得到。"
        return self._decide(request, proposal, send, said)

    @method_decorator(require_POST)
    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes back what waits."""
        proposal = self._proposal(request, pk)
        if not self.has_change_permission(request, proposal.issue):
            raise PermissionDenied("收回需要“编辑”的权限。")
        said = "已收回，现在是草稿，可以接着改。" if proposal.is_week else "已收回这份修改。"
        return self._decide(request, proposal, reviewing.take_back, said)

    @method_decorator(require_POST)
    def note_read(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Its author read why it was sent back."""
        proposal = self._proposal(request, pk)
        if proposal.author_id != request.user.pk:
            raise PermissionDenied("只有交的人才能点“知道了”。")
        reviewing.note_read(proposal)
        return self._back(request, proposal)

    # --- Shared ----------------------------------------------------------------------------------------

    def _proposal(self, request: HttpRequest, pk: int) -> Proposal:
        found = Proposal.objects.of_existing().select_related("issue", "author", "closed_by", "article")
        proposal = get_object_or_404(found, pk=pk)
        if not self.has_view_or_change_permission(request, proposal.issue):
            raise PermissionDenied("看送审的内容需要“编辑”的权限。")
        return proposal

    def _demand_publisher(self, request: HttpRequest) -> None:
        if not may_publish(request):
            raise PermissionDenied("采用和退回需要“主编”的权限。")

    def _decide(
        self, request: HttpRequest, proposal: Proposal, act: Callable[[Proposal, Any], Proposal], said: str
    ) -> HttpResponse:
        try:
            act(proposal, request.user)
        except ReviewRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect("admin:archive_issue_proposal", proposal.pk)
        self.message_user(request, said)
        return self._back(request, proposal)

    def _back(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        form = WordsForm(request.POST)
        asked = own_address(request, form.data.get("back", "")[:300])
        return redirect(asked or _form(proposal.issue))


def _form(issue: Issue) -> str:
    return reverse("admin:archive_issue_change", args=[issue.pk])
