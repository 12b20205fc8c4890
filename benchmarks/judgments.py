"""Reads the judged queries: what members type, and which articles of the demo weeks answer it, graded by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
WEEKS = FIXTURES / "weeks"
FILES = (FIXTURES / "judgments.tsv", FIXTURES / "judgments_words.tsv")
"""Each was judged by reading the demo weeks before the search was tuned for it: the second one for codes and dates."""
NO_ANSWER = "no answer"
"""The class of queries that no article answers."""


@dataclass(frozen=True)
class JudgedQuery:
    """A line of one of FILES. `grades` maps `slug:position` of an article, or the slug of an issue, to its grade."""

    text: str
    kind: str
    half: str
    grades: Mapping[str, int]

    @property
    def has_answer(self) -> bool:
        return bool(self.grades)


def read_judgments(path: Path = FILES[0]) -> list[JudgedQuery]:
    """Reads the judged queries in the order of the file."""
    return [_query(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def _query(line: str) -> JudgedQuery:
    text, kind, half, judgments = line.split("\t")
    pairs = [judgment.split("=") for judgment in judgments.split()]
    return JudgedQuery(text, kind, half, {article: int(grade) for article, grade in pairs})
