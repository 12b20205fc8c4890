"""`check_index`: are index and mentions what the database says? Exit code 0 yes, 1 no, 2 nothing can be said."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from glossary import comparison as glossary
from search.engines.base import IndexUnavailable
from search.indexing import comparison, sync
from search.indexing.comparison import Comparison
from search.indexing.state import size_warning

logger = logging.getLogger(__name__)

SHOWN = 20
"""Ids that a line names; --json has all of them."""
KINDS = {
    "missing": "published, but not in the index",
    "stale": "in the index with an old text or old terms",
    "duplicated": "in the index more than once",
    "drafts": "in the index, but not for members to see",
    "surplus": "in the index, but no longer in the archive",
}


class CannotTell(Exception):
    """Why nothing can be said, with the command that helps."""


class Command(BaseCommand):
    help = (
        "Compares the search index with the archive: articles that are missing, stale, surplus or duplicated, "
        "drafts in the index, counts by year; and the mentions of terms with the texts. "
        "Exit code 0: equal. 1: they differ. 2: nothing can be said."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fix",
            action="store_true",
            help="Indexes again what differs, builds an index that can not be read anew, and checks once more.",
        )
        parser.add_argument("--json", action="store_true", help="Prints one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        fix, as_json = options["fix"], options["json"]
        rebuilt_because = ""
        try:
            if fix:
                rebuilt_because = _build_if_unreadable()
            first_words = words = _compare_words()
            if fix and not words.is_equal:
                logger.warning("mentions differed from the archive, mending them: %s", _unlike(words))
                glossary.mend(words)
                words = _compare_words()
            first = found = _compare()
            if fix and not (first.is_equal and first_words.is_equal):
                found = _mend(first)
        except CannotTell as reason:
            if as_json:
                self._print_json({"equal": None, "reason": str(reason)})
            raise CommandError(str(reason), returncode=2) from reason.__cause__
        if as_json:
            was = {"rebuilt_because": rebuilt_because or None, "found": _as_json(first, first_words)}
            warning = {"warning": size_warning(_held(found)) or None}
            self._print_json({**_as_json(found, words), **warning, **(was if fix else {})})
        else:
            if not first_words.is_equal:
                self.stdout.write(_unlike(first_words) + (", mended" if words.is_equal else ""))
            self._print(first, found, rebuilt_because)
        if not (found.is_equal and words.is_equal):
            remedy = "`manage.py rebuild_index` builds it anew" if fix else "`check_index --fix` mends it"
            raise CommandError(f"The index differs from the archive: {remedy}.", returncode=1)

    def _print(self, first: Comparison, found: Comparison, rebuilt_because: str) -> None:
        if rebuilt_because:
            self.stdout.write(f"The index was built anew: {rebuilt_because}.")
        for line in _lines(first):
            self.stdout.write(line)
        if first is not found:
            self.stdout.write(f"{len(first.differing) + first.unknown} mended; compared again:")
            for line in _lines(found):
                self.stdout.write(line)
        if found.is_equal:
            self.stdout.write(f"The index and the archive are equal: {_held(found)} articles.")
        if warning := size_warning(_held(found)):
            self.stdout.write(f"Note: {warning}.")

    def _print_json(self, content: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(content))


def _as_json(found: Comparison, words: glossary.Comparison) -> dict[str, Any]:
    equal = found.is_equal and words.is_equal
    return {**found.to_json(), "equal": equal, "mentions": words.articles, "writings": words.forms}


def _unlike(words: glossary.Comparison) -> str:
    return (
        f"{len(words.articles)} articles with other mentions than their text has, "
        f"{len(words.forms)} writings that are not those of terms"
    )


def _held(found: Comparison) -> int:
    """How many articles are in the index."""
    return sum(in_index for _, in_index in found.years.values())


def _compare() -> Comparison:
    try:
        return comparison.compare()
    except IndexUnavailable as reason:
        raise CannotTell(str(reason)) from reason
    except DatabaseError as error:
        raise _no_database(error) from error


def _compare_words() -> glossary.Comparison:
    try:
        return glossary.compare()
    except DatabaseError as error:
        raise _no_database(error) from error


def _no_database(error: DatabaseError) -> CannotTell:
    return CannotTell(
        f"the database can not be read ({error}): run `manage.py migrate`, and look at DATABASE_URL"
    )


def _build_if_unreadable() -> str:
    """Builds an index anew that can not be read. Returns why, or nothing."""
    try:
        comparison.look_into()
    except IndexUnavailable as reason:
        because = str(reason).split(": run ")[0]
    else:
        return ""
    try:
        sync.rebuild()
    except (OSError, IndexUnavailable, DatabaseError) as error:
        raise CannotTell(f"{because}, and it can not be built anew: {error}") from error
    return because


def _mend(first: Comparison) -> Comparison:
    logger.warning("the index differed from the archive, mending it: %s", "; ".join(_differences(first)))
    try:
        return comparison.mend(first)
    except (OSError, IndexUnavailable, DatabaseError) as error:
        raise CannotTell(f"the index can not be mended: {error}") from error


def _lines(found: Comparison) -> Iterator[str]:
    if found.years:
        yield "year   archive    index"
    for year, (in_database, in_index) in found.years.items():
        yield f"{year} {in_database:9} {in_index:8}{'' if in_database == in_index else '  differs'}"
    yield from _differences(found)
    if found.waiting:
        yield f"{found.waiting} waiting (changed a moment ago; `manage.py update_index` takes them along)"


def _differences(found: Comparison) -> Iterator[str]:
    for kind, meaning in KINDS.items():
        ids = getattr(found, kind)
        if ids:
            named = ", ".join(map(str, ids[:SHOWN])) + (", …" if len(ids) > SHOWN else "")
            yield f"{len(ids)} {kind} ({meaning}): {named}"
    if found.unknown:
        yield f"{found.unknown} unknown (in the index, and no article)"
