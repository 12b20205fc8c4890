"""Why something is not done about an account."""

from __future__ import annotations


class PeopleRefused(Exception):
    """What can not be done about an account or an invitation. 主编 read it: why, and what to do."""
