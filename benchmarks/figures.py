"""Measures what is read of numbers in sentences: `python -m benchmarks.figures [--show open]`.

fixtures/figures.tsv has 300 sentences in the manner of the digest, labelled before anything read them. Every other
one, from the first, is `open`: the rules of claims/reading may be tuned on it. The rest is `held`, of which only sums
are shown.

A statement is right when kind, value, unit and qualifier are the labelled ones, and its subject, where it has one.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from claims.reading import KINDS, SUBJECT_KINDS, Statement, read_statements
from claims.reading.dates import dates
from glossary.matching import Matcher, form_of

FIXTURES = Path(__file__).parents[1] / "fixtures"
_KINDS = {kind[0]: kind for kind in KINDS}
_QUALIFIERS = {"~": "about", ">": "above", "<": "below"}
HALVES = ("open", "held")


class Label(NamedTuple):
    """What a sentence states, as a person sees it or as it was read."""

    kind: str
    low: str
    high: str
    unit: str
    qualifier: str
    subject: str


@dataclass(frozen=True)
class Sentence:
    text: str
    labels: tuple[Label, ...]


class Score(NamedTuple):
    """How many statements were found, are right, and were labelled; of the latter with a subject, and it found."""

    found: int
    right: int
    labelled: int
    with_subject: int
    subject_found: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0


def half(name: str) -> list[Sentence]:
    """Returns the sentences of one half."""
    rows = (FIXTURES / "figures.tsv").read_text(encoding="utf-8").splitlines()
    return [_sentence(row) for row in rows[HALVES.index(name) :: 2]]


def reader() -> Reader:
    """Returns what reads a sentence with the terms of fixtures/glossary.csv."""
    with (FIXTURES / "glossary.csv").open(encoding="utf-8", newline="") as file:
        terms = [term for term in csv.DictReader(file) if term["kind"] in SUBJECT_KINDS]
    names = {number: term["name"] for number, term in enumerate(terms)}
    writings = {
        form_of(writing): number
        for number, term in enumerate(terms)
        for writing in [term["name"], *filter(None, term["aliases"].split("|"))]
    }
    return Reader(names, Matcher(writings))


@dataclass(frozen=True)
class Reader:
    names: dict[int, str]
    matcher: Matcher

    def read(self, text: str) -> list[Label]:
        return [self._label(statement) for statement in read_statements(text, self.matcher.find)]

    def _label(self, statement: Statement) -> Label:
        found = statement.found
        subject = "" if statement.subject is None else self.names[statement.subject]
        return Label(found.kind, _plain(found.low), _plain(found.high), found.unit, found.qualifier, subject)


def score(sentences: Sequence[Sentence], read: Reader) -> Score:
    """Returns how the sentences were read."""
    found = right = labelled = with_subject = subject_found = 0
    for sentence in sentences:
        given = read.read(sentence.text)
        found += len(given)
        labelled += len(sentence.labels)
        for ours, theirs in _pairs(given, sentence.labels):
            right += ours.subject in ("", theirs.subject)
            subject_found += bool(ours.subject) and ours.subject == theirs.subject
        with_subject += sum(bool(label.subject) for label in sentence.labels)
    return Score(found, right, labelled, with_subject, subject_found)


def _pairs(given: Sequence[Label], labels: Sequence[Label]) -> Iterator[tuple[Label, Label]]:
    """Each statement that was read with the label that has its value."""
    rest = list(labels)
    for ours in given:
        for theirs in rest:
            if ours[:-1] == theirs[:-1]:
                rest.remove(theirs)
                yield ours, theirs
                break


def _sentence(row: str) -> Sentence:
    text, _, labels = row.partition("\t")
    return Sentence(text, tuple(_label(label) for label in labels.split("; ") if label))


def _label(written: str) -> Label:
    """Reads `m ~88e8 USD @美光`, `d 2025-Q1`, `p 5..10 %`."""
    written, _, subject = written.partition(" @")
    letter, value, *unit = written.split(" ")
    qualifier = _QUALIFIERS.get(value[0], "")
    low, _, high = value.lstrip("~<>").partition("..")
    if letter == "d":
        return Label("date", _day(low, 0), _day(high or low, 1), "", "", subject)
    both = (_plain(Decimal(low)), _plain(Decimal(high or low)))
    return Label(_KINDS[letter], *both, unit[0], qualifier, subject)


def _day(written: str, side: int) -> str:
    """The first or last day of `2025`, `2025-Q1`, `2025-H2`, `2025-03`, `2025-03-04`."""
    year, *rest = written.split("-")
    asked = f"{year}年"
    if rest and rest[0][0] in "QH":
        asked += f"q{rest[0][1]}" if rest[0][0] == "Q" else f"{'上下'[int(rest[0][1]) - 1]}半年"
    elif rest:
        asked += f"{int(rest[0])}月" + (f"{int(rest[1])}日" if len(rest) > 1 else "")
    [date] = dates(asked)
    return str((date.low, date.high)[side])


def _plain(value: Decimal | str) -> str:
    return value if isinstance(value, str) else f"{value.normalize():f}"


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--show", choices=HALVES[:1], help="prints what of the open half is not as labelled")
    chosen = options.parse_args(arguments)
    read = reader()
    for name in HALVES:
        sentences = half(name)
        result = score(sentences, read)
        print(
            f"{name:5} {len(sentences)} sentences: "
            f"precision {result.precision:.3f} ({result.right} of {result.found}), "
            f"recall {result.recall:.3f} (of {result.labelled}), "
            f"subjects {result.subject_found} of {result.with_subject}"
        )
    if chosen.show:
        for sentence in half(chosen.show):
            given, wanted = Counter(read.read(sentence.text)), Counter(sentence.labels)
            if given != wanted:
                print(sentence.text, *(f"  + {one}" for one in given - wanted), sep="\n")
                print(*(f"  - {one}" for one in wanted - given), sep="\n")


if __name__ == "__main__":
    main()
