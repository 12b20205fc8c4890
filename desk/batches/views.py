"""Views of the batches of back issues. Every change is a form that is posted and answered with the page again."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from archive.admin.issues import may_publish
from archive.refusal import ImportRefused
from desk.access import editor_of, page
from desk.batches import accepting, receiving
from desk.batches.accepting import NotAccepted
from desk.batches.at_desk import lay_on_desk
from desk.batches.forms import AcceptForm, BatchForm
from desk.batches.models import KEPT_DAYS, Batch, BatchWeek
from desk.batches.presenting import show
from desk.batches.reading import sentence
from desk.tasks import work_on_batch
from worker.backend import enqueue_once


@require_http_methods(["GET", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """Lists the batches and takes a new one, or more files of one."""
    if request.method == "GET":
        return _start(request, BatchForm(initial={"key": uuid.uuid4()}))
    form = BatchForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, form, 422)
    try:
        batch = receiving.batch_of(form.cleaned_data["key"], editor_of(request))
    except ImportRefused as refused:
        form.add_error(None, refused.message)
        return _start(request, form, 422)
    receiving.receive(batch, form.sent, is_last=not form.cleaned_data["more"])
    _go_on(batch)
    if request.accepts("text/html"):
        return redirect(batch)
    return JsonResponse({"url": batch.get_absolute_url()})  # to the script that sends parcels


def _start(request: HttpRequest, form: BatchForm, status: int = 200) -> HttpResponse:
    waiting = Q(files__weeks__state__in=[BatchWeek.State.READ, BatchWeek.State.REFUSED])
    stored = Q(files__weeks__state=BatchWeek.State.STORED)
    found = (
        Batch.objects.of(request.user)
        .select_related("user")
        .annotate(
            waiting=Count("files__weeks", filter=waiting, distinct=True),
            stored=Count("files__weeks", filter=stored, distinct=True),
        )
    )
    context = {"form": form, "batches": found, "kept_days": KEPT_DAYS, "title": "整批导入旧刊"}
    return page(request, "desk/batches.html", context, status)


@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows a batch: how far it is, its weeks, its calendar."""
    found = get_object_or_404(Batch.objects.of(request.user).select_related("user"), pk=pk)
    context = show(found, request.GET.get("page"))
    is_own = found.user_id == editor_of(request)
    return page(
        request,
        "desk/batch.html",
        context
        | {
            "title": "整批导入旧刊",
            "is_own": is_own,
            "can_publish": may_publish(request),
            "form": BatchForm(initial={"key": found.key}, auto_id="more_%s") if is_own else None,
            "accept": AcceptForm(),
        },
    )


@require_POST
def accept_clean(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepts every week that nothing is doubted of, as drafts or to be published."""
    found = get_object_or_404(Batch.objects.of(request.user), pk=pk)
    form = AcceptForm(request.POST)
    publish = form.is_valid() and form.cleaned_data["publish"]
    if publish and not may_publish(request):
        raise PermissionDenied
    try:
        with transaction.atomic():
            count = accepting.accept_clean(found, request.user, publish=publish)  # type: ignore[arg-type]
            _go_on(found)
    except NotAccepted as refused:
        messages.error(request, str(refused))
        return redirect(found)
    as_what = "存好就发布" if publish else "存成草稿"
    said = f"收下了 {count} 期，正在一期一期{as_what}。" if count else "没有疑问的都已经收下了。"
    messages.success(request, said)
    return redirect(found)


@require_POST
def decide(request: HttpRequest, pk: int, decision: Callable[[HttpRequest, BatchWeek], str]) -> HttpResponse:
    """Has one week accepted, put aside, or taken back."""
    week = _week(request, pk)
    try:
        with transaction.atomic():
            messages.success(request, decision(request, week))
    except NotAccepted as refused:
        messages.error(request, str(refused))
    return redirect(week.file.batch)


def accept(request: HttpRequest, week: BatchWeek) -> str:
    """Accepts a week that the editor looked at; returns what to say."""
    is_new = accepting.accept(week, request.user, publish=False)  # type: ignore[arg-type]
    _go_on(week.file.batch)
    return f"收下了“{week}”，正在存成草稿。" if is_new else f"“{week}”刚才已经收下了。"


def skip(_: HttpRequest, week: BatchWeek) -> str:
    """Puts a week aside; returns what to say."""
    accepting.skip(week)
    return f"“{week}”放到了表的最下面，可以放回。"


def unskip(_: HttpRequest, week: BatchWeek) -> str:
    """Takes back a week that was put aside; returns what to say."""
    accepting.unskip(week)
    return f"“{week}”放回了。"


@require_POST
def to_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a week on the editor's desk."""
    week = _week(request, pk)
    try:
        lay_on_desk(week, editor_of(request))
    except ImportRefused as refused:
        messages.error(request, sentence(refused))
        return redirect(week.file.batch)
    messages.success(request, "放到导入台上了。改好保存以后，可以回到这一批。")
    return redirect("desk:desk")


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Has the worker go on with a batch, and with what came of it when its upload broke off."""
    found = get_object_or_404(Batch.objects.of(request.user), pk=pk)
    if found.sent_at is None:
        receiving.finish(found)
    _go_on(found)
    return redirect(found)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a batch with its files. What was stored stays in the archive."""
    found = Batch.objects.of(request.user).filter(pk=pk).first()
    if found:
        found.delete()
        messages.success(request, "这一批已经删除。存进文库的各期都还在。")
    return redirect("desk:batches")


def _week(request: HttpRequest, pk: int) -> BatchWeek:
    weeks = BatchWeek.objects.filter(file__batch__in=Batch.objects.of(request.user))
    return get_object_or_404(weeks.select_related("file__batch"), pk=pk)


def _go_on(found: Batch) -> None:
    enqueue_once(work_on_batch, found.pk)
