"""Views of what becomes of a desk: storing it as an issue, taking that back; and its images."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from archive.admin.border import has_to_propose, may_publish
from archive.once import sent_once
from archive.refusal import ImportRefused
from desk.access import back, editor_of, first_error, page
from desk.forms import StoreForm
from desk.models import Desk, DeskImage
from desk.storing import is_untouched, store, take_back


@require_POST
def store_week(request: HttpRequest) -> HttpResponse:
    """Makes the issue, a draft; then shows it, its preview, or what to know before it is published.

    A week that was stored already, by a second click or from another window, leads to what it became.
    """
    form = StoreForm(request.POST)
    if not form.is_valid():
        return back(request, error=first_error(form))
    editor, asked = editor_of(request), form.cleaned_data["desk"]
    try:
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            lying = Desk.objects.select_for_update().open_of(editor)
            if lying is None or asked not in (None, lying.pk):
                return _stored_before(request, asked)
            issue = store(lying)
            said = f"已保存为草稿：{issue}，共 {issue.articles.count()} 篇。"
            ways = {"preview": "archive:preview-issue", "look": "admin:archive_issue_last_look"}
            way = ways.get(form.cleaned_data["how"])
            return sent.done(reverse(way, args=[issue.pk]) if way else lying, said)
    except ImportRefused as refused:
        return back(request, error=str(refused))


def _stored_before(request: HttpRequest, asked: int | None) -> HttpResponse:
    """Leads to what the week became, when it is not on the desk any more."""
    kept = Desk.objects.stored_of(editor_of(request)).filter(pk=asked).first() if asked else None
    if kept is None:
        messages.info(request, "这一期刚才已经保存或清空了，没有再存一次。最近导入的列在下面。")
        return redirect("desk:desk")
    messages.info(request, f"这一期刚才已经保存过了，没有再存一次：{kept.issue}。")
    return redirect(kept)


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
    kept = get_object_or_404(Desk.objects.filter(user_id=editor_of(request)).select_related("issue"), pk=pk)
    if not _may_take_back(request, kept):
        raise PermissionDenied
    try:
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            if Desk.objects.select_for_update().get(pk=pk).issue_id is None:  # from another window
                return sent.done("desk:desk", "这次导入已经撤销了，内容在导入台上。", messages.INFO)
            take_back(kept)
            return sent.done("desk:desk", "已撤销导入，文库里不再有这一期。内容回到了导入台。")
    except ImportRefused as refused:
        messages.error(request, refused.message)
        return redirect(kept)


def _may_take_back(request: HttpRequest, kept: Desk) -> bool:
    """Whether the editor may: taking back what members see, or will see, counts as withdrawing."""
    return not has_to_propose(request, kept.issue)


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
