"""Words that the radar never proposes: `stop_words.tsv` has each with its reason."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from glossary.matching import form_of

STOP_WORDS = Path(__file__).with_name("stop_words.tsv")


@cache
def stop_words() -> frozenset[str]:
    """Returns the forms of all stop words.

    >>> form_of("营收") in stop_words()
    True
    """
    with STOP_WORDS.open(encoding="utf-8", newline="") as file:
        return frozenset(form_of(row["word"]) for row in csv.DictReader(file, delimiter="\t"))
