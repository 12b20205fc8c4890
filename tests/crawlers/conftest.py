"""An archive that crawlers visit."""

from __future__ import annotations

import pytest

from archive.models import Issue
from tests.conftest import WeekMaker


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    make_issue({"机密": "文"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    return make_issue(
        {"先进封装": "第一段。\n第二段。", "乙</script><script>alert(1)": "丙"}, columnist="莫大康"
    )
