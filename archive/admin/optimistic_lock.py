"""Saves that lose nothing: the same form sent twice is one save, and nobody overwrites another unawares.

A form carries the version of the issue that it was filled in from. When that is not the issue's version any more,
what the other person changed is laid beside what was sent (`conflicts`), and the sender chooses.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from js_asset import Script
from reversion.models import Version

from archive import editing, presence, restoring
from archive.admin import border, conflicts, states
from archive.admin.frame import PagesAdmin, page
from archive.admin.numbers import MAX_DIGITS, check_numbers
from archive.admin.undo import deletion_said, name_of
from archive.models import Article, ErrorReport, Issue
from archive.once import SentForm, sent_once
from archive.proposal import Proposal

logger = logging.getLogger(__name__)


class OptimisticLockAdmin(PagesAdmin):
    """Issues and articles share this: how a form is recognised, compared, saved and kept as a version."""

    class Media:
        css = {"all": ["css/admin.css"]}
        # On lists too: the page that says that something was saved is where unsaved work is forgotten.
        js = [Script("js/admin/autosave.js", type="module"), Script("js/admin/presence.js", type="module")]

    @method_decorator(require_POST)
    def open(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Notes that this user's browser has the form open, or closed it, and says who else has."""
        obj = self.get_object(request, str(pk))
        if obj is None or not self.has_change_permission(request, obj):
            raise PermissionDenied
        user: Any = request.user
        note = presence.note_closed if "closed" in request.POST else presence.note_open
        try:
            with transaction.atomic():
                note(obj, user)
        except OperationalError as error:  # a full disk, a busy database: a hint is not worth an error page
            logger.warning("who has %s open is not noted: %s", obj, error)
        return JsonResponse({"said": "；".join(_said_of(presence.others_at(obj, user), obj))})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)
        check_numbers(request.POST)
        states.clean_beforehand(request.POST)
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            # Who may publish is asked nothing more: their save takes no statement for it.
            issue = None if border.may_publish(request) else self._issue_of_form(request, object_id)
            response, proposal = border.change_or_propose(
                request, issue, lambda: self._guarded(request, object_id, *args, **kwargs)
            )
            if proposal is not None:
                return self.response_proposed(request, sent, proposal)
            if response.status_code == 302 and border.has_to_propose(request, issue):
                return sent.done(response["Location"], "没有改动，没有什么要交给主编。", messages.INFO)
            if response.status_code == 302:
                sent.remember(
                    response["Location"], format_html_join(" ", "{}", ((one,) for one in _said(request)))
                )
        return response

    def response_proposed(self, request: HttpRequest, sent: SentForm, proposal: Proposal) -> HttpResponse:
        """What follows a save that waits for a chief editor: nothing of it was stored, whatever the save did."""
        return sent.done(*border.handed_over(proposal))

    def _issue_of_form(self, request: HttpRequest, object_id: str | None) -> Issue | None:
        """The issue that the form changes, locked; None for a new one, or one that is gone."""
        if object_id is None:
            pk = request.POST.get("issue", "") if self.model is Article else ""
        elif self.model is Issue:
            pk = object_id
        else:
            pk = str(restoring.issue_of_article(object_id) or "")
        is_number = pk.strip().isdecimal() and len(pk) <= MAX_DIGITS
        return Issue.objects.select_for_update().filter(pk=int(pk)).first() if is_number else None

    def _guarded(
        self, request: HttpRequest, object_id: str | None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if object_id is not None:
            obj = self.get_object(request, object_id)
            if obj is None:
                deletion = restoring.deletion_of(self.model, object_id)
                if deletion is None or not self.has_change_permission(request):
                    return super().changeform_view(request, object_id, *args, **kwargs)
                if "_restore" not in request.POST:
                    return self._say_deleted(request, deletion)
                if not self.has_add_permission(request):
                    raise PermissionDenied("您的账号不能恢复已删除的内容，请找主编。")
                obj = restoring.bring_back(deletion.version, request.user)  # type: ignore[arg-type]
            if self.has_change_permission(request, obj):
                issue = Issue.objects.select_for_update().get(pk=_issue_id(obj))
                conflict = conflicts.find(request.POST, obj, issue)
                if conflict is not None and not conflict.is_decided:
                    return self._ask(request, obj, conflict)
                if conflict is not None:
                    request.POST = conflict.decided()  # type: ignore[assignment]
        return super().changeform_view(request, object_id, *args, **kwargs)

    def _ask(self, request: HttpRequest, obj: Any, conflict: conflicts.Conflict) -> HttpResponse:
        """The page that lays both changes side by side. Nothing is saved yet."""
        context = {"original": obj, "conflict": conflict, "media": self.media + conflict.media}
        template = "admin/archive/conflict.html"
        return page(request, template, "有人在您之前保存了改动", self.model, status=409, **context)

    def _say_deleted(self, request: HttpRequest, deletion: restoring.Deletion) -> HttpResponse:
        """What was sent for an issue or article that someone deleted: shown, so that it is not lost."""
        context = {
            "deletion": deletion,
            "sent": conflicts.sent_texts(self.model, request.POST),
            "carried": conflicts.carried(request.POST, "csrfmiddlewaretoken".__eq__),
        }
        template = "admin/archive/deleted_meanwhile.html"
        return page(request, template, "您正在改的内容已被删除", self.model, status=409, **context)

    # --- What is said ----------------------------------------------------------------------------------

    def say(self, request: HttpRequest, message: SafeString) -> None:
        """Says something that the same form, sent again, is to be told again: its first answer may never be seen."""
        _said(request).append(message)
        self.message_user(request, message)

    # --- Deleting --------------------------------------------------------------------------------------

    delete_confirmation_template = "admin/archive/delete_confirmation.html"

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete = editing.delete_article if isinstance(obj, Article) else editing.delete_issue
        delete(obj, by=request.user)  # type: ignore[arg-type]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks, then deletes; asks again when someone changed meanwhile what was shown.

        Of two clicks, the second leads to where the first led: what is to be deleted is gone then.
        """
        with transaction.atomic():
            obj = self._locked(request, object_id)
            if obj is None:
                deletion = restoring.deletion_of(self.model, object_id)
                if deletion is None or not self.has_view_permission(request):
                    return super().delete_view(request, object_id, extra_context)
                return self._after_deleting(request, deletion.version)
            shown = f"deleting:{self.opts.label_lower}:{obj.pk}"
            issue = Issue.objects.get(pk=_issue_id(obj))
            if request.method == "POST" and request.session.pop(shown, issue.version) != issue.version:
                self.message_user(
                    request,
                    f"在您确认之前，有人改动了“{obj}”，没有删除。请先看一看再决定。",
                    messages.WARNING,
                )
                return HttpResponseRedirect(
                    reverse(f"admin:archive_{self.opts.model_name}_change", args=[obj.pk])
                )
            if request.method != "POST":
                request.session[shown] = issue.version
            return super().delete_view(request, object_id, {"issue": issue, **(extra_context or {})})

    def _locked(self, request: HttpRequest, object_id: str) -> Any:
        """What the form is about, its issue locked; None when it is gone."""
        obj = self.get_object(request, object_id)
        if obj is None or not Issue.objects.select_for_update().filter(pk=_issue_id(obj)).exists():
            return None
        return self.get_object(request, object_id)  # as it is now that nobody else changes it

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        deletion = restoring.deletion_of(self.model, str(obj_id))
        assert deletion is not None  # noqa: S101 - it was just deleted by a use case
        return self._after_deleting(request, deletion.version)

    def _after_deleting(self, request: HttpRequest, version: Version) -> HttpResponseRedirect:
        """Says what was deleted, and leads to the issue of an article, or to the list of issues."""
        self.message_user(request, deletion_said([version]))
        issue_id = version.field_dict.get("issue_id")
        if issue_id is not None and Issue.objects.filter(pk=issue_id).exists():
            return HttpResponseRedirect(reverse("admin:archive_issue_change", args=[issue_id]))
        return HttpResponseRedirect(reverse("admin:archive_issue_changelist"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """With an issue go its articles, with an article what members reported of it."""
        shown, counts, refused, protected = super().get_deleted_objects(objs, request)
        chosen = "issue__in" if self.model is Issue else "pk__in"
        articles = Article.objects.filter(**{chosen: [obj.pk for obj in objs]})
        reports = [report.message for report in ErrorReport.objects.filter(article__in=articles)]
        titles = [article.title for article in articles] if self.model is Issue else []
        for name, texts in (("文章", titles), ("报错", reports)):
            if texts:
                shown, counts = [*shown, name, texts], counts | {name: len(texts)}
        return shown, counts, refused, protected

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Deletes what was chosen in the list, and says how to bring it back."""
        chosen = list(queryset)
        for obj in chosen:
            obj.number = obj.pk  # deleting takes the id away
            self.delete_model(request, obj)
        found = (restoring.deletion_of(self.model, str(obj.number)) for obj in chosen)
        # The last one comes back first: each had its place before those after it were deleted.
        gone = [deletion.version for deletion in found if deletion is not None][::-1]
        self.message_user(request, deletion_said(gone, [*map(name_of, chosen)]))


def _said_of(others: list[presence.Other], obj: Issue | Article) -> Iterator[str]:
    """What a form says of those who are at it too: each place once, with all their names."""
    titles = dict(obj.articles.values_list("pk", "title")) if isinstance(obj, Issue) else {}
    places: dict[int | None, list[str]] = {}
    for other in others:
        places.setdefault(other.article_id, []).append(other.name)
    for article, names in places.items():
        here = "这一篇" if article else "这一期"
        place = f"“{titles[article]}”" if article in titles else here
        yield f"{'、'.join(names)}也打开着{place}"


def _issue_id(obj: Issue | Article) -> int:
    """The issue whose version a form of `obj` carries."""
    return obj.issue_id if isinstance(obj, Article) else obj.pk


def _said(request: HttpRequest) -> list[Any]:
    """What `say` said so far in answer to this request."""
    said: list[Any] = request.__dict__.setdefault("said", [])
    return said
