"""The pages of this room in the editors' admin. All of it in Chinese."""

from insight.admin import golden, radar, searches  # noqa: F401 - they register themselves
