"""The last look before an issue goes live, and the question before it is withdrawn: pages of the admin of issues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from archive import publishing
from archive.admin.date_fields import MomentField
from archive.admin.frame import PagesAdmin, page
from archive.admin.numbers import MAX_DIGITS
from archive.admin.undo import state_said, with_undo
from archive.models import Issue
from archive.moments import moment
from archive.once import sent_once
from archive.publication_checks import PublicationCheck, check
from archive.publishing import PublishRefused

MOST_AT_ONCE = 100
_CHANGED = "在您看的时候，这一期又改过了，没有发布。请照下面最新的样子再看一遍。"


class IssuesField(forms.ModelMultipleChoiceField):
    """Issues by their numbers; none has one that a database can not look up."""

    def clean(self, value: Any) -> Any:
        if any(len(str(number)) > MAX_DIGITS for number in value or ()):
            raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": "…"})
        return super().clean(value)


class IssuesForm(forms.Form):
    """Which issues a page is about: `?issue=3&issue=4`."""

    issue = IssuesField(Issue.objects.all())


class HowForm(forms.Form):
    """When the issues go live: at once, or at a time to come."""

    how = forms.ChoiceField(choices=[("publish", "立即发布"), ("schedule", "定时发布")])
    schedule_at = MomentField(label="上线时间（北京时间）", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("how") == "schedule" and "schedule_at" not in self.errors:
            when: dt.datetime | None = data.get("schedule_at")
            if when is None:
                self.add_error("schedule_at", "请先选好日期和时间，再点“定时发布”。")
            elif when <= timezone.now():
                self.add_error(
                    "schedule_at", f"{moment(when)} 已经过去。请选一个以后的时间，或者点“立即发布”。"
                )
        return data


class LookForm(forms.Form):
    """What a person saw of an issue: its version, and whether they know of the figures that are missing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    known = forms.BooleanField(required=False)


@dataclass(slots=True)
class Look:
    """An issue on the page, with what was found and what the person says to it."""

    check: PublicationCheck
    form: LookForm
    address: str
    is_newest: bool
    """Whether no public issue is newer: then it stands first on the members' first page."""
    error: str = ""

    @property
    def issue(self) -> Issue:
        return self.check.issue

    @property
    def when(self) -> str:
        """When it goes live, or went live, in words; empty for a draft."""
        return moment(self.issue.publish_at) if self.issue.publish_at and not self.is_draft else ""

    @property
    def is_draft(self) -> bool:
        return not (self.issue.is_published or self.issue.is_scheduled)


def page_about(name: str, pks: Sequence[int]) -> str:
    """Returns the address of a page about these issues."""
    return f"{reverse(f'admin:archive_issue_{name}')}?{urlencode([('issue', pk) for pk in pks])}"


class PublicationMixin(PagesAdmin):
    """The last look, and the question before withdrawing."""

    pages = {
        "publish/": "last_looks",
        "<int:pk>/publish/": "last_look",
        "withdraw/": "withdrawal",
    }

    def last_look(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what a person should know of one issue, and publishes it."""
        return self._look_at(request, QueryDict(f"issue={pk}"))

    def last_looks(self, request: HttpRequest) -> HttpResponse:
        """The same for several issues at once."""
        return self._look_at(request, request.GET)

    def _look_at(self, request: HttpRequest, given: QueryDict) -> HttpResponse:
        issues = self._issues(request, given)
        if request.method != "POST":
            when = issues[0].publish_at if issues[0].is_scheduled else None
            return self._show(
                request, [_look(request, one) for one in issues], HowForm(initial={"schedule_at": when})
            )
        if not self.has_publish_permission(request):
            raise PermissionDenied("您的账号不能发布，请交给主编。")
        how = HowForm(request.POST)
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            pks = [one.pk for one in issues]
            locked = Issue.objects.select_for_update().filter(pk__in=pks).in_bulk()
            looks = [_look(request, locked[pk], request.POST) for pk in pks if pk in locked]
            if not how.is_valid():
                return self._show(request, looks, how, status=422)
            said = [words for look in looks if (words := _publish(request, look, how))]
            if left := [look for look in looks if look.error]:
                for words in said:
                    self.message_user(request, words)
                return self._show(request, left, how, status=409)
            to = _form_of(looks[0].issue) if len(looks) == 1 else reverse("admin:archive_issue_changelist")
            return sent.done(to, format_html_join("", "{}", ((words,) for words in said)))

    def _show(
        self, request: HttpRequest, looks: Sequence[Look], how: HowForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "looks": looks,
            "how": how,
            "original": looks[0].issue if len(looks) == 1 else None,
            "may_publish": self.has_publish_permission(request),
            "can_be_published": any(
                not (look.issue.is_published or look.check.must_be_mended) for look in looks
            ),
            "asks": any(look.check.unknown for look in looks),
        }
        template = "admin/archive/issue/last_look.html"
        return page(request, template, "发布前看一遍", Issue, status=status, **context)

    def _issues(self, request: HttpRequest, given: QueryDict) -> list[Issue]:
        form = IssuesForm(given)
        if not form.is_valid():
            raise Http404("这一期不存在，可能在回收站里。")
        issues = list(form.cleaned_data["issue"].order_by("end_date", "pk")[:MOST_AT_ONCE])
        if not all(self.has_view_or_change_permission(request, issue) for issue in issues):
            raise PermissionDenied
        return issues

    # --- Withdrawing -----------------------------------------------------------------------------------

    def withdrawal(self, request: HttpRequest) -> HttpResponse:
        """Asks whether issues are to be withdrawn, says what that means, and withdraws them."""
        if not self.has_publish_permission(request):
            raise PermissionDenied("您的账号不能撤回，请找主编。")
        issues = self._issues(request, request.POST if request.method == "POST" else request.GET)
        if request.method != "POST":
            return page(request, "admin/archive/issue/withdrawal.html", "撤回", Issue, issues=issues)
        user: Any = request.user
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            to = _form_of(issues[0]) if len(issues) == 1 else reverse("admin:archive_issue_changelist")
            locked = Issue.objects.select_for_update().filter(pk__in=[one.pk for one in issues])
            live = [one for one in locked if one.is_published or one.is_scheduled]
            if not live:
                self.message_user(request, "这一期已经是草稿，没有什么要撤回的。", messages.INFO)
                return HttpResponseRedirect(to)
            was_public = any(one.is_published for one in live)
            for issue in live:
                publishing.withdraw(issue, user)
            names = "、".join(f"“{one.title}”" for one in live)
            meaning = "成员看不到，也搜不到了" if was_public else "到时间也不会发布"
            undo = ",".join(f"{one.pk}:{one.version}" for one in live)
            said = f"{names}现在是草稿，{meaning}。"
            return sent.done(to, with_undo(said, "archive_issue_undo_withdrawal", undo))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this user may publish."""
        return request.user.has_perm("archive.publish_issue")


def _look(request: HttpRequest, issue: Issue, sent: QueryDict | None = None) -> Look:
    form = LookForm(sent, prefix=f"issue-{issue.pk}", initial={"version": issue.version})
    address = request.build_absolute_uri(issue.get_absolute_url())
    return Look(check(issue), form, address, not Issue.objects.published().after(issue).exists())


def _publish(request: HttpRequest, look: Look, how: HowForm) -> str:
    """Publishes or schedules an issue that was looked at, and returns what to say; or says in the look why not."""
    issue, user = look.issue, request.user
    when: dt.datetime | None = (
        how.cleaned_data["schedule_at"] if how.cleaned_data["how"] == "schedule" else None
    )
    if issue.is_published and when is None:  # from another window
        return f"“{issue.title}”已经发布，{state_said(issue)}。"
    if not look.form.is_valid() or look.form.cleaned_data["version"] != issue.version:
        look.error = _CHANGED
        look.form = LookForm(prefix=look.form.prefix, initial={"version": issue.version})
        return ""
    knowing = [finding.key for finding in look.check.unknown] if look.form.cleaned_data["known"] else []
    try:
        with transaction.atomic():
            if when is None:
                publishing.publish(issue, user, knowing)  # type: ignore[arg-type]
                wechat = reverse("admin:archive_issue_wechat", args=[issue.pk])
                said = '已发布“{}”，{}。接着可以<a href="{}">复制到公众号</a>。'
                return format_html(said, issue.title, state_said(issue), wechat)
            publishing.schedule(issue, when, user, knowing)  # type: ignore[arg-type]
            return f"“{issue.title}”待发布，{state_said(issue)}。"
    except PublishRefused as refused:
        look.error = str(refused)
        return ""


def _form_of(issue: Issue) -> str:
    return reverse("admin:archive_issue_change", args=[issue.pk])
