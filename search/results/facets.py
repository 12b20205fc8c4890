"""Facets: what a search can be narrowed by, each value with how many results there are once it is asked for.

A value of a group in which nothing is set, and a term, narrows: its count is that of the results that have it. Where a
year (a month, a section, a columnist) is set already, another one widens: its count is that of both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from glossary.folding import fold
from glossary.vocabulary import KIND_LABELS, current_vocabulary
from search.engines.base import Counts
from search.results.request import SearchRequest
from search.text.analysis import term_named

MOST_SHOWN = 6
"""Values of one group that are in sight at once."""
MOST_IN_GROUP = 24
MAX_BYTES = 18_000
"""Of a page of 80,000 with its style sheets, what all values take, those behind the first of each group too."""
EXPLANATION_BYTES = 9_000
"""What the explanation of the results takes of it."""
OTHER_LINKS = 100
"""Links of a page besides, which repeat the search as each value does: hits, pages, orders."""
BYTES_OF_VALUE = 180
"""Of a value with its two links, without what they repeat."""
LEAST_COUNT = 2
"""Results that must mention a term for it to be offered: a list of single results is no facet."""
MOST_IN_API = 100
LABELS = {"year": "年份", "month": "月份", "section": "分栏", "columnist": "栏目作者"}


@dataclass(frozen=True)
class Counted:
    """What an answer counted: how many results, and of each facet the values over them."""

    total: int
    within: Mapping[str, Counts]
    wider: Mapping[str, Counts]
    """Of each group in which something is set: the values over what would be found without that."""


@dataclass(frozen=True)
class Value:
    """A value to narrow by."""

    label: str
    value: str | int
    """What the search is asked for by it."""
    count: int | None
    """How many results that search has; None for a value that is set, which a click takes off."""
    is_excludable: bool = False
    """Whether the search without what has this value may be offered, too."""

    @property
    def is_set(self) -> bool:
        return self.count is None


@dataclass(frozen=True)
class Facet:
    """A group of values: `年份`, `公司` …"""

    name: str
    label: str
    values: list[Value]
    widens: bool = False
    """Whether a further value adds results: another of the group is set."""

    @property
    def shown(self) -> list[Value]:
        return self.values[:MOST_SHOWN]

    @property
    def folded(self) -> list[Value]:
        return self.values[MOST_SHOWN:]


def facets_of(found: Counted, asked: SearchRequest) -> list[Facet]:
    """Returns the groups in which there is something to choose or to take off.

    The longer the query, the fewer values has each group: each is a link that repeats it.
    """
    groups = [
        _any_of("year", found, asked),
        _any_of("month", found, asked),
        _any_of("section", found, asked),
        *_terms(found, asked),
        _any_of("columnist", found, asked),
    ]
    groups = [group for group in groups if group.values]
    repeated = asked.bytes_repeated()
    room = MAX_BYTES - OTHER_LINKS * repeated - EXPLANATION_BYTES * asked.explain
    room //= BYTES_OF_VALUE + 2 * repeated
    most = 1
    while most < MOST_IN_GROUP and sum(min(len(group.values), most + 1) for group in groups) <= room:
        most += 1
    return [Facet(group.name, group.label, group.values[:most], group.widens) for group in groups]


def facet_names(found: Counted, asked: SearchRequest) -> dict[str, list[dict[str, str | int]]]:
    """Returns for each facet its values with the total once they are asked for.

    `{"year": [{"value": "2025", "count": 3}]}`; terms by name. What is asked for already has the total that there is.
    """
    terms = current_vocabulary().terms
    named = {facet: _totals(facet, found, asked) for facet in found.within if facet != "term"}
    counted = found.within.get("term", [])
    named["term"] = [(terms[int(pk)].name, number) for pk, number in counted if int(pk) in terms]
    return {
        facet: [{"value": value, "count": number} for value, number in values[:MOST_IN_API]]
        for facet, values in named.items()
    }


def as_searched(counts: Iterable[tuple[str, int]]) -> Counts:
    """Returns counts of texts as a filter takes them: writings that it does not tell apart are one, the most frequent.

    >>> as_searched([("AI 观察", 3), ("ＡＩ 观察", 2), ("政策", 4)])
    [('AI 观察', 5), ('政策', 4)]
    """
    merged: dict[str, tuple[str, int]] = {}
    for value, number in counts:
        label, before = merged.get(fold(value), (value, 0))
        merged[fold(value)] = label, before + number
    return sorted(merged.values(), key=lambda item: (-item[1], item[0]))


# --- Groups of which any value will do -----------------------------------------------------------------


def _totals(facet: str, found: Counted, asked: SearchRequest) -> Counts:
    """The values of a group, each with the total of the search that asks for it besides."""
    is_text = facet in ("section", "columnist")
    given = [str(value) for value in getattr(asked, facet)]
    if not given:
        counts = found.within.get(facet, [])
        return as_searched(counts) if is_text else counts
    others = found.wider.get(facet, [])
    others = as_searched(others) if is_text else others
    more = [(value, found.total + number) for value, number in others if not _is_among(value, given)]
    return [*((value, found.total) for value in given), *more]


def _is_among(value: str, given: list[str]) -> bool:
    """Whether a value is asked for already; a month also by its number alone, of any year."""
    year, _, month = value.rpartition("-")
    is_month = len(year) == len("2025") and year.isdecimal() and month.isdecimal()
    return fold(value) in map(fold, given) or (is_month and str(int(month)) in given)


def _any_of(facet: str, found: Counted, asked: SearchRequest) -> Facet:
    given = getattr(asked, facet)
    is_excludable = not given and facet != "month"
    others = _totals(facet, found, asked)[len(given) :]
    if not given:
        others = [(value, total) for value, total in others if total < found.total]
    values = [
        *(Value(label_of(facet, value), value, None) for value in given),
        *(
            Value(label_of(facet, value), value, total, is_excludable)
            for value, total in others[:MOST_IN_GROUP]
        ),
    ]
    return Facet(facet, LABELS[facet], values, widens=bool(given))


def label_of(facet: str, value: object) -> str:
    """Returns a value as members read it: `2025年`, `2025年3月`, `3月`."""
    if facet == "year":
        return f"{value}年"
    if facet == "month":
        year, _, month = str(value).rpartition("-")
        return f"{year}年{int(month)}月" if year else f"{month}月"
    return str(value)


# --- Terms, all of which have to be mentioned ----------------------------------------------------------


def _terms(found: Counted, asked: SearchRequest) -> Iterator[Facet]:
    vocabulary = current_vocabulary()
    given = {pk: name for name in asked.term if (pk := term_named(name, vocabulary)) is not None}
    by_kind: dict[str, list[Value]] = {kind: [] for kind in KIND_LABELS}
    for pk, name in given.items():
        term = vocabulary.terms[pk]
        by_kind[term.kind].append(Value(term.name, name, None))
    for text, number in found.within.get("term", ()):
        if number < LEAST_COUNT:  # the most frequent come first
            break
        pk = int(text)
        term_found = vocabulary.terms.get(pk)
        if term_found and number < found.total and pk not in given:
            values = by_kind[term_found.kind]
            if len(values) < MOST_IN_GROUP:
                values.append(Value(term_found.name, term_found.name, number, is_excludable=True))
    for kind, label in KIND_LABELS.items():
        yield Facet("term", label, by_kind[kind])
