"""Looks a new generation over before anybody searches it: is it what was read from the archive?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from glossary.vocabulary import current_vocabulary
from search.engines.whoosh.evaluation import evaluate
from search.engines.whoosh.generations import IndexUnavailable, Live
from search.engines.whoosh.reading import read_snapshot
from search.engines.whoosh.snapshot import Snapshot
from search.query.tree import Leaf

SAMPLE = 20
"""Articles that must be found by their own title."""


def verify(generation: Live, titles: Mapping[int, str]) -> None:
    """Raises IndexUnavailable unless the generation opens, and holds exactly these articles, once each.

    `titles` maps the ids of the articles that were read to their titles; some of them are searched for.
    """
    try:
        snapshot = read_snapshot(generation, {})
    except IndexUnavailable:
        raise
    except Exception as error:
        raise _refused(generation, f"it can not be read: {error!r}") from error
    held = snapshot.numbers["article"][snapshot.live]
    wanted = np.array(sorted(titles), np.int64)
    if not np.array_equal(np.sort(held), wanted):
        missing, surplus = len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted))
        doubled = len(held) - len(np.unique(held))
        raise _refused(generation, f"{missing} articles missing, {surplus} surplus, {doubled} doubled")
    step = max(1, len(titles) // SAMPLE)
    lost = [pk for pk in list(titles)[::step] if not _is_found(pk, titles[pk], snapshot)]
    if lost:
        raise _refused(generation, f"articles {lost} are not found by their own titles")


def _is_found(pk: int, title: str, snapshot: Snapshot) -> bool:
    leaf = Leaf(title, is_exact=True, field="title")
    if not leaf.run:
        return True
    found = evaluate(leaf, snapshot, current_vocabulary()).documents
    return bool(np.any(snapshot.numbers["article"][found] == pk))


def _refused(generation: Live, reason: str) -> IndexUnavailable:
    return IndexUnavailable(
        f"the new search index {generation.path.name} is not what the archive holds ({reason}): "
        "the old one stays; run `manage.py rebuild_index`, and look at the disk when it happens again"
    )
