"""Keeps `Claim` a function of published articles and terms, after each change of either.

    archive.changes ─► note_changes ─ after the commit ─► few articles: read at once
                                                          many:         claims.tasks.read_articles, by the worker

Not in the transaction of a save, which has its budget of statements: what a killed process leaves behind, and what was
written past the use cases, the worker's comparison mends (claims.tasks.compare).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from django.db import DatabaseError, transaction

from archive.models import Article, Revision
from claims.articles import claims_of, subject_ids
from claims.models import Claim
from glossary.current import current_matcher, current_revision, exact_matcher
from glossary.matching import Matcher

logger = logging.getLogger(__name__)

AT_ONCE = 60
"""Articles that a save reads itself, in some hundredths of a second; of more, the worker does."""
BATCH = 200

_values_of = attrgetter(
    *("kind", "low", "high", "since", "until", "unit", "qualifier"),
    *("subject_id", "anchor", "sentence", "start", "end"),
)


def note_changes(
    article_ids: Collection[int], texts: Collection[Article], issue_ids: Collection[int]
) -> None:
    """Has these articles read again. Follows every change of articles (ARCHIVE_FOLLOWERS)."""
    if article_ids:
        at_hand = [article for article in texts if article.pk in article_ids]
        ids = sorted(article_ids)

        def read_again() -> None:
            _after_commit(ids, at_hand)

        transaction.on_commit(read_again, robust=True)


def _after_commit(article_ids: Sequence[int], at_hand: Sequence[Article]) -> None:
    from claims.tasks import read_articles  # which reads with this module

    if len(article_ids) > AT_ONCE:
        for batch in batches(article_ids):
            read_articles.enqueue(batch)
        return
    try:
        bring_up_to_date(article_ids, at_hand)
    except DatabaseError:
        logger.exception("the change is saved; its numbers are read again by the worker's next comparison")


def bring_up_to_date(article_ids: Sequence[int], at_hand: Sequence[Article] = ()) -> list[int]:
    """Makes the claims of these articles what their texts state. Returns the articles that had others.

    Looks first without a lock: mostly all is well, and who saves meanwhile need not wait. For that look, published
    articles that the caller has `at_hand` need not be read.
    """
    changed = _differences(article_ids, current_matcher(), at_hand).articles
    if changed:
        with transaction.atomic():
            different = _differences(changed, exact_matcher())
            Claim.objects.filter(pk__in=different.gone).delete()
            Claim.objects.bulk_create(different.new, batch_size=BATCH)
            Revision.objects.renew()  # pages that were made between the save and this have the old numbers
    return changed


class _Differences(NamedTuple):
    """How stored claims differ from what the texts state."""

    gone: list[int]
    """Ids of rows."""
    new: list[Claim]
    articles: list[int]


def _differences(
    article_ids: Sequence[int], matcher: Matcher, at_hand: Sequence[Article] = ()
) -> _Differences:
    subjects = subject_ids(current_revision())
    articles = list(at_hand)
    if unread := {*article_ids} - {article.pk for article in at_hand}:
        articles += Article.objects.published().filter(pk__in=unread).order_by("pk")
    wanted = {
        (claim.article_id, claim.place): claim
        for article in articles
        for claim in claims_of(article, matcher, subjects)
    }
    stored = {
        (claim.article_id, claim.place): claim for claim in Claim.objects.filter(article__in=article_ids)
    }
    same = {
        key for key, claim in wanted.items() if key in stored and _values_of(stored[key]) == _values_of(claim)
    }
    gone = {key: claim for key, claim in stored.items() if key not in same}
    new = {key: claim for key, claim in wanted.items() if key not in same}
    return _Differences(
        [claim.pk for claim in gone.values()], [*new.values()], sorted({key[0] for key in (*gone, *new)})
    )


def batches(article_ids: Sequence[int]) -> Iterator[list[int]]:
    """Yields the ids, so many at a time that a transaction does not keep others waiting."""
    for start in range(0, len(article_ids), BATCH):
        yield list(article_ids[start : start + BATCH])
