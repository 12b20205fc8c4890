"""The world of the border's tests, for a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.border.world import World
from tests.conftest import WeekMaker


@pytest.fixture
def world_of(make_issue: WeekMaker, tmp_path: Any, settings: Any) -> Callable[[str], World]:
    settings.MEDIA_ROOT = tmp_path / "media"
    return lambda role: World(make_issue, role)
