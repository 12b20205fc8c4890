"""Views of what becomes of a desk: storing it as an issue, taking that back; and its images."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from archive import publishing
from archive.models import Issue
from archive.publishing import PublishRefused
from archive.refusal import ImportRefused
from desk.access import back, editor_of, first_error, may_publish, page
from desk.forms import StoreForm
from desk.models import Desk, DeskImage
from desk.storing import is_untouched, store, take_back


@require_POST
def store_week(request: HttpRequest) -> HttpResponse:
    """Makes the issue: a draft, a draft to be looked at, published, or to be published at its time."""
    form = StoreForm(request.POST)
    if not form.is_valid():
        return back(request, error=first_error(form))
    if form.goes_public and not may_publish(request):
        raise PermissionDenied
    try:
        with transaction.atomic():  # a second click waits here, and then finds the desk empty
            lying = Desk.objects.select_for_update().open_of(editor_of(request))
            if lying is None:
                return back(request, error="拆期台是空的，或者刚才已经保存过了。")
            issue = store(lying)
            done = _go_public(issue, form.cleaned_data, lying) if form.goes_public else "已保存为草稿"
    except (ImportRefused, PublishRefused) as refused:
        return back(request, error=str(refused))
    messages.success(request, f"{done}：{issue}，共 {issue.articles.count()} 篇。")
    if form.cleaned_data["how"] == "preview":
        return redirect("archive:preview-issue", issue.pk)
    return redirect(lying)


def _go_public(issue: Issue, chosen: dict[str, Any], desk: Desk) -> str:
    """Publishes the issue, or has it published at its time; returns what was done."""
    if chosen["how"] == "publish":
        publishing.publish(issue, desk.user)
        return "已发布，读者现在就能看到、搜到"
    publishing.schedule(issue, chosen["schedule_at"], desk.user)
    return f"已定时，将于 {publishing.local_time(chosen['schedule_at'])} 自动发布"


@require_GET
def stored(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what became of a desk, with the button that takes it back."""
    kept = get_object_or_404(Desk.objects.stored_of(editor_of(request)).select_related("issue"), pk=pk)
    return page(
        request,
        "desk/stored.html",
        {
            "desk": kept,
            "issue": kept.issue,
            "is_untouched": is_untouched(kept),
            "can_publish": may_publish(request),
            "articles": kept.issue.articles.headings() if kept.issue else [],
            "can_take_back": is_untouched(kept) and _may_take_back(request, kept),
        },
    )


@require_POST
def take_back_week(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes the issue that a desk became and opens the desk again."""
    kept = get_object_or_404(Desk.objects.stored_of(editor_of(request)).select_related("issue"), pk=pk)
    if not _may_take_back(request, kept):
        raise PermissionDenied
    try:
        take_back(kept)
    except ImportRefused as refused:
        messages.error(request, refused.message)
        return redirect(kept)
    messages.success(request, "已撤销导入，库里不再有这一期。内容回到了拆期台上。")
    return redirect("desk:desk")


def _may_take_back(request: HttpRequest, kept: Desk) -> bool:
    """Whether the editor may: taking back what members see, or will see, counts as withdrawing."""
    is_draft = kept.issue is not None and kept.issue.status == Issue.Status.DRAFT
    return is_draft or may_publish(request)


@require_GET
def image(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with an image of a desk, for the editor whose desk it is."""
    found = get_object_or_404(DeskImage.objects.filter(desk__user_id=editor_of(request)), pk=pk)
    kind = "jpeg" if found.image_format == "jpg" else found.image_format
    return HttpResponse(
        bytes(found.data),
        content_type=f"image/{kind}",
        headers={"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )
