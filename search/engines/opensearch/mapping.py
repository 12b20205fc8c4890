"""How a document lies in an OpenSearch index: words as we cut them, runs as pairs of characters, columns. Pure.

The server cuts nothing: words arrive cut, one on each line. A run of characters is found by the pairs of characters in
it, one behind the other: of most Chinese words that is one pair, so one look-up. A mark stands wherever a Latin word or
a number begins or ends, so that the same pairs tell whether `sic` stands there by itself or in `asic`.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from glossary.folding import fold
from search.engines.documents import ISSUE_FIELDS, WORD_FIELDS, Document, Kind
from search.engines.fields import FIELDS, NUMBER_FIELDS, TEXT_FIELDS, number_date
from search.text import TEXT_VERSION

MAPPING_VERSION = 2
"""Raise it by one when `index_body` or `source_of` changes: no index of another version is read."""
VERSION = f"v{TEXT_VERSION}.{MAPPING_VERSION}"

RUN_FIELDS: dict[Kind, str] = {"article": "run", "issue": "issue_run"}
"""Where the runs of a document are. In fields of their own, so that issues do not count when articles are ranked."""
TITLE_RUN_FIELDS: dict[Kind, str] = {"article": "title_run", "issue": "issue_title_run"}
FOLDED = "{}_folded"
"""The column of a text in its one writing, by which it is filtered."""
PERIOD = "{}_{}"
"""The column of the year or the month of a day, by which it is counted."""
POSITION = "position_of_the_index"
"""The id of the document that says how far an index follows the changes."""

MARK = "\x7f"
"""Stands in the runs where a Latin word or a number begins or ends. Squeezing takes it out of every text."""
GAP = "\x1e"
"""Stands in a query for a pair that need not be looked up. No text holds it either."""
SEPARATOR = "\x1f"
"""Between the pairs of a query."""
LONGEST_WORD = 500
"""A longer one is looked up by its hash: an index takes in no term of many thousand characters."""
_EDGE = re.compile("(?<![a-z])(?=[a-z])|(?<=[a-z])(?![a-z])|(?<![0-9])(?=[0-9])|(?<=[0-9])(?![0-9])")


def index_body(built_at: str) -> dict[str, Any]:
    """Returns the settings and the mapping of a new index. A change here needs another MAPPING_VERSION."""
    word = {"type": "text", "analyzer": "words", "index_options": "freqs"}
    run = {"type": "text", "analyzer": "pairs", "search_analyzer": "asked_pairs"}
    number = {"type": "long"}
    column = {"type": "keyword", "eager_global_ordinals": True}
    listed = {"type": "char_group", "max_token_length": 10_000}
    periods = [
        PERIOD.format(name, unit)
        for name, field in FIELDS.items()
        if field.type == "day"
        for unit in field.facets
    ]
    return {
        "settings": {
            # One, so that rarity is counted over everything, and the position is never seen before its documents.
            "number_of_shards": 1,
            # Of three nodes each has a copy, so that one that hangs is asked by nobody but who asks it first.
            "auto_expand_replicas": "0-2",
            # How long it is known that a document was deleted: a write that was on its way until then comes too late.
            "gc_deletes": "10m",
            "refresh_interval": "-1",
            "max_result_window": 10_000_000,
            "max_terms_count": 10_000_000,
            "analysis": {
                "tokenizer": {
                    "lines": {**listed, "tokenize_on_chars": ["\n"]},
                    "given": {**listed, "tokenize_on_chars": [SEPARATOR]},
                    "two": {"type": "ngram", "min_gram": 2, "max_gram": 2},
                },
                "filter": {"gap": {"type": "stop", "stopwords": [GAP]}},
                "analyzer": {
                    "words": {"tokenizer": "lines"},
                    "pairs": {"tokenizer": "two"},
                    "asked_pairs": {"tokenizer": "given", "filter": ["gap"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"version": VERSION, "built_at": built_at},
            "_source": {"includes": [POSITION]},
            "properties": {
                POSITION: {"type": "object", "enabled": False},
                **dict.fromkeys((*WORD_FIELDS, *ISSUE_FIELDS.values()), word),
                **dict.fromkeys((*RUN_FIELDS.values(), *TITLE_RUN_FIELDS.values()), run),
                **dict.fromkeys((*TEXT_FIELDS, *map(FOLDED.format, TEXT_FIELDS), *periods, "terms"), column),
                **dict.fromkeys(NUMBER_FIELDS, number),
                "terms_norm": {"type": "float", "index": False},
                "digest": {"type": "keyword", "index": False},
            },
        },
    }


def source_of(document: Document) -> dict[str, Any]:
    """Turns a document into the fields of `index_body`."""
    kind = document.id.kind
    # Every paragraph ends with a line break, so that no run crosses one.
    title = f"{document.title_run}\n"
    return {
        **{name: "\n".join(map(token, Counter(words).elements())) for name, words in document.words.items()},
        RUN_FIELDS[kind]: marked(f"{title}{document.body_run}\n"),
        TITLE_RUN_FIELDS[kind]: marked(title),
        "terms": [str(term) for term in document.terms],
        "terms_norm": 1 / math.sqrt(max(len(document.terms), 1)),
        "digest": document.digest.hex(),
        **{name: document.values[name] for name in NUMBER_FIELDS},
        **dict(_columns(document)),
    }


def _columns(document: Document) -> Iterable[tuple[str, str]]:
    for name, field in FIELDS.items():
        value = document.values[name]
        if field.type == "text":
            yield name, str(value)
            yield FOLDED.format(name), fold(str(value))
        elif field.type == "day":
            for unit in field.facets:
                yield (
                    PERIOD.format(name, unit),
                    f"{number_date(int(value)):{'%Y' if unit == 'year' else '%Y-%m'}}",
                )


def token(word: str) -> str:
    """Returns a word as it is looked up.

    >>> token("hbm4"), len(token("a" * 40_000))
    ('hbm4', 64)
    """
    if len(word) <= LONGEST_WORD:
        return word
    return hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def marked(run: str) -> str:
    """Returns a run of characters with the marks of its words and numbers.

    >>> marked("升腾910c的").replace(MARK, "|")
    '升腾|910|c|的'
    """
    return _EDGE.sub(MARK, run)


def marked_inside(run: str) -> str:
    """Returns the same without the marks at its ends: what stands there may be part of a longer word.

    >>> marked_inside("b300").replace(MARK, "|")
    'b|300'
    """
    return marked(run).strip(MARK)


def pairs(text: str) -> list[str]:
    """Returns the pairs of a marked run that say all of it: every other one, with gaps between, and the last.

    >>> pairs("先进封装"), pairs("混合键")
    (['先进', '\\x1e', '封装'], ['混合', '合键'])
    """
    last = len(text) - 2
    return [text[place : place + 2] if place % 2 == 0 or place == last else GAP for place in range(last + 1)]
