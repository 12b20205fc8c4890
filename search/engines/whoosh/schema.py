"""How an article lies in a Whoosh index: words with their frequencies, and columns read as arrays."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np
from whoosh import columns, fields, formats

from search.text import analysis

WORD_FIELDS = ("text", "title", "lead")
"""Fields whose words are counted. Words carry no positions: phrases are looked up in the run column."""
RUN_COLUMN = "run"
"""The squeezed text of each article, title first, as UTF-8: what the guarantee (decision 3) stands on."""
TERMS_COLUMN = "terms"
"""The ids of the glossary terms that each article mentions, as 32-bit numbers: what is counted for facets."""
DIGEST_COLUMN = "digest"
"""What each document was made from, as a hash: `search/indexing/comparison` tells by it what the index has missed."""
NUMBER_COLUMNS = ("article", "start_date", "end_date", "position")
TEXT_COLUMNS = ("columnist", "issue")


def build_schema() -> fields.Schema:
    """Returns the Whoosh schema. A change here changes the fingerprint of the index."""
    schema = fields.Schema(id=fields.ID(unique=True, stored=True))
    for name in WORD_FIELDS:
        # Words arrive cut (a list): no analyzer is stored in the index, so none can differ from the code's.
        schema.add(name, fields.FieldType(formats.Frequency(), analyzer=None, scorable=True))
    for name in (RUN_COLUMN, TERMS_COLUMN, DIGEST_COLUMN, *TEXT_COLUMNS):
        schema.add(name, fields.COLUMN(columns.VarBytesColumn()))
    for name in NUMBER_COLUMNS:
        schema.add(name, fields.COLUMN(columns.NumericColumn("q")))
    return schema


def to_document(prepared: Mapping[str, Any], terms: analysis.TermFinder) -> dict[str, Any]:
    """Turns what Haystack prepared of an article into the fields of `build_schema`."""
    terms = _FoundOnce(terms)
    matches = terms.find(prepared["text"])
    return {
        "id": prepared["id"],
        **words_of_fields(prepared["title"], prepared["lead"], prepared["text"], terms),
        RUN_COLUMN: run_column(prepared["title"], prepared["text"]),
        TERMS_COLUMN: terms_column(matches),
        DIGEST_COLUMN: digest(prepared, matches),
        "columnist": (prepared["columnist"] or "").encode(),
        "issue": prepared["issue"].encode(),
        "article": int(prepared["django_id"]),
        "start_date": date_number(prepared["start_date"]),
        "end_date": date_number(prepared["end_date"]),
        "position": int(prepared["position"]),
    }


class _FoundOnce:
    """A finder that looks a text up once, however often it is asked for it."""

    def __init__(self, terms: analysis.TermFinder) -> None:
        self.find = cache(terms.find)


def words_of_fields(title: str, lead: str, text: str, terms: analysis.TermFinder) -> dict[str, list[str]]:
    """The words of each field. Title and lead are the first lines of the text as a rule, and are cut with it."""
    tokens = analysis.tokenize(text, terms)
    words = [token.word for token in tokens]
    if not f"{text}\n".startswith(f"{title}\n{lead}\n"):
        return {"text": words, "title": analysis.words(title, terms), "lead": analysis.words(lead, terms)}
    # No token leads over the end of a line, and none depends on another line.
    title_end = bisect_left(tokens, len(title), key=_start)
    lead_end = bisect_left(tokens, len(title) + 1 + len(lead), key=_start)
    return {"text": words, "title": words[:title_end], "lead": words[title_end:lead_end]}


_start = attrgetter("start")


def run_column(title: str, text: str) -> bytes:
    """The squeezed title and text; every paragraph ends with a line break, so that no run crosses one."""
    body = text.removeprefix(title)
    return f"{analysis.squeeze(title)}\n{analysis.squeeze(body)}\n".encode()


def terms_column(matches: Sequence[analysis.TermMatch]) -> bytes:
    """The different terms that were found in a text, ascending."""
    return np.unique(np.array([match.term for match in matches], np.int32)).tobytes()


def digest(prepared: Mapping[str, Any], matches: Sequence[analysis.TermMatch]) -> bytes:
    """A hash (16 bytes) of everything in the database that a document is made from.

    That is what Haystack prepared, and the glossary as far as it touches this text: which terms stand where
    in it. How text is cut is no part of it: all of an index is cut by one fingerprint.
    """
    places = [(match.term, match.start, match.end) for match in matches]
    made_from = repr((sorted(prepared.items()), places))
    return hashlib.blake2b(made_from.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def date_number(date: dt.date) -> int:
    """A date as a number that sorts like it: `20250321`."""
    return date.year * 10_000 + date.month * 100 + date.day
