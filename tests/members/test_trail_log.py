"""The lines of the log that fail2ban and collectors read."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import re
import shlex
from typing import Any

import pytest
from django.conf import settings as site
from hypothesis import given
from hypothesis import strategies as st

from members.trail.models import Event
from members.trail.recording import log_line, record
from tests.conftest import ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
KEYS = ["what", "address", "name", "target", "detail", "agent"]
LINE = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)(?: |$)')


def failregex() -> re.Pattern[str]:
    """The line of docs/operations.md, as fail2ban reads it: `<ADDR>` is an address."""
    [line] = re.findall(r"^failregex = (.+)$", OPERATIONS, re.MULTILINE)
    assert line.count("<ADDR>") == 1
    return re.compile(line.replace("<ADDR>", r"(?P<address>[0-9a-fA-F:.]+)"))


def written(event: Event, level: int) -> str:
    """A line as the site's own handler and formatter write it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter(site.LOGGING["formatters"]["plain"]["format"]))
    handler.handle(logging.LogRecord("trail", level, "", 0, "%s", (log_line(event),), None))
    return out.getvalue()


def without_time(line: str) -> str:
    """What is left of a line when fail2ban has cut the time out of it."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", "", line)


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
@pytest.mark.parametrize("what", ["login_failed", "locked"])
def test_the_filter_of_the_docs_finds_the_address_of_a_failed_log_in(what: str, address: str) -> None:
    line = written(Event(what=what, address=address, target="wang", agent="curl/8"), logging.WARNING)
    journal = f"archive gunicorn[812]: {line}"
    for read in (line, without_time(line), journal, without_time(journal)):
        found = failregex().search(read.rstrip("\n"))
        assert found is not None, read
        assert found["address"] == address


@pytest.mark.parametrize("what", ["logged_in", "logged_out", "published"])
def test_the_filter_of_the_docs_leaves_others_alone(what: str) -> None:
    line = written(Event(what=what, address="203.0.113.7"), logging.INFO)
    assert not failregex().search(line)


@pytest.mark.parametrize(
    "typed",
    [
        "x\n2026-01-01 00:00:00,000 WARNING trail: what=login_failed address=198.51.100.1 ",
        '" address=198.51.100.1 what=login_failed "',
        "\u2028WARNING trail: what=login_failed address=198.51.100.1 ",
        "\x85WARNING trail: what=login_failed address=198.51.100.1 ",
        '\\" address=198.51.100.1',
    ],
)
def test_nobody_has_another_address_banned_by_what_they_send(typed: str) -> None:
    own = Event(
        what="login_failed", address="203.0.113.7", target=typed, agent=typed, detail=typed, name=typed
    )
    line = written(own, logging.WARNING)
    assert len(line.splitlines()) == 1
    found = failregex().findall(line)
    assert found == ["203.0.113.7"]
    other = written(Event(what="published", address="203.0.113.7", target=typed, agent=typed), logging.INFO)
    assert not failregex().search(other)


@given(st.text(), st.text())
def test_a_line_is_one_line_and_reads_back(target: str, agent: str) -> None:
    line = log_line(Event(what="exported", target=target, agent=agent))
    assert line.splitlines() == [line]
    assert line.isprintable()
    pairs = LINE.findall(line)
    assert [key for key, _ in pairs] == KEYS
    values = dict(pairs)
    assert json.loads(values["target"]) == target
    assert json.loads(values["agent"]) == agent
    assert values["address"] == "-"


@pytest.mark.django_db
def test_a_line_is_written_when_something_was_done(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    with caplog.at_level(logging.INFO, "trail"), django_capture_on_commit_callbacks(execute=True):
        event = record("published", target="周报", detail="甲\n乙")
    assert event.at <= dt.datetime.now(dt.UTC)
    assert caplog.record_tuples == [
        (
            "trail",
            logging.INFO,
            'what=published address=- name="系统" target="周报" detail="甲 乙" agent=""',
        )
    ]
    assert shlex.split(caplog.messages[0])[3] == "target=周报"
