"""What the worker does for the numbers of articles."""

from __future__ import annotations

import logging

from django_tasks import task

from archive.models import Article
from claims.following import batches, bring_up_to_date
from claims.models import Claim
from glossary.current import look_again

logger = logging.getLogger(__name__)


@task(queue_name="long")
def read_articles(article_ids: list[int]) -> None:
    """Reads the numbers of articles that changed, of which there were too many for their save."""
    look_again()  # the words may have changed within this second, too
    bring_up_to_date(article_ids)


@task(queue_name="long")
def compare() -> None:
    """Reads every article again, and mends what is stored otherwise: after an upgrade, a crash, a bare change."""
    look_again()
    articles = set(Article.objects.published().values_list("pk", flat=True))
    articles |= set(Claim.objects.order_by().values_list("article", flat=True).distinct())
    mended = [pk for batch in batches(sorted(articles)) for pk in bring_up_to_date(batch)]
    if mended:
        logger.warning("%d articles had other numbers than their texts, mended", len(mended))
