"""`/healthz`: the process answers. `/readyz`: database and index answer."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from haystack.query import SearchQuerySet

from archive.models import Issue
from search.backends.generations import IndexUnavailable


def alive(request: HttpRequest) -> HttpResponse:
    """Says that the process runs, and touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Asks the database and the index; 503 with the reason when one does not answer."""
    checks: dict[str, str] = {}
    try:
        Issue.objects.published().exists()
        checks["database"] = "ok"
    except DatabaseError:
        checks["database"] = "the database does not answer"
    try:
        SearchQuerySet().count()
        checks["index"] = "ok"
    except IndexUnavailable as reason:
        checks["index"] = str(reason)
    is_ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse(checks, status=200 if is_ready else 503)
