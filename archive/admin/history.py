"""Versions of an issue in the admin: who saved what when, two of them side by side, any of them restored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from reversion.models import Revision, Version

from archive import restoring, versions
from archive.admin.border import change_or_propose, handed_over, locked_issue_of
from archive.admin.conflicts import label_of, readable
from archive.admin.frame import IssuePagesAdmin, page
from archive.admin.states import ARTICLE_FIELDS, ISSUE_FIELDS
from archive.models import Article, Issue
from archive.once import sent_once
from archive.restoring import RestoreRefused
from archive.textdiff import DiffLine, compare
from archive.versions import Snapshot, Values

A_PAGE = 50


class Changed(NamedTuple):
    """A field that is not the same in two versions. No rows: its words are, its formatting or spaces are not."""

    label: str
    rows: list[DiffLine]


class ChangedPart(NamedTuple):
    """The issue itself, or one article, with what changed in it. `fate` is said of one that came or went."""

    title: str
    fate: str
    fields: list[Changed]


def changes(old: Snapshot, new: Snapshot) -> list[ChangedPart]:
    """Returns what differs between two versions, the issue first, then its articles in order."""
    parts = [ChangedPart("这一期", "", list(_fields(Issue, ISSUE_FIELDS, old.issue, new.issue)))]
    before = {article["id"]: article for article in old.articles}
    after = {article["id"]: article for article in new.articles}
    shared = before.keys() & after.keys()
    old_order = [article for article in old.articles if article["id"] in shared]
    new_order = [article for article in new.articles if article["id"] in shared]
    if [article["id"] for article in old_order] != [article["id"] for article in new_order]:
        parts[0].fields.append(Changed("文章的次序", compare(_titles(old_order), _titles(new_order))))
    for article in new.articles:
        was = before.get(article["id"])
        fields = list(_fields(Article, ARTICLE_FIELDS, was or {}, article))
        parts.append(
            ChangedPart(f"第 {article['position']} 篇《{article['title']}》", "" if was else "新建", fields)
        )
    for article in old.articles:
        if article["id"] not in after:
            fields = list(_fields(Article, ARTICLE_FIELDS, article, {}))
            parts.append(ChangedPart(f"第 {article['position']} 篇《{article['title']}》", "删除", fields))
    return [part for part in parts if part.fields or part.fate]


def _fields(
    model: type[Issue | Article], names: tuple[str, ...], old: Values, new: Values
) -> Iterator[Changed]:
    for name in names:
        before, after = str(old.get(name, "")), str(new.get(name, ""))
        if before == after:
            continue
        label = label_of(model, name)
        if name == "body":
            before, after = readable(before), readable(after)
        yield Changed(label, compare(before, after))


def _titles(articles: list[Values]) -> str:
    return "\n".join(f"{place}. {article['title']}" for place, article in enumerate(articles, 1))


class TwoVersionsForm(forms.Form):
    """Which two versions of an issue to compare."""

    one = forms.ModelChoiceField(Revision.objects.none())
    other = forms.ModelChoiceField(Revision.objects.none(), required=False)

    def __init__(self, issue_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].queryset = versions.revisions_of(issue_id)  # type: ignore[attr-defined]


class HistoryMixin(IssuePagesAdmin):
    """The pages of versions, for the admin of issues."""

    pages = {
        "bin/": "bin",
        "bin/<int:version>/restore/": "restore_deleted",
        "<int:pk>/history/compare/": "compare",
        "<int:pk>/history/<int:revision>/": "version",
        "<int:pk>/history/<int:revision>/restore/": "restore",
    }

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who saved the issue when, and what they did; two to compare."""
        issue = self.issue_for(request, object_id)
        revisions = Paginator(versions.revisions_of(issue.pk), A_PAGE).get_page(request.GET.get("p"))
        return self._page(request, "history", issue, "版本", revisions=revisions)

    def version(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        """A version beside the one before it."""
        issue = self.issue_for(request, str(pk))
        all_of_it = versions.revisions_of(pk)
        this = get_object_or_404(all_of_it, pk=revision)
        before = all_of_it.filter(pk__lt=revision).first()
        return self._compared(request, issue, before, this)

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Any two versions side by side, the older one left; one alone beside what is stored now."""
        issue = self.issue_for(request, str(pk))
        form = TwoVersionsForm(pk, request.GET)
        if not form.is_valid():
            self.message_user(request, "请先选好要比较的两个版本。", messages.WARNING)
            return redirect("admin:archive_issue_history", pk)
        one, other = form.cleaned_data["one"], form.cleaned_data["other"]
        if other is not None and other.pk < one.pk:
            one, other = other, one
        return self._compared(request, issue, one, other)

    def _compared(
        self,
        request: HttpRequest,
        issue: Issue,
        before: Revision | None,
        after: Revision | None,
    ) -> HttpResponse:
        """Two versions side by side. No `before`: the first version of all; no `after`: what is stored now."""
        older = versions.snapshot(before, issue.pk) if before else None
        newer = versions.snapshot(after, issue.pk) if after else versions.current(issue)
        newest = versions.revisions_of(issue.pk).first()
        return self._page(
            request,
            "version",
            issue,
            "比较两个版本" if older else "第一个版本",
            before=before,
            after=after,
            parts=changes(older, newer) if older else [],
            articles=newer.articles,
            is_newest=after is not None and after == newest,
        )

    @method_decorator(require_POST)
    def restore(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        """Makes the issue what it was; what it is now stays a version."""
        issue = self.issue_for(request, str(pk))
        if not self.has_change_permission(request, issue):
            raise PermissionDenied
        this = get_object_or_404(versions.revisions_of(pk), pk=revision)
        user: Any = request.user
        try:
            with sent_once(request) as sent:
                if sent.answer:
                    return sent.again()
                locked = Issue.objects.select_for_update().filter(pk=pk).first()
                _, proposal = change_or_propose(request, locked, lambda: restoring.restore(this, pk, user))
                if proposal is not None:
                    return sent.done(*handed_over(proposal))
                said = "已恢复。恢复以前的内容也还在版本里，可以再换回来。"
                return sent.done(reverse("admin:archive_issue_change", args=[pk]), said)
        except RestoreRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        return redirect("admin:archive_issue_change", pk)

    def bin(self, request: HttpRequest) -> HttpResponse:
        """What was deleted: issues, and articles of issues that are still there."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        deleted = {"issues": restoring.deleted_issues(), "articles": restoring.deleted_articles()}
        can_restore = self.has_add_permission(request)
        return self._page(request, "bin", None, "回收站", can_restore=can_restore, **deleted)

    @method_decorator(require_POST)
    def restore_deleted(self, request: HttpRequest, version: int) -> HttpResponse:
        """Brings back an issue or an article from the bin."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kinds = ContentType.objects.get_for_models(Issue, Article).values()
        found = get_object_or_404(Version, pk=version, content_type__in=kinds)
        user: Any = request.user
        try:
            with sent_once(request) as sent:
                if sent.answer:
                    return sent.again()
                back, proposal = change_or_propose(
                    request, locked_issue_of(found), lambda: restoring.bring_back(found, user)
                )
                if proposal is not None:
                    return sent.done(*handed_over(proposal))
                if isinstance(back, Issue):
                    to, said = back.pk, f"已恢复“{back}”，现在是{back.get_status_display()}。"
                else:
                    to, said = back.issue_id, f"已恢复《{back.title}》，在第 {back.position} 篇。"
                return sent.done(reverse("admin:archive_issue_change", args=[to]), said)
        except RestoreRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect("admin:archive_issue_bin")

    def _page(
        self, request: HttpRequest, name: str, issue: Issue | None, title: str, **context: Any
    ) -> HttpResponse:
        context["can_change"] = issue is not None and self.has_change_permission(request, issue)
        return page(request, f"admin/archive/issue/{name}.html", title, Issue, original=issue, **context)
