"""`/healthz`: the process answers. `/readyz`: database and index answer; how they are, for those who look after them.

Strangers read the status: 200 or 503. Paths, counts, backups and failed tasks are for the machine itself (a monitor, an
operator with curl) and for staff who are logged in.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from archive.models import Issue
from config.background import local, worker_missing
from config.backups.reminder import newest, overdue
from config.disk import free_megabytes, nearly_full
from config.services import problems
from search.indexing.state import index_state
from worker.machine import presence
from worker.models import Task

HTTP_OK = 200
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
_PROXIED = frozenset({"X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"})
"""Headers of which every proxy sends at least one: behind it, everybody comes from this machine."""


def alive(request: HttpRequest) -> HttpResponse:
    """Says that the process runs, and touches nothing else."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def ready(request: HttpRequest) -> JsonResponse:
    """Asks the database and the index; 503 when one does not answer, with the reason for whom it concerns."""
    status, details = _health()
    if not may_see_details(request):  # a balancer, which shall not wait for what the site can do without
        return JsonResponse({"ready": status == HTTP_OK}, status=status)
    return JsonResponse({**details, **problems()}, status=status)


def may_see_details(request: HttpRequest) -> bool:
    """Whether it is asked on this machine, not through a proxy, or by staff."""
    if request.META.get("REMOTE_ADDR") in _THIS_MACHINE and _PROXIED.isdisjoint(request.headers):
        return True
    try:
        return bool(request.user.is_staff)
    except DatabaseError:  # it is asked because the database does not answer
        return False


def _health() -> tuple[int, dict[str, Any]]:
    """The status, and how everything is: what waits to be indexed, what could not be, whether a worker runs."""
    seen = presence()
    worker: dict[str, Any] = {
        "started": local(seen.started_at),
        "seen": local(seen.seen_at),
        "warning": worker_missing(seen),
    }
    answer: dict[str, Any] = {"database": "ok", "index": "ok", "worker": worker}
    try:
        Issue.objects.published().exists()
        state = index_state()
        late = overdue()
        worker["failed_tasks"] = [task.name for task in Task.objects.failed()]
    except DatabaseError:
        answer |= {"database": "the database does not answer", "index": "not asked"}
        return 503, answer
    details = asdict(state)
    answer["index"] = details.pop("problem") or "ok"
    answer["search"] = details
    answer["disk"] = {"free_mb": free_megabytes(), "warning": nearly_full()}
    made_at = newest()
    answer["backup"] = {
        "newest": local(made_at),
        "warning": str(late) if late else "",
    }
    return HTTP_OK if state.is_ready else 503, answer
