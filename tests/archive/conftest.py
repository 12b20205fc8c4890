"""A week of three articles, as a draft and in public, and an 编辑."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.models import Issue
from tests.archive.people import browser, person
from tests.conftest import WeekMaker


@pytest.fixture
def draft(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。", "乙": "二。", "丙": "三。"}, status=Issue.Status.DRAFT)


@pytest.fixture
def public(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。", "乙": "二。", "丙": "三。"})


@pytest.fixture
def editor(db: None) -> Client:
    return browser(person("bianji", "编辑"))
