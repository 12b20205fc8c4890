"""Looks a new index over before anybody searches it: is it what was read from the archive?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from search.engines.base import IndexUnavailable
from search.engines.documents import DocumentId
from search.engines.registry import current_engine
from search.query.tree import And, Leaf, Where

SAMPLE = 20
"""Articles that must be found by their own title."""


def verify(index: str, titles: Mapping[int, str]) -> None:
    """Raises IndexUnavailable unless the index opens, and holds exactly these articles, once each.

    `titles` maps the ids of the articles that were read to their titles; some of them are searched for.
    """
    engine = current_engine()
    held = Counter(document.id for document in engine.contents(index)[1])
    wanted = {DocumentId("article", pk) for pk in titles}
    missing, surplus = len(wanted - held.keys()), len(held.keys() - wanted)
    if missing or surplus or held.total() != len(wanted):
        doubled = held.total() - len(held)
        raise _refused(index, f"{missing} articles missing, {surplus} surplus, {doubled} doubled")
    with engine.pinned(index=index):
        sampled = [*titles][:: max(1, len(titles) // SAMPLE)]
        lost = [pk for pk in sampled if not _is_found(pk, titles[pk])]
    if lost:
        raise _refused(index, f"articles {lost} are not found by their own titles")


def _is_found(pk: int, title: str) -> bool:
    leaf = Leaf(title, is_exact=True, field="title")
    return not leaf.run or current_engine().counts([And((leaf, Where("pk", "exact", pk)))]) == [1]


def _refused(index: str, reason: str) -> IndexUnavailable:
    return IndexUnavailable(
        f"the new search index {index} is not what the archive holds ({reason}): "
        "the old one stays; run `manage.py rebuild_index`, and look at the disk when it happens again"
    )
