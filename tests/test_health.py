"""`/healthz` and `/readyz`, which monitors ask."""

from __future__ import annotations

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
