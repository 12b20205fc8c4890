"""What a run says in the end: a row for each thing that was done, and what was promised of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.cluster.faults import FAULTS
from tests.cluster.load import Answered
from tests.faults.processes import percentile
from tests.faults.table import Figure, equal, shown, zero

LONGEST_SEARCH_SECONDS = 2.0
UNDISTURBED = {fault.name for fault in FAULTS if fault.is_undisturbed}


@dataclass(frozen=True)
class Stored:
    """What there is at the end, beside what was acknowledged."""

    lost: Sequence[str]
    twice: Sequence[str]
    deleted_yet_there: Sequence[str]
    missing: int
    surplus: int
    """Of the index, compared with the database."""


def together(phases: Sequence[Answered]) -> Mapping[str, Answered]:
    """Adds up the phases of the same name, in the order in which they first came."""
    added: dict[str, Answered] = {}
    for phase in phases:
        one = added.setdefault(phase.name, Answered(phase.name, phase.database_is_away))
        for name, value in vars(phase).items():
            if name not in ("name", "database_is_away"):
                setattr(one, name, getattr(one, name) + value)
    return added


def rows(phases: Mapping[str, Answered]) -> Iterator[str]:
    """Yields the table, line by line."""
    yield "| what is done | searches | p95 / longest, s | wrong | 5xx | 503 | by the database | not found after 5 s | saves | p95 / longest, s | sent again |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for phase in phases.values():
        again = ", ".join(f"{what}: {number}" for what, number in sorted(phase.sent_again.items())) or "0"
        yield (
            f"| {phase.name} | {phase.searches} | {_times(phase.seconds)} | {len(phase.wrong)} | {len(phase.errors)} "
            f"| {phase.unavailable} | {phase.from_database} | {phase.late} | {phase.saves} "
            f"| {_times(phase.save_seconds)} | {again} |"
        )


def figures(phases: Mapping[str, Answered], stored: Stored, *, judges_times: bool) -> Iterator[Figure]:
    """Yields what was promised, and what became of it."""
    every = list(phases.values())
    yield shown("searches / saves", f"{sum(p.searches for p in every):,} / {sum(p.saves for p in every):,}")
    yield zero("saves that were acknowledged, and are lost", stored.lost)
    yield zero("forms that were sent again, and are stored twice", stored.twice)
    yield zero("deletions that were acknowledged, and are not done", stored.deleted_yet_there)
    yield zero("wrong answers", [each for p in every for each in p.wrong])
    yield zero("GETs answered by 5xx, or not at all", [each for p in every for each in p.errors])
    yield zero(
        "GETs answered by 503, but while PostgreSQL restarts",
        sum(p.unavailable for p in every if not p.database_is_away),
    )
    yield zero("forms refused", [each for p in every for each in p.refused])
    yield zero(
        "forms sent again during rolling rebuild and upgrade",
        dict(sum((p.sent_again for p in every if p.name in UNDISTURBED), Counter[str]())),
    )
    yield equal(
        "the index, compared with the database: missing / surplus", (stored.missing, stored.surplus), (0, 0)
    )
    longest = max((max(p.seconds, default=0) for p in every if not p.database_is_away), default=0)
    yield Figure(
        "longest pause of a search",
        f"{longest:.1f} s",
        f"≤ {LONGEST_SEARCH_SECONDS:.0f} s"
        if judges_times
        else f"≤ {LONGEST_SEARCH_SECONDS:.0f} s, on a machine of its own",
        longest <= LONGEST_SEARCH_SECONDS or not judges_times,
    )


def _times(seconds: Sequence[float]) -> str:
    return f"{percentile(seconds, 0.95):.1f} / {max(seconds, default=0):.1f}"
