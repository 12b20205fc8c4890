"""`/healthz` and `/readyz`, which monitors ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from search.engines.registry import current_engine
from tests.conftest import WeekMaker


def test_the_process_says_that_it_runs_without_touching_the_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


def test_it_is_ready_when_database_and_index_answer(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"题": "文"})
    response = client.get("/readyz")
    answer = response.json()
    assert (response.status_code, answer["database"], answer["index"]) == (200, "ok", "ok")
    assert (answer["search"]["documents"], answer["search"]["waiting"]) == (1, 0)


def test_it_is_not_ready_without_an_index_and_says_what_to_do(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"题": "文"})
    (current_engine().generations.root / "CURRENT").unlink()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "rebuild_index" in response.json()["index"]


@pytest.mark.parametrize(
    "sent",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"headers": {"x-forwarded-for": "203.0.113.9"}},
        {"headers": {"x-forwarded-proto": "https"}},
        {"headers": {"x-real-ip": "127.0.0.1"}},
        {"headers": {"forwarded": "for=127.0.0.1"}},
        {"headers": {"via": "1.1 proxy"}},
    ],
    ids=str,
)
def test_strangers_read_whether_it_is_ready_and_nothing_else(
    client: Client, make_issue: WeekMaker, sent: Any
) -> None:
    make_issue({"题": "文"})
    response = client.get("/readyz", **sent)
    assert (response.status_code, response.json()) == (200, {"ready": True})
    (current_engine().generations.root / "CURRENT").unlink()
    response = client.get("/readyz", **sent)
    assert (response.status_code, response.json()) == (503, {"ready": False})


def test_staff_read_all_of_it_from_everywhere(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"题": "文"})
    member = User.objects.create_user("member")
    client.force_login(member)
    assert client.get("/readyz", REMOTE_ADDR="203.0.113.9").json() == {"ready": True}
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get("/readyz", REMOTE_ADDR="203.0.113.9").json()["search"]["documents"] == 1
