"""Versions of an issue in the admin: who saved what when, two of them side by side, any of them restored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from reversion.models import Revision, Version

from archive import restoring, versions
from archive.admin.conflicts import label_of, readable
from archive.admin.states import ARTICLE_FIELDS, ISSUE_FIELDS
from archive.models import Article, Issue
from archive.restoring import RestoreRefused
from archive.textdiff import DiffLine, compare
from archive.versions import Snapshot, Values

if TYPE_CHECKING:
    _Base = admin.ModelAdmin
else:
    _Base = object

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that is not the same in two versions. No rows: its words are, its formatting or spaces are not."""

    label: str
    rows: list[DiffLine]


@dataclass(frozen=True, slots=True)
class ChangedPart:
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
            ChangedPart(f"第 {article['position']} 篇《{article['title']}》", "" if was else "新增", fields)
        )
    for article in old.articles:
        if article["id"] not in after:
            fields = list(_fields(Article, ARTICLE_FIELDS, article, {}))
            parts.append(ChangedPart(f"第 {article['position']} 篇《{article['title']}》", "删去", fields))
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


class HistoryMixin(_Base):
    """The pages of versions, for the admin of issues."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("bin/", view(self.bin_view), name="archive_issue_bin"),
            path(
                "bin/<int:version>/restore/",
                view(require_POST(self.restore_deleted)),
                name="archive_issue_restore_deleted",
            ),
            path("<int:pk>/history/compare/", view(self.compare_view), name="archive_issue_compare"),
            path("<int:pk>/history/<int:revision>/", view(self.version_view), name="archive_issue_version"),
            path(
                "<int:pk>/history/<int:revision>/restore/",
                view(require_POST(self.restore_version)),
                name="archive_issue_restore",
            ),
        ]
        return own + super().get_urls()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who saved the issue when, and what they did; two to compare."""
        issue = self._issue(request, object_id)
        revisions = Paginator(versions.revisions_of(issue.pk), A_PAGE).get_page(request.GET.get("p"))
        return self._page(request, "history", issue, "版本", revisions=revisions, **(extra_context or {}))

    def version_view(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        """A version beside the one before it."""
        issue = self._issue(request, str(pk))
        all_of_it = versions.revisions_of(pk)
        this = get_object_or_404(all_of_it, pk=revision)
        before = all_of_it.filter(pk__lt=revision).first()
        return self._compared(request, issue, before, this)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Any two versions side by side, the older one left; one alone beside what is stored now."""
        issue = self._issue(request, str(pk))
        form = TwoVersionsForm(pk, request.GET)
        if not form.is_valid():
            self.message_user(request, "请先选好要比较的两个版本。", messages.WARNING)
            return HttpResponseRedirect(reverse("admin:archive_issue_history", args=[pk]))
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

    def restore_version(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        """Makes the issue what it was; what it is now stays a version."""
        issue = self._issue(request, str(pk))
        if not self.has_change_permission(request, issue):
            raise PermissionDenied
        this = get_object_or_404(versions.revisions_of(pk), pk=revision)
        try:
            restoring.restore(this, pk, request.user)  # type: ignore[arg-type]
            self.message_user(request, "已恢复。恢复以前的内容也还在版本里，可以再换回来。")
        except RestoreRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[pk]))

    def bin_view(self, request: HttpRequest) -> HttpResponse:
        """What was deleted: issues, and articles of issues that are still there."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            "issues": restoring.deleted_issues(),
            "articles": restoring.deleted_articles(),
            "can_restore": self.has_add_permission(request),
        }
        return self._page(request, "bin", None, "回收站", **context)

    def restore_deleted(self, request: HttpRequest, version: int) -> HttpResponse:
        """Brings back an issue or an article from the bin."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = get_object_or_404(Version, pk=version)
        try:
            if found.content_type.model_class() is Issue:
                issue = restoring.restore(found.revision, int(found.object_id), request.user)  # type: ignore[arg-type]
                self.message_user(request, f"已恢复“{issue}”，现在是草稿。")
                return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[issue.pk]))
            article = restoring.restore_article(found.revision, int(found.object_id), request.user)  # type: ignore[arg-type]
            self.message_user(request, f"已恢复《{article.title}》，排在这一期的最后。")
            return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[article.issue_id]))
        except RestoreRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:archive_issue_bin"))

    def _issue(self, request: HttpRequest, object_id: str) -> Issue:
        issue: Issue | None = self.get_object(request, object_id)
        if issue is None:
            raise Http404("这一期不存在，可能在回收站里。")
        if not self.has_view_or_change_permission(request, issue):
            raise PermissionDenied
        return issue

    def _page(
        self, request: HttpRequest, name: str, issue: Issue | None, title: str, **context: Any
    ) -> HttpResponse:
        can_change = issue is not None and self.has_change_permission(request, issue)
        return TemplateResponse(
            request,
            f"admin/archive/issue/{name}.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "original": issue,
                "can_change": can_change,
                **context,
            },
        )
