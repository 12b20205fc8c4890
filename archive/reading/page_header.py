"""What a page header says: the title or the dates of a week that has none in its text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.parsing import Line, ParseWarning, Reading, parse_issue


def with_header(reading: Reading, header: Sequence[str], kind: str) -> Reading:
    """Returns the reading below the lines of the page header, if those give the title or the dates that it lacks.

    `kind` is what the file is called in the notice that says so: `Word`, `PDF`.
    """
    if not header:
        return reading
    without = parse_issue(reading.lines)
    if without.title and without.start_date:
        return reading
    front = 0
    if without.title:  # only dates are wanted: they go below the title
        front = next((at for at, line in enumerate(reading.lines, 1) if without.title in line.text), 0)
    more = _inserted(reading, front, header)
    found = parse_issue(more.lines)
    if bool(found.title) <= bool(without.title) and bool(found.start_date) <= bool(without.start_date):
        return reading
    message = f"刊名或日期取自 {kind} 的页眉：“{' '.join(header)[:80]}”。请核对。"
    return replace(more, warnings=(*more.warnings, ParseWarning(None, "header-read", message)))


def _inserted(reading: Reading, at: int, texts: Sequence[str]) -> Reading:
    """The reading with lines more; those below are numbered on."""
    above, below = reading.lines[:at], reading.lines[at:]
    last = above[-1].number if above else 0
    new = (Line(last + place, text) for place, text in enumerate(texts, 1))
    moved = (replace(line, number=line.number + len(texts)) for line in below)
    warnings = (
        replace(one, line=one.line + len(texts)) if one.line and one.line > last else one
        for one in reading.warnings
    )
    return replace(reading, lines=(*above, *new, *moved), warnings=tuple(warnings))
