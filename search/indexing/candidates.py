"""Which articles may mention a word, known from the index: so that a change of a term need not read all of them."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from archive.models import Article, Issue
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import outbox
from search.models import SetAside

POWER = "^"
"""Stands in the index where a raised digit follows another, and not in what the glossary reads: `10¹⁵` is `10^15`."""


def candidates(keys: Collection[str], limit: int) -> set[int] | None:
    """Returns all articles, drafts too, in whose joined text one of `keys` (Matcher.keys) may stand.

    None when there are more than `limit`, or no index can tell. What the index does not hold is among them: what is
    not published, what changed since, in this transaction too, and what it could not take in.
    """
    engine = current_engine()
    if not engine.has_index:
        return None
    with suppress(IndexUnavailable), engine.pinned() as state:
        held = engine.containing([*keys, POWER])
        if state.position is None:
            return None
        changed = outbox.beyond(state.position, limit + 1)
        if len(changed.numbers) > limit:
            return None
        drafts = Article.objects.exclude(issue__in=Issue.objects.published()).values_list("pk", flat=True)
        aside = SetAside.objects.filter(index=engine.name, kind="article").values_list(
            "article_id", flat=True
        )
        found = changed.articles.union(*held.values(), drafts[: limit + 1], aside[: limit + 1])
        return found if len(found) <= limit else None
    return None
