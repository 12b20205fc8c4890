"""What a member may be about to type: terms by their beginning or by pinyin, and titles. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.text.analysis import squeeze
from search.text.sounds import initials_of, sounds_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A term to propose: its name, its writings, and how many articles mention it."""

    name: str
    kind: str
    writings: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class TermCompletion:
    """A proposed term, and the writing by which it was found."""

    entry: Entry
    writing: str


class Completer:
    """Knows the terms and titles of one state of the archive."""

    def __init__(self, entries: Iterable[Entry], titles: Sequence[tuple[int, str]]) -> None:
        """`titles` are `(id of the article, title)`, the newest first."""
        keys = []
        for entry in entries:
            for writing in dict.fromkeys((entry.name, *entry.writings)):
                folded = squeeze(writing)
                spoken = [] if folded.isascii() else [*sounds_of(folded), *initials_of(folded)]
                keys += [(key, entry, writing) for key in (folded, *spoken)]
        keys.sort(key=lambda key: key[0])
        self._keys = [key for key, _entry, _writing in keys]
        self._found = [(entry, writing) for _key, entry, writing in keys]
        self._articles = [pk for pk, _title in titles]
        self._title_text = "\n".join(squeeze(title) for _pk, title in titles)
        self._title_starts = [0]
        for line in self._title_text.split("\n"):
            self._title_starts.append(self._title_starts[-1] + len(line) + 1)

    def terms(self, typed: str, most: int = 6) -> list[TermCompletion]:
        """Returns the terms that `typed` begins, in letters or in sound; the most mentioned first.

        >>> completer = Completer([Entry("台积电", "company", ("TSMC",), 30)], [])
        >>> [found.writing for text in ("台", "tai", "tjd", "ts") for found in completer.terms(text)]
        ['台积电', '台积电', '台积电', 'TSMC']
        """
        prefix = squeeze(typed).strip()
        found: dict[str, TermCompletion] = {}
        place = bisect_left(self._keys, prefix) if prefix else len(self._keys)
        while place < len(self._keys) and self._keys[place].startswith(prefix):
            entry, writing = self._found[place]
            if entry.name not in found or writing == entry.name:  # by its name rather than by an alias
                found[entry.name] = TermCompletion(entry, writing)
            place += 1
        return sorted(found.values(), key=lambda item: (-item.entry.count, item.entry.name))[:most]

    def titles(self, typed: str, most: int = 4) -> list[int]:
        """Returns the articles whose titles hold `typed`, the newest first."""
        run = squeeze(typed).strip()
        found: list[int] = []
        place = self._title_text.find(run) if run and "\n" not in run else -1
        while place >= 0 and len(found) < most:
            line = bisect_left(self._title_starts, place + 1) - 1
            found.append(self._articles[line])
            place = self._title_text.find(run, self._title_starts[line + 1])
        return found
