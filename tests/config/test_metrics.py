"""`/metrics` counts what was answered, says how index and tasks are, and tells strangers nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from tests.conftest import ROOT, WeekMaker
from worker.models import Task

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
STRANGER = "203.0.113.9"


def collected(client: Client, **sent: str) -> Samples:
    """What Prometheus reads of it: name and labels → value."""
    response = client.get("/metrics", **sent)  # type: ignore[arg-type]
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def requests_of(samples: Samples, view: str, method: str = "GET", status: str = "200") -> float:
    labels = (("method", method), ("status", status), ("view", view))
    return samples.get(("xinwenku_requests_total", labels), 0)


def test_answers_and_searches_are_counted_by_the_name_of_the_address(
    client: Client, make_issue: WeekMaker
) -> None:
    make_issue({"题": "光刻胶"})
    before = collected(client)
    client.get("/search/?q=光刻胶")
    client.get("/search/?q=光刻胶&page=99")
    client.get("/articles/99999999/?q=光刻胶")
    after = collected(client)
    assert requests_of(after, "search:results") >= requests_of(before, "search:results") + 1
    of_none = requests_of(before, "archive:article-detail", status="404")
    assert requests_of(after, "archive:article-detail", status="404") == of_none + 1
    searches = ("xinwenku_search_seconds_count", ())
    assert after[searches] >= before[searches] + 1
    assert not [labels for _, labels in after if "光刻胶" in str(labels)]


def test_index_and_tasks_are_told_as_they_are(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"题": "文", "题二": "文"})
    Task.objects.create(name="a.b", lane="default", state=Task.State.FAILED)
    found = collected(client)
    assert found["xinwenku_index_up", ()] == 1
    assert found["xinwenku_index_documents", ()] == 2
    assert found["xinwenku_index_lag_seconds", ()] == 0
    assert found["xinwenku_tasks", (("state", "failed"),)] == 1
    assert found["xinwenku_tasks_failed", ()] == 1
    assert found["xinwenku_database_up", ()] == 1


def test_only_the_machine_itself_staff_and_who_has_the_token_may_read(
    client: Client, settings: Settings, db: None
) -> None:
    settings.READERS = "members"  # a closed archive has it just as open
    assert client.get("/metrics", REMOTE_ADDR=STRANGER).status_code == 401
    assert client.get("/metrics", headers={"x-forwarded-for": STRANGER}).status_code == 401
    assert (
        client.get("/metrics", REMOTE_ADDR=STRANGER, headers={"authorization": "Bearer "}).status_code == 401
    )
    settings.METRICS_TOKEN = "of-the-monitor"
    right, wrong = ({"authorization": f"Bearer of-the-monitor{more}"} for more in ("", "s"))
    assert client.get("/metrics", REMOTE_ADDR=STRANGER, headers=wrong).status_code == 401
    assert b"xinwenku_index_up" in client.get("/metrics", REMOTE_ADDR=STRANGER, headers=right).content
    client.force_login(User.objects.create_user("editor", is_staff=True))
    assert client.get("/metrics", REMOTE_ADDR=STRANGER).status_code == 200


COUNTS = """
import os, sys
import django
django.setup()
from django.test import Client
for _ in range(2):
    Client(HTTP_HOST="localhost").get("/healthz")
print(Client(HTTP_HOST="localhost").get("/metrics").content.decode())
"""


@pytest.mark.server
def test_all_processes_of_a_server_are_counted_together(tmp_path: Path) -> None:
    folder = tmp_path / "counts"
    folder.mkdir()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "XWK_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "sqlite://:memory:",
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
    }
    for count in (2, 4):
        done = subprocess.run(
            [sys.executable, "-c", COUNTS],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        line = next(
            line
            for line in done.stdout.splitlines()
            if line.startswith("xinwenku_requests_total") and "healthz" in line
        )
        assert line.endswith(f" {count}.0")
        assert "xinwenku_database_up 0.0" in done.stdout  # which has no tables


@pytest.mark.parametrize("path", ["/metrics?x=1", "/metrics"])
def test_it_is_not_for_caches(client: Client, db: None, path: str) -> None:
    assert client.get(path)["Cache-Control"] == "no-store, private"
