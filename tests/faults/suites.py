"""Tests of the whole suite that belong to the fault runs; some are told to do more of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Suite:
    what: str
    tests: list[str]
    full: dict[str, str] = field(default_factory=dict)
    """Environment variables for the full counts."""


SUITES = {
    "leaks": Suite(
        "Leaks: random creating, editing, publishing, withdrawing, deleting, rolling back, rebuilding; all that "
        "members can ask is asked for what they must not see",
        ["tests/faults/test_leaks.py"],
        {"XWK_STEPS": "10000"},
    ),
    "stock": Suite(
        "Stock: each fault of Haystack, jieba and Whoosh, theirs beside ours; an error at every line of a commit; "
        "every page of every count",
        [
            "tests/search/engines/whoosh/test_stock_faults.py",
            "tests/search/test_stock_reading.py",
            "tests/faults/test_lines.py",
        ],
        {"XWK_LINES": "1", "XWK_PAGES": "1"},
    ),
    "states": Suite(
        "States: time zones, rolled back and bulk changes, upgrades, versions, 100 drifts, hostile files",
        [
            "tests/search/test_outbox.py",
            "tests/search/test_position.py",
            "tests/search/test_check_index.py",
            "tests/search/engines/whoosh/test_damage.py",
            "tests/search/test_crashes.py",
            "tests/search/test_checks.py",
            "tests/search/test_text_version.py",
            "tests/search/test_time_zone.py",
        ],
    ),
    "backups": Suite(
        "Backups: 100 under load, one restored and compared; one of an older version",
        ["tests/server/test_backup.py"],
        {"XWK_BACKUPS": "100"},
    ),
}
