"""`/healthz`: the process answers. `/readyz`: database and index answer, and how they are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from archive.models import Issue
from config.background import local, worker_missing
from config.backups.reminder import newest, overdue
from config.disk import free_megabytes, nearly_full
from search.indexing.state import index_state
from worker.machine import presence
from worker.models import Task


def alive(request: HttpRequest) -> HttpResponse:
    """Says that the process runs, and touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Asks the database and the index; 503 with the reason when one does not answer.

    The rest is for people: what waits to be indexed, what could not be, whether a worker runs.
    """
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
        return JsonResponse(answer, status=503)
    details = asdict(state)
    answer["index"] = details.pop("problem") or "ok"
    answer["search"] = details
    answer["disk"] = {"free_mb": free_megabytes(), "warning": nearly_full()}
    made_at = newest()
    answer["backup"] = {
        "newest": local(made_at),
        "warning": str(late) if late else "",
    }
    return JsonResponse(answer, status=200 if state.is_ready else 503)
