"""A damaged index is one that can not answer: whatever its files do is said as IndexUnavailable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines.base import IndexUnavailable
from search.engines.whoosh.generations import Live


@contextmanager
def damage_as_unavailable(path: Path) -> Iterator[None]:
    """Whoosh unpickles its files: from changed bytes it can raise anything at all."""
    try:
        yield
    except IndexUnavailable:
        raise
    except (Exception, MemoryError) as error:
        raise unavailable(path, error) from error


def unavailable(path: Path, error: BaseException) -> IndexUnavailable:
    """Returns what is said of an index whose files raise `error` when they are read."""
    return IndexUnavailable(
        f"the search index in {path.name} can not be read ({error!r}): run `manage.py rebuild_index`"
    )


def refuse_damaged(live: Live, names: Iterable[str]) -> None:
    """Raises IndexUnavailable when one of these files is not as it was committed."""
    damaged = live.manifest.changed(live.path, names)
    if damaged:
        raise IndexUnavailable(
            f"the search index in {live.path.name} is damaged ({', '.join(damaged)}): run `manage.py update_index`"
        )
