"""编辑室 › 记录: who did what, for those who may see it; and the same as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import urlencode

from archive.formula_cells import disarmed
from members.roles import may_manage_people
from members.trail.forms import TrailForm
from members.trail.models import Event, EventQuerySet, What
from members.trail.pages import page_of
from members.trail.recording import record

_COLUMNS = ["时间", "谁", "做了什么", "对象", "说明", "从哪里", "浏览器"]


def trail(request: HttpRequest) -> HttpResponse:
    """Shows events, the newest first, those of a person, a kind or some days if asked."""
    _demand(request)
    form = TrailForm(request.GET)
    events = form.events()
    asked = form.cleaned_data
    page = page_of(events, asked.get("before"), asked.get("after"))
    filters = {
        name: value for name in ("who", "what", "since", "until") if (value := form.data.get(name, ""))
    }
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "记录",
        "form": form,
        "page": page,
        "lines": [(event, event.link if _may_open(request, event.link) else "") for event in page.events],
        "is_filtered": form.is_filtered(),
        "filters": urlencode(filters),
        "kept_days": settings.TRAIL_DAYS,
    }
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "admin/members/trail.html", context, status=status)


def trail_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Answers with all events that are asked for, as CSV for Excel; that it did is an event too."""
    _demand(request)
    form = TrailForm(request.GET)
    if not form.is_valid():
        return trail(request)
    events = form.events()
    record(What.EXPORTED, target="操作记录", detail=_said(form))
    response = StreamingHttpResponse(_lines(events), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trail-{timezone.localdate():%Y%m%d}.csv"'
    return response


def _demand(request: HttpRequest) -> None:
    if not request.user.has_perm("members.view_event"):
        raise PermissionDenied("看操作记录需要“主编”的权限。")


def _may_open(request: HttpRequest, link: str) -> bool:
    """Whether this person may see the page that a link leads to: a form in the admin, or a person's."""
    try:
        match = resolve(link)
    except Resolver404:  # an event from before the address was another
        return False
    if match.view_name == "people:person":
        return may_manage_people(request.user)
    model_admin: Any = getattr(match.func, "model_admin", None)
    return model_admin is not None and bool(model_admin.has_view_permission(request))


def _said(form: TrailForm) -> str:
    asked = form.cleaned_data
    parts = [
        f"{form.fields[name].label}：{asked[name]}"
        for name in ("who", "what", "since", "until")
        if asked.get(name)
    ]
    return "，".join(parts)


class _Line:
    """What csv writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(events: EventQuerySet) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(_COLUMNS))  # the mark by which Excel knows UTF-8
    for event in events.iterator(chunk_size=1000):
        yield str(writer.writerow([disarmed(text) for text in _cells(event)]))


def _cells(event: Event) -> list[str]:
    at = timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M:%S")
    what = event.get_what_display()
    return [at, event.name, what, event.target, event.detail, event.address, event.agent]
