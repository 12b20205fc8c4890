"""What assistants can ask, in the order in which they are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistants.tools import changes, figures, reading, searching, topics, trends
from assistants.tools.base import Tool

TOOLS: Mapping[str, Tool[Any]] = {
    tool.name: tool
    for tool in (
        searching.SEARCH,
        reading.READ_ARTICLE,
        reading.READ_ISSUE,
        topics.TOPIC,
        trends.TREND,
        changes.CHANGED_SINCE,
        figures.FIGURES,
    )
}
"""By name."""
