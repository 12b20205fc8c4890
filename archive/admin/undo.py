"""What was just done is undone from the message that says so: a button in it posts to one of these pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from reversion.models import Version

from archive import moments, publishing, restoring
from archive.admin.border import has_to_propose, locked_issue_of, may_publish
from archive.admin.frame import PagesAdmin
from archive.models import Article, Issue
from archive.once import sent_once
from archive.publishing import PublishRefused
from archive.restoring import RestoreRefused

MOST_AT_ONCE = 1000


def with_undo(said: str, page: str, what: str) -> SafeString:
    """Returns a message with a button that undoes what it tells; `what` is posted to the admin's `page`.

    The button belongs to a form at the top of each page of the admin (templates/admin/base_site.html).
    """
    return format_html(
        '{} <button type="submit" class="undo" form="undo" formaction="{}" name="undo" value="{}">撤销</button>',
        said,
        reverse(f"admin:{page}"),
        what,
    )


def deletion_said(gone: Sequence[Version], names: Sequence[str] = ()) -> SafeString:
    """Returns what is said of issues or articles that were deleted, with the button that brings them back.

    `gone` are their last versions, in the order in which they are to come back.
    """
    names = names or [_name_in(version) for version in gone]
    then = "后面的序号已顺移" if any("position" in version.field_dict for version in gone) else "在回收站里"
    undo = ",".join(str(version.pk) for version in gone)
    return with_undo(f"已删除{'、'.join(names)}，{then}。", "archive_issue_undo_deletion", undo)


def name_of(obj: Issue | Article) -> str:
    """Returns how a message names an issue or an article: `第 9 篇《台积电扩产》`."""
    return f"第 {obj.position} 篇《{obj.title}》" if isinstance(obj, Article) else f"“{obj}”"


def _name_in(version: Version) -> str:
    values = version.field_dict
    return (
        f"第 {values['position']} 篇《{values['title']}》"
        if "position" in values
        else f"“{version.object_repr}”"
    )


class NumbersForm(forms.Form):
    """What to undo: numbers, or pairs of numbers, `12,13` or `3:17,4:9`."""

    undo = forms.CharField(max_length=20_000)

    def clean_undo(self) -> list[list[int]]:
        pairs = [pair.split(":") for pair in self.cleaned_data["undo"].split(",")]
        if len(pairs) > MOST_AT_ONCE or not all(
            number.isdecimal() and len(number) < 19 for pair in pairs for number in pair
        ):
            raise ValidationError("这个按钮已经失效。")
        return [[int(number) for number in pair] for pair in pairs]


class UndoMixin(PagesAdmin):
    """The pages that undo, for the admin of issues."""

    pages = {"undo/delete/": "undo_deletion", "undo/withdraw/": "undo_withdrawal"}

    @method_decorator(require_POST)
    def undo_deletion(self, request: HttpRequest) -> HttpResponse:
        """Brings back what was deleted, at its place; an issue that was public is public again."""
        form = NumbersForm(request.POST)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if not form.is_valid():
            self.message_user(request, "没有撤销：这个按钮已经失效。删除的内容在回收站里。", messages.WARNING)
            return redirect("admin:archive_issue_bin")
        try:
            with sent_once(request) as sent:
                if sent.answer:
                    return sent.again()
                kinds = ContentType.objects.get_for_models(Issue, Article).values()
                rows = Version.objects.filter(content_type__in=kinds)
                wanted = [get_object_or_404(rows, pk=numbers[0]) for numbers in form.cleaned_data["undo"]]
                back = [self._brought_back(request, row) for row in wanted]
                return sent.done(*_after(back))
        except (RestoreRefused, PublishRefused) as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:archive_issue_bin")

    def _brought_back(self, request: HttpRequest, row: Version) -> Issue | Article:
        user: Any = request.user
        if has_to_propose(request, locked_issue_of(row)):
            raise PermissionDenied("这一期已经发布或待发布，您的账号不能撤销删除，请找主编。")
        back = restoring.bring_back(row, user)
        was_live = row.field_dict.get("status") in (Issue.Status.PUBLISHED, Issue.Status.SCHEDULED)
        if isinstance(back, Issue) and was_live and may_publish(request):
            publishing.undo_withdrawal(back, user)
        return back

    @method_decorator(require_POST)
    def undo_withdrawal(self, request: HttpRequest) -> HttpResponse:
        """Gives issues the state back that they had before they were withdrawn, unless they were changed since."""
        form = NumbersForm(request.POST)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        pairs = form.cleaned_data["undo"] if form.is_valid() else []
        user: Any = request.user
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            again = []
            for pk, version in (pair for pair in pairs if len(pair) == 2):
                issue = Issue.objects.select_for_update().filter(pk=pk).first()
                is_live = issue is not None and (issue.is_published or issue.is_scheduled)
                if issue is None or (issue.version != version and not is_live):
                    self.message_user(request, "没有撤销：在那以后又改过。请看一遍再发布。", messages.WARNING)
                    return redirect("admin:archive_issue_last_look", pk)
                try:
                    publishing.undo_withdrawal(issue, user)
                except PublishRefused as refused:
                    self.message_user(request, str(refused), messages.WARNING)
                    return redirect("admin:archive_issue_last_look", pk)
                again.append(issue)
            if not again:
                return redirect("admin:archive_issue_changelist")
            to = _form_of(again[0]) if len(again) == 1 else reverse("admin:archive_issue_changelist")
            return sent.done(to, "".join(f"已撤销：“{one.title}”{state_said(one)}。" for one in again))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        raise NotImplementedError


def state_said(issue: Issue) -> str:
    """Returns what the state of an issue means for those who read it."""
    if issue.is_published:
        return "成员现在就能看到、搜到"
    if issue.is_scheduled and issue.publish_at:
        return f"将于 {moments.moment(issue.publish_at)} 自动发布"
    return "现在是草稿"


def _form_of(issue: Issue) -> str:
    return reverse("admin:archive_issue_change", args=[issue.pk])


def _after(back: Collection[Issue | Article]) -> tuple[str, str]:
    """Returns where to go when these were brought back, and what to say."""
    said = [
        f"《{one.title}》，在第 {one.position} 篇"
        if isinstance(one, Article)
        else f"“{one}”，{state_said(one)}"
        for one in back
    ]
    issues = {one.pk if isinstance(one, Issue) else one.issue_id for one in back}
    list_of_issues = reverse("admin:archive_issue_changelist")
    to = reverse("admin:archive_issue_change", args=[*issues]) if len(issues) == 1 else list_of_issues
    return to, f"已恢复{'；'.join(said)}。"
