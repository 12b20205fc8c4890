"""The API keeps what its description promises: schemathesis asks for whatever it allows and forbids.

XWK_SCHEMATHESIS=500 .venv/bin/python -m pytest tests/test_api_description.py      that many cases of each kind
"""

from __future__ import annotations

import json
import os

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case

from archive.models import Issue
from config.api import api
from config.wsgi import application
from glossary.models import Term
from tests.conftest import WeekMaker
from tests.writing import create

EXAMPLES = int(os.environ.get("XWK_SCHEMATHESIS", "15"))


schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
schema.app = application


@pytest.fixture
def archive(make_issue: WeekMaker) -> None:
    """Something to find, and something not to."""
    create(Term, name="台积电", kind=Term.Kind.COMPANY)
    make_issue({"台积电扩产": "先进封装。"}, columnist="莫大康")
    make_issue({"机密": "台积电"}, end_date="2025-03-28", status=Issue.Status.DRAFT)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_every_answer_is_as_described(archive: None, case: Case) -> None:
    response = case.call_and_validate(headers={"Accept-Encoding": "identity"})  # it does not unpack gzip
    assert "机密" not in response.text
