"""A text as every engine takes it in: cut into words, joined for runs, with the values of its columns."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple, get_args

from search.engines.fields import FIELDS, date_number
from search.text import analysis
from search.text.runs import run_of, runs_of_text

Kind = Literal["article", "issue"]
KINDS: tuple[Kind, ...] = get_args(Kind)

WORD_FIELDS = ("text", "title", "lead")
"""Fields of an article whose words are counted, by how often they stand in articles."""
ISSUE_FIELDS = {"text": "issue_text", "title": "issue_title"}
"""Where the words of an issue are: in fields of their own, so that articles are ranked as if there were no issues."""


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
    words: Mapping[str, Mapping[str, int]]
    """The words of each of WORD_FIELDS, and how often each stands there; of an issue, those of ISSUE_FIELDS."""
    title_run: str
    body_run: str
    """What runs of characters are looked up in (search.text.runs). A line break ends each paragraph."""
    terms: Sequence[int]
    """The different glossary terms in it, ascending."""
    values: Mapping[str, int | str]
    """Of search.engines.fields.FIELDS."""
    digest: bytes
    """A hash of all that it is made from (16 bytes): a comparison tells by it what an index has missed."""


def document_of(prepared: Mapping[str, Any], terms: analysis.TermFinder) -> Document:
    """Makes a document of what Haystack prepared of a row."""
    identity = DocumentId.of(prepared["id"])
    if identity is None:
        raise ValueError(f"{prepared['id']!r} is no document: use one of {', '.join(KINDS)}")
    terms = _FoundOnce(terms if identity.kind == "article" else analysis.NO_TERMS)
    matches = terms.find(prepared["text"])
    title, text = prepared["title"], prepared["text"]
    given = {**prepared, **identity._asdict()}
    # What is taken out of a title is visible too, but is looked for in all of the text alone.
    body_run = runs_of_text(text).removeprefix(run_of(title))
    words = (
        words_of_fields(title, prepared["lead"], text, terms)
        if identity.kind == "article"
        else words_of_issue(title, text)
    )
    return Document(
        id=identity,
        words={field: Counter(words_of_field) for field, words_of_field in words.items()},
        title_run=run_of(title),
        body_run=body_run,
        terms=sorted({match.term for match in matches}),
        values={name: _value(field.type, given.get(name)) for name, field in FIELDS.items()},
        digest=digest(prepared, matches),
    )


def _value(type_: str, given: Any) -> int | str:
    match type_:
        case "day":
            return date_number(given)
        case "number":
            return int(given or 0)
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


def words_of_issue(title: str, text: str) -> dict[str, list[str]]:
    """Returns the words of an issue's fields as they stand there: what is found is its own words, no term's others."""
    return {ISSUE_FIELDS["text"]: analysis.words(text), ISSUE_FIELDS["title"]: analysis.words(title)}


def digest(prepared: Mapping[str, Any], matches: Sequence[analysis.TermMatch]) -> bytes:
    """Returns a hash (16 bytes) of everything in the database that a document is made from.

    That is what Haystack prepared, and the glossary as far as it touches this text: which terms stand where
    in it. How text is cut is no part of it: all of an index is cut by one version of that code.
    """
    places = [(match.term, match.start, match.end) for match in matches]
    made_from = repr((sorted(prepared.items()), places))
    return hashlib.blake2b(made_from.encode("utf-8", "surrogatepass"), digest_size=16).digest()
