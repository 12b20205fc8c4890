"""The examples of docs/api.md work on the demo weeks."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import Client

from archive.models import Article
from claims.tasks import compare
from glossary.exchange import import_glossary
from search.indexing import sync
from tests.conftest import ROOT, WEEKS

DOCS = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^(\$ )?curl (?:-.*)?'http://127\.0\.0\.1:8000(/\S*)'$", DOCS, re.MULTILINE)


@pytest.fixture
def site(db: None) -> None:
    import_glossary()
    call_command("import_issues", WEEKS, publish=True, verbosity=0)
    sync.rebuild()
    compare.func()


def test_every_example_answers_with_something(client: Client, site: None) -> None:
    first = Article.objects.published().earliest("pk").pk
    assert len(EXAMPLES) == DOCS.count("curl ")
    for prompt, address in EXAMPLES:
        response = client.get(re.sub(r"/articles/\d+", f"/articles/{first}", address))
        assert response.status_code == (422 if prompt else 200), address
        if response["Content-Type"].startswith("application/json"):
            answer = response.json()
            may_be_empty = ("filters", "verbatim", "issues", "similar_in_meaning")
            listed = [v for name, v in answer.items() if isinstance(v, list) and name not in may_be_empty]
            assert all(listed), address
            assert answer.get("total", 1) > 0, address
        elif not prompt:
            assert response.content.count(b"<entry>") > 1, address


def test_every_address_is_in_the_table(client: Client, db: None) -> None:
    for path in client.get("/api/v1/openapi.json").json()["paths"]:
        assert f"| `{path.replace('{', '<').replace('}', '>')}" in DOCS, path
