"""`check_index`: are index and mentions what the database says? Exit code 0 yes, 1 no, 2 nothing can be said."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from glossary import consistency as glossary
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
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
        try:
            rebuilt_because = _build_if_unreadable() if fix else ""
            with _cannot_tell():
                first_words = words = glossary.compare()
                if fix and not words.is_equal:
                    logger.warning("mentions differed from the archive, mending them: %s", _unlike(words))
                    glossary.mend(words)
                    words = glossary.compare()
                first = found = comparison.compare()
            if fix and not (first.is_equal and first_words.is_equal):
                differing = "; ".join(_differences(first))
                logger.warning("the index differed from the archive, mending it: %s", differing)
                with _cannot_tell("the index can not be mended"):
                    found = comparison.mend(first)
        except CommandError as reason:
            if as_json:
                self._print_json({"equal": None, "reason": str(reason)})
            raise
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
            self.stdout.write(
                f"{len(first.differing) + len(first.issues) + first.unknown} mended; compared again:"
            )
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


@contextmanager
def _cannot_tell(what: str = "") -> Iterator[None]:
    """Turns an error into why nothing can be said, with the command that helps."""
    try:
        yield
    except (OSError, IndexUnavailable, DatabaseError) as error:
        reason = f"{what}: {error}" if what else str(error)
        if not what and isinstance(error, DatabaseError):
            reason = (
                f"the database can not be read ({error}): run `manage.py migrate`, and look at DATABASE_URL"
            )
        raise CommandError(reason, returncode=2) from error


def _build_if_unreadable() -> str:
    """Builds an index anew that can not be read. Returns why, or nothing."""
    try:
        deque(current_engine().contents()[1], maxlen=0)
    except IndexUnavailable as reason:
        because = str(reason).split(": run ")[0]
        with _cannot_tell(f"{because}, and it can not be built anew"):
            sync.rebuild()
        return because
    return ""


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
            yield f"{len(ids)} {kind} ({meaning}): {_named(ids)}"
    if found.issues:
        yield f"{len(found.issues)} issues (whose own words are in the index otherwise): {_named(found.issues)}"
    if found.unknown:
        yield f"{found.unknown} unknown (in the index, and neither article nor issue)"


def _named(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids[:SHOWN])) + (", …" if len(ids) > SHOWN else "")
