"""What a member may be about to type: names by their beginning or by pinyin, titles by any part of them. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from search.query.pieces import MINUS
from search.text.analysis import squeeze
from search.text.sounds import initials_of, sounds_of

MAX_WORDS = 8
"""Words at the end of what is typed that are tried as the beginning of one name: `SK hy` is of SK hynix."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name to propose, what kind of thing it names, its writings, and how many articles there are of it."""

    name: str
    kind: str
    writings: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class NameCompletion:
    """A proposed name, and the writing by which it was found."""

    entry: Entry
    writing: str
    typed: int = 0
    """How many characters of the writing are typed already."""


class Names:
    """Completes names by how they are written, how they sound, and the initials of how they sound."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        keys = []
        for entry in entries:
            for writing in dict.fromkeys((entry.name, *entry.writings)):
                folded = squeeze(writing)
                keys.append((folded, False, entry, writing))
                if not folded.isascii():
                    keys += [(sound, False, entry, writing) for sound in sounds_of(folded)]
                    keys += [(letters, True, entry, writing) for letters in initials_of(folded)]
        keys.sort(key=lambda key: key[0])
        self._keys = [key for key, *_found in keys]
        self._found = [(are_initials, entry, writing) for _key, are_initials, entry, writing in keys]

    def starting_with(self, typed: str, most: int) -> list[NameCompletion]:
        """Returns the names that `typed` begins, in letters or in sound; then those whose initials it begins.

        >>> names = Names([Entry("台积电", "company", ("TSMC",), 30), Entry("湖北", "place", (), 40)])
        >>> [found.writing for text in ("台", "tai", "tjd", "ts", "hb") for found in names.starting_with(text, 2)]
        ['台积电', '台积电', '台积电', 'TSMC', '湖北']
        """
        prefix = squeeze(typed).strip()
        ranks: dict[str, tuple[bool, int, str]] = {}
        found: dict[str, tuple[Entry, str]] = {}
        place = bisect_left(self._keys, prefix) if prefix else len(self._keys)
        while place < len(self._keys) and self._keys[place].startswith(prefix):
            are_initials, entry, writing = self._found[place]
            rank = (are_initials, -entry.count, entry.name)
            ranks[entry.name] = min(rank, ranks.get(entry.name, rank))
            if entry.name not in found or writing == entry.name:  # by its name rather than by an alias
                found[entry.name] = (entry, writing)
            place += 1
        best = sorted(ranks, key=ranks.__getitem__)[:most]
        return [
            NameCompletion(entry, writing, _typed_of(writing, prefix))
            for entry, writing in map(found.__getitem__, best)
        ]


class Titles:
    """Finds titles that hold what is typed, in the order in which they were given."""

    def __init__(self, titles: Sequence[tuple[int, str]]) -> None:
        """`titles` are `(id, title)`, the newest first."""
        self._ids = [pk for pk, _title in titles]
        self._text = "\n".join(squeeze(title).replace("\n", " ") for _pk, title in titles)
        self._starts = [0, *accumulate(len(line) + 1 for line in self._text.split("\n"))]

    def holding(self, typed: str, most: int) -> list[int]:
        """Returns the ids of titles that hold `typed` as one run, or else every word of it."""
        return self._holding([typed], most) or self._holding(typed.split()[:MAX_WORDS], most)

    def _holding(self, words: Sequence[str], most: int) -> list[int]:
        runs = [squeeze(word).strip() for word in words]
        if not runs or not all(runs) or "\n" in "".join(runs):
            return []
        longest = max(runs, key=len)
        found: list[int] = []
        place = self._text.find(longest)
        while place >= 0 and len(found) < most:
            line = bisect_left(self._starts, place + 1) - 1
            end = self._starts[line + 1]
            if all(self._text.find(run, self._starts[line], end - 1) >= 0 for run in runs):
                found.append(self._ids[line])
            place = self._text.find(longest, end)
        return found


class Completer:
    """Knows the terms, titles, columnists and issues of one state of the archive."""

    def __init__(
        self,
        entries: Iterable[Entry],
        titles: Sequence[tuple[int, str]],
        columnists: Iterable[Entry] = (),
        issues: Sequence[tuple[int, str]] = (),
    ) -> None:
        """`titles` are `(id of the article, title)`, `issues` `(id, name and dates as written)`, the newest first."""
        self._terms = Names(entries)
        self._columnists = Names(columnists)
        self._titles = Titles(titles)
        self._issues = Titles(issues)

    def terms(self, typed: str, most: int = 6) -> list[NameCompletion]:
        """Returns the terms that `typed` begins."""
        return self._terms.starting_with(typed, most)

    def last_terms(self, typed: str, most: int = 6) -> tuple[str, list[NameCompletion]]:
        """Returns what stands before the last name, as it was typed, and the terms that the rest begins.

        >>> completer = Completer([Entry("台积电", "company", (), 30), Entry("SK海力士", "company", (), 9)], [])
        >>> [(before, found[0].entry.name) for before, found in map(completer.last_terms, ("英伟达 tai", "sk 海"))]
        [('英伟达 ', '台积电'), ('', 'SK海力士')]
        """
        return _last(self._terms, typed, most)

    def last_columnists(self, typed: str, most: int = 2) -> tuple[str, list[NameCompletion]]:
        """Returns what stands before the last name, and the columnists that the rest begins."""
        return _last(self._columnists, typed, most)

    def titles(self, typed: str, most: int = 4) -> list[int]:
        """Returns the articles whose titles hold `typed`, the newest first."""
        return self._titles.holding(typed, most)

    def issues(self, typed: str, most: int = 2) -> list[int]:
        """Returns the issues whose name or date holds `typed`, the newest first. One character says too little."""
        return self._issues.holding(typed, most) if len(squeeze(typed).strip()) > 1 else []


def spans_of(typed: str, text: str) -> list[Span]:
    """Returns where `text` holds what was typed: as one run, or else each word of it.

    >>> spans_of("910C怎么", "昇腾 910C 怎么看"), spans_of("怎么 昇腾", "昇腾 910C 怎么看")
    ([(3, 10)], [(0, 2), (8, 10)])
    """
    squeezed = squeeze(text)
    for words in ([typed], typed.split()[:MAX_WORDS]):
        runs = [run for word in words if (run := squeeze(word).strip())]
        places = [(squeezed.find(run), len(run)) for run in runs]
        if places and all(place >= 0 for place, _length in places):
            spans = sorted((_place(text, place), _end(text, place + length)) for place, length in places)
            return list(_merged(spans))
    return []


def _last(names: Names, typed: str, most: int) -> tuple[str, list[NameCompletion]]:
    """The longest end of what is typed that begins a name counts: `SK 海` is one, though `海` is another."""
    starts = [word.start() for word in re.finditer(r"\S+", typed)][-MAX_WORDS:]
    for start in starts:
        name = start + (typed[start] in MINUS)
        if found := names.starting_with(typed[name:], most):
            return typed[:name], found
    return "", []


def _typed_of(writing: str, prefix: str) -> int:
    """How many characters of `writing` say, or sound as, `prefix`."""
    if squeeze(writing).startswith(prefix):
        return _end(writing, len(prefix))
    for length in range(1, len(writing)):
        begun = squeeze(writing[:length])
        if any(said.startswith(prefix) for said in (*sounds_of(begun), *initials_of(begun))):
            return length
    return len(writing)


def _place(text: str, place: int) -> int:
    """Where the character number `place` of the squeezed text stands in `text`."""
    return _end(text, place + 1) - 1


def _end(text: str, length: int) -> int:
    """How much of `text` gives `length` characters when it is squeezed."""
    return bisect_left(range(len(text)), length, key=lambda end: len(squeeze(text[:end])))


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Joins spans that touch or overlap. They come in order."""
    last: Span | None = None
    for start, end in spans:
        if last and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last
