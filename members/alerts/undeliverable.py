"""What every way of sending may say."""

from __future__ import annotations


class Undeliverable(Exception):
    """It can not be sent, now or later. Its owner reads it."""
