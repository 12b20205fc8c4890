"""`/metrics`: what Prometheus collects of this host: requests, searches, index, tasks, backup, disk.

    request ─► MetricsMiddleware ─┐                         a file for each process
    search  ─► `searched` ────────┴► counters, histograms ─► (gunicorn.conf.py) ─┐
                                     index, tasks … asked anew, when collected ──┴► /metrics

Who may see the details of `/readyz` may read it, and who sends METRICS_TOKEN as a bearer token.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.backups.reminder import newest
from config.disk import MEGABYTE, free_megabytes
from config.health import may_see_details
from search.indexing.state import index_state
from search.pages.signals import searched
from worker.machine import presence
from worker.models import Task

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable with the folder of all processes' counts; prometheus_client reads it when it is imported."""
NO_VIEW = "none"
STATIC = "static"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_registry = CollectorRegistry()
_requests = Counter(
    "xinwenku_requests", "Requests that were answered.", ["view", "method", "status"], registry=_registry
)
_seconds = Histogram(
    "xinwenku_request_seconds", "Time to an answer.", ["view"], buckets=_SECONDS, registry=_registry
)
_search_seconds = Histogram(
    "xinwenku_search_seconds", "Time of a search page's search.", buckets=_SECONDS, registry=_registry
)


class MetricsMiddleware:
    """Counts every answer: by the name of its address, never by the address, in which words of readers are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self._get_response(request)
        view = _view_of(request)
        method = request.method if request.method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        _requests.labels(view, method, response.status_code).inc()
        _seconds.labels(view).observe(time.perf_counter() - began)
        return response


def metrics(request: HttpRequest) -> HttpResponse:
    """Answers what Prometheus collects."""
    if not _may_read(request):
        return HttpResponse(
            "指标只给本机、编辑和带 METRICS_TOKEN 的程序。\n",
            status=401,
            content_type="text/plain; charset=utf-8",
            headers={"WWW-Authenticate": 'Bearer realm="xinwenku"', "Cache-Control": "no-store, private"},
        )
    counted = _registry
    if FOLDER in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    asked = CollectorRegistry()
    asked.register(_State())
    text = generate_latest(counted) + generate_latest(asked)
    return HttpResponse(
        text, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store, private"}
    )


def connect_signals() -> None:
    """Listens to the search. Called once, when the app is ready."""
    searched.connect(_searched, dispatch_uid="config.metrics")


class _State(Collector):
    """How index, tasks, backup and disk are now."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge(
            "worker_running", "Whether a worker runs for this data directory.", presence().is_running
        )
        yield _gauge(
            "disk_free_bytes", "Free on the disk of the data directory.", free_megabytes() * MEGABYTE
        )
        if made_at := newest():
            yield _gauge("backup_time_seconds", "When the newest backup was made.", made_at.timestamp())
        try:
            yield from self._of_database()
        except DatabaseError:
            yield _gauge("database_up", "Whether the database answers.", False)
        else:
            yield _gauge("database_up", "Whether the database answers.", True)

    def _of_database(self) -> Iterator[Metric]:
        index = index_state()
        yield _gauge("index_up", "Whether searches are answered from the index.", index.is_ready)
        yield _gauge("index_documents", "Articles in the index.", index.documents)
        yield _gauge("index_waiting_changes", "Changes that are not in the index yet.", index.waiting)
        yield _gauge("index_lag_seconds", "Age of the oldest of them.", index.waiting_seconds)
        yield _gauge("index_set_aside", "Articles that the index can not take in.", index.set_aside)
        yield _gauge("index_rebuilding", "Whether an index is built.", index.is_rebuilding)
        tasks = GaugeMetricFamily("xinwenku_tasks", "Background tasks, by their state.", labels=["state"])
        counted = dict(Task.objects.values_list("state").annotate(Count("pk")).order_by())
        for state in Task.State:
            tasks.add_metric([state.value.lower()], counted.get(state.value, 0))
        yield tasks
        yield _gauge(
            "tasks_failed", "Tasks and schedules whose last run failed.", Task.objects.failed().count()
        )
        due = (
            Task.objects.filter(state=Task.State.READY, run_at__lt=timezone.now()).order_by("run_at").first()
        )
        late = (timezone.now() - due.run_at).total_seconds() if due else 0
        yield _gauge("tasks_late_seconds", "How long the oldest due task has waited.", late)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"xinwenku_{name}", says, value=float(value))


def _may_read(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    if token and compare_digest(sent.encode(), f"Bearer {token}".encode()):
        return True
    return may_see_details(request)


def _view_of(request: HttpRequest) -> str:
    """Returns the name of an address; kept pages and static files are answered before Django looks it up."""
    match = request.resolver_match
    if match is None:
        if request.path_info.startswith(settings.STATIC_URL):
            return STATIC
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return NO_VIEW
    return match.view_name or NO_VIEW


def _searched(found: Any, **kwargs: object) -> None:
    _search_seconds.observe(found.took_ms / 1000)
