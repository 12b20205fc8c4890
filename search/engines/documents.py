"""A text as every engine takes it in: cut into words, squeezed for runs, with the values of its columns."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple, get_args

from search.engines.fields import FIELDS, date_number
from search.text import analysis

Kind = Literal["article", "issue"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Only articles are written today."""

WORD_FIELDS = ("text", "title", "lead")
"""Fields whose words are counted."""


class DocumentId(NamedTuple):
    """What a document is of: the kind of the row in the database, and its key."""

    kind: Kind
    pk: int

    def __str__(self) -> str:
        """Haystack's own identifier: `archive.article.7`."""
        return f"archive.{self.kind}.{self.pk}"

    @classmethod
    def of(cls, identifier: str) -> DocumentId | None:
        """Reads a Haystack identifier; None when it is none of a kind that we know.

        >>> DocumentId.of("archive.article.7"), DocumentId.of("auth.user.7")
        (DocumentId(kind='article', pk=7), None)
        """
        app, _, rest = identifier.partition(".")
        name, _, key = rest.rpartition(".")
        kind = next((kind for kind in KINDS if kind == name), None)
        return cls(kind, int(key)) if app == "archive" and kind and key.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Document:
    """A document to write."""

    id: DocumentId
    words: Mapping[str, list[str]]
    """The words of each of WORD_FIELDS."""
    title_run: str
    body_run: str
    """Squeezed: what runs of characters are looked up in. A line break ends each paragraph."""
    terms: Sequence[int]
    """The different glossary terms in it, ascending."""
    values: Mapping[str, int | str]
    """Of search.engines.fields.FIELDS."""
    digest: bytes
    """A hash of all that it is made from (16 bytes): a comparison tells by it what an index has missed."""


def document_of(prepared: Mapping[str, Any], terms: analysis.TermFinder) -> Document:
    """Makes a document of what Haystack prepared of a row."""
    terms = _FoundOnce(terms)
    matches = terms.find(prepared["text"])
    identity = DocumentId.of(prepared["id"])
    if identity is None:
        raise ValueError(f"{prepared['id']!r} is no document: use one of {', '.join(KINDS)}")
    title, text = prepared["title"], prepared["text"]
    given = {**prepared, **identity._asdict()}
    return Document(
        id=identity,
        words=words_of_fields(title, prepared["lead"], text, terms),
        title_run=analysis.squeeze(title),
        body_run=analysis.squeeze(text.removeprefix(title)),
        terms=sorted({match.term for match in matches}),
        values={name: _value(field.type, given[name]) for name, field in FIELDS.items()},
        digest=digest(prepared, matches),
    )


def _value(type_: str, given: Any) -> int | str:
    match type_:
        case "day":
            return date_number(given)
        case "number":
            return int(given)
    return given or ""


class _FoundOnce:
    """A finder that looks a text up once, however often it is asked for it."""

    def __init__(self, terms: analysis.TermFinder) -> None:
        self.find = cache(terms.find)


def words_of_fields(title: str, lead: str, text: str, terms: analysis.TermFinder) -> dict[str, list[str]]:
    """Returns the words of each field. Title and lead are the text's first lines as a rule, and are cut with it."""
    tokens = analysis.tokenize(text, terms)
    words = [token.word for token in tokens]
    if not f"{text}\n".startswith(f"{title}\n{lead}\n"):
        return {"text": words, "title": analysis.words(title, terms), "lead": analysis.words(lead, terms)}
    # No token leads over the end of a line, and none depends on another line.
    title_end = bisect_left(tokens, len(title), key=_start)
    lead_end = bisect_left(tokens, len(title) + 1 + len(lead), key=_start)
    return {"text": words, "title": words[:title_end], "lead": words[title_end:lead_end]}


_start = attrgetter("start")


def digest(prepared: Mapping[str, Any], matches: Sequence[analysis.TermMatch]) -> bytes:
    """Returns a hash (16 bytes) of everything in the database that a document is made from.

    That is what Haystack prepared, and the glossary as far as it touches this text: which terms stand where
    in it. How text is cut is no part of it: all of an index is cut by one version of that code.
    """
    places = [(match.term, match.start, match.end) for match in matches]
    made_from = repr((sorted(prepared.items()), places))
    return hashlib.blake2b(made_from.encode("utf-8", "surrogatepass"), digest_size=16).digest()
