"""The searches that were handed over beside the repository, on the demo weeks and the week that comes with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.test import Client

from archive.models import Issue
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import SearchResults, find
from tests.conftest import ROOT

CASES = next(
    (folder / "shared" / "cases" for folder in ROOT.parents if (folder / "shared" / "cases").is_dir()), Path()
)
pytestmark = pytest.mark.skipif(
    not (CASES / "search.tsv").is_file(), reason="the cases in ../shared are not here"
)


class Case(NamedTuple):
    query: str
    rule: str
    value: str
    kind: str


def _read() -> list[Case]:
    path = CASES / "search.tsv"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [Case(*line.split("\t")) for line in lines if line and not line.startswith("#")]


@pytest.fixture
def archive_with_the_week(trade_archive: None) -> None:
    call_command("import_issues", CASES / "search_week.txt", publish=True, verbosity=0)
    sync.rebuild()


def _answer(query: str) -> SearchResults:
    found = find(SearchRequest(query))
    assert found is not None
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("archive_with_the_week")
def test_every_search_answers_as_it_was_handed_over(client: Client) -> None:
    """All in one test: the archive is the same for each, and takes longer to make than to ask."""
    cases = _read()
    assert len(cases) > 40
    assert [case for case in cases if not _holds(case, client)] == []


def _holds(case: Case, client: Client) -> bool:
    match case.rule:
        case "title":
            found = _answer(case.query)
            titles = [hit.article.title for hit in found.results[:3]]
            return case.value in titles and not found.is_relaxed and found.corrected is None
        case "=":
            one, other = _answer(case.query), _answer(case.value)
            first = [[hit.article for hit in found.results[:10]] for found in (one, other)]
            return one.total == other.total > 0 and first[0] == first[1]
        case "<=":
            return _answer(case.query).total <= int(case.value)
        case "issue":
            answer = json.loads(client.get("/api/v1/search", {"q": case.query}).content)
            is_there = Issue.objects.published().filter(slug=case.value).exists()
            return is_there and case.value in [issue["slug"] for issue in answer["issues"]]
        case _:
            pytest.fail(f"no such rule: {case.rule}")
