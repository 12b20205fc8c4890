"""`/healthz`: the process answers. `/readyz`: database and index answer, and how they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from archive.models import Issue
from config.backups.reminder import newest, overdue
from config.caretaker import read_state
from config.disk import free_megabytes, nearly_full
from search.indexing.state import index_state


def alive(request: HttpRequest) -> HttpResponse:
    """Says that the process runs, and touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Asks the database and the index; 503 with the reason when one does not answer.

    The rest is for people: what waits to be indexed, what could not be, and what the caretaker did last.
    """
    answer: dict[str, Any] = {"database": "ok", "index": "ok", "caretaker": _caretaker()}
    try:
        Issue.objects.published().exists()
        state = index_state()
        late = overdue()
    except DatabaseError:
        answer |= {"database": "the database does not answer", "index": "not asked"}
        return JsonResponse(answer, status=503)
    details = asdict(state)
    answer["index"] = details.pop("problem") or "ok"
    answer["search"] = details
    answer["disk"] = {"free_mb": free_megabytes(), "warning": nearly_full()}
    made_at = newest()
    answer["backup"] = {
        "newest": _moment(made_at.timestamp()) if made_at else None,
        "warning": str(late) if late else "",
    }
    return JsonResponse(answer, status=200 if state.is_ready else 503)


def _caretaker() -> dict[str, Any]:
    """What the caretaker wrote, with times that people can read."""
    state = read_state(settings.DATA_DIR / "caretaker.json")
    chores = state.get("chores", {})
    return {
        "seen": _moment(state.get("at")),
        "chores": {name: {**record, "at": _moment(record.get("at"))} for name, record in chores.items()},
    }


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return dt.datetime.fromtimestamp(seconds, timezone.get_current_timezone()).isoformat(timespec="seconds")
