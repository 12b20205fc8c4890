"""The admin of this room: golden queries, the search report, the radar. All of it in Chinese."""

from insight.admin import golden, radar, searches  # noqa: F401 - they register themselves
