"""Saves that lose nothing: the same form sent twice is one save, and nobody overwrites another unawares.

A form carries the version of the issue that it was filled in from. When that is not the issue's version any more,
what the other person changed is laid beside what was sent (`conflicts`), and the sender chooses.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from js_asset import Script

from archive import editing, restoring
from archive.admin import conflicts, states
from archive.admin.numbers import check_numbers
from archive.models import Article, Issue, SavedForm

TOKENS_ARE_KEPT_FOR = dt.timedelta(days=7)


class OptimisticLockAdmin(admin.ModelAdmin):
    """Issues and articles share this: how a form is recognised, compared, saved and kept as a version."""

    class Media:
        css = {"all": ["css/admin.css"]}
        # On lists too: the page that says that something was saved is where unsaved work is forgotten.
        js = [Script("js/admin/autosave.js", type="module")]

    def issue_of(self, obj: Any) -> Issue:
        """The issue that a save of `obj` makes a version of."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        check_numbers(request.POST)
        states.clean_beforehand(request.POST)
        digest = _digest(request)
        token = request.POST.get("form_token", "")[:32]
        with transaction.atomic():
            saved = _saved_form(token) if token else None
            if saved is not None and saved.digest == digest and saved.answer:
                self.message_user(request, "这份表单刚才已经保存过了，没有重复保存。", messages.INFO)
                return HttpResponseRedirect(saved.answer)
            response = self._guarded(request, object_id, form_url, extra_context)
            if token and response.status_code == 302:
                _note_saved(token, digest, response["Location"])
        return response

    def _guarded(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        if object_id is not None:
            obj = self.get_object(request, object_id)
            if obj is None:
                deletion = restoring.deletion_of(self.model, object_id)
                if deletion is None or not self.has_change_permission(request):
                    return super().changeform_view(request, object_id, form_url, extra_context)
                if "_restore" not in request.POST:
                    return self._say_deleted(request, deletion)
                if not self.has_add_permission(request):
                    raise PermissionDenied("恢复删除了的内容需要“增加”的权限。")
                obj = self._restore(request, deletion)
            if self.has_change_permission(request, obj):
                issue_id = obj.issue_id if isinstance(obj, Article) else obj.pk
                issue = Issue.objects.select_for_update().get(pk=issue_id)
                conflict = conflicts.find(self, request, obj, issue)
                if conflict is not None and not conflict.is_decided:
                    return self._ask(request, obj, conflict)
                if conflict is not None:
                    request.POST = conflict.decided()  # type: ignore[assignment]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _ask(self, request: HttpRequest, obj: Any, conflict: conflicts.Conflict) -> HttpResponse:
        """The page that lays both changes side by side. Nothing is saved yet."""
        context = {
            **self.admin_site.each_context(request),
            "title": "有人在您之前保存了改动",
            "opts": self.opts,
            "original": obj,
            "conflict": conflict,
            "media": self.media + conflict.media,
        }
        return TemplateResponse(request, "admin/archive/conflict.html", context, status=409)

    def _say_deleted(self, request: HttpRequest, deletion: restoring.Deletion) -> HttpResponse:
        """What was sent for an issue or article that someone deleted: shown, so that it is not lost."""
        context = {
            **self.admin_site.each_context(request),
            "title": "您正在改的内容已被删除",
            "opts": self.opts,
            "deletion": deletion,
            "sent": conflicts.sent_texts(self, request),
            "carried": [
                (key, value)
                for key, values in request.POST.lists()
                if key != "csrfmiddlewaretoken"
                for value in values
            ],
        }
        return TemplateResponse(request, "admin/archive/deleted_meanwhile.html", context, status=409)

    def _restore(self, request: HttpRequest, deletion: restoring.Deletion) -> Any:
        revision, pk = deletion.version.revision, int(deletion.version.object_id)
        if self.model is Article:
            return restoring.restore_article(revision, pk, request.user)  # type: ignore[arg-type]
        return restoring.restore(revision, pk, request.user)  # type: ignore[arg-type]

    # --- Deleting --------------------------------------------------------------------------------------

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete = editing.delete_article if isinstance(obj, Article) else editing.delete_issue
        delete(obj, by=request.user)  # type: ignore[arg-type]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks, then deletes; asks again when someone changed meanwhile what was shown."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return super().delete_view(request, object_id, extra_context)
        shown = f"deleting:{self.opts.label_lower}:{obj.pk}"
        version = self.issue_of(obj).version
        if request.method == "POST" and request.session.pop(shown, version) != version:
            self.message_user(
                request, f"在您确认之前，有人改动了“{obj}”，没有删除。请先看一看再决定。", messages.WARNING
            )
            return HttpResponseRedirect(
                reverse(f"admin:archive_{self.opts.model_name}_change", args=[obj.pk])
            )
        if request.method != "POST":
            request.session[shown] = version
        return super().delete_view(request, object_id, extra_context)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


def _digest(request: HttpRequest) -> str:
    """A hash of everything that was sent, but for what differs each time by itself."""
    sent = sorted((key, request.POST.getlist(key)) for key in request.POST if key != "csrfmiddlewaretoken")
    return hashlib.sha256(repr(sent).encode()).hexdigest()


def _saved_form(token: str) -> SavedForm:
    """What became of this form so far. Of two requests at once, the second waits here for the first."""
    SavedForm.objects.bulk_create([SavedForm(token=token)], ignore_conflicts=True)
    return SavedForm.objects.select_for_update().get(token=token)


def _note_saved(token: str, digest: str, answer: str) -> None:
    SavedForm.objects.filter(saved_at__lt=timezone.now() - TOKENS_ARE_KEPT_FOR).delete()
    SavedForm.objects.filter(token=token).update(digest=digest, answer=answer[:500])
