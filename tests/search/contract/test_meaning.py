"""Guesses by meaning stand beside every engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.test import Client

from archive.models import Issue
from glossary.models import Term
from search.meaning import learning, store
from tests.conftest import WeekMaker
from tests.search.contract.conftest import Kind
from tests.writing import create


@pytest.fixture
def learnt(transactional_db: None, kind: Kind, make_issue: WeekMaker) -> Iterator[Issue]:
    create(Term, name="碳化硅", kind=Term.Kind.TECHNOLOGY, note="耐高压的宽禁带材料")
    bodies = ["碳化硅降价。", "碳化硅扩产。", "地震停机。", "地震复工。", "闪存涨价。", "闪存减产。"]
    issue = make_issue({f"第{number}篇": body for number, body in enumerate(bodies, start=1)})
    learning.bring_up_to_date()
    yield issue
    shutil.rmtree(store.folder())


def test_where_nothing_answers_articles_near_in_meaning_are_named(client: Client, learnt: Issue) -> None:
    answer = client.get("/api/v1/search", {"q": "宽禁带材料"}).json()
    assert answer["total"] == 0
    assert {article["title"] for article in answer["similar_in_meaning"]} == {"第1篇", "第2篇"}
    assert "按意思猜的" in client.get("/search/", {"q": "宽禁带材料"}).content.decode()


def test_what_words_find_has_none(client: Client, learnt: Issue) -> None:
    answer = client.get("/api/v1/search", {"q": "碳化硅"}).json()
    assert (answer["total"], answer["similar_in_meaning"]) == (2, [])
