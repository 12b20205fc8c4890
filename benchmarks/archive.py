"""Makes an archive of generated weeks on disk: database and static files, in a folder of its own."""

from __future__ import annotations

import sys
from itertools import islice
from typing import NamedTuple

from benchmarks import corpus

BATCH_OF_WEEKS = 50
SAMPLED_ARTICLES = 10_000
"""How many articles are counted to tell rare from common words."""


def prepare() -> None:
    """Makes tables and static files in an empty data folder. Django must be set up."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


class Made(NamedTuple):
    statistics: corpus.Statistics
    queries: list[corpus.BenchQuery]


def make(
    articles: int, queries_per_class: int, seed: int = corpus.SEED, characters: int = corpus.CHARACTERS
) -> Made:
    """Fills the empty database with generated weeks; its tables are there."""
    from archive.models import Article
    from search.engines.registry import current_engine

    # While this lock is held, saving does not write the index: it is built and timed later.
    with current_engine().lock("maintain", 60):
        _store(articles, seed, characters)
    sample = [
        article.text for article in Article.objects.order_by("pk")[:SAMPLED_ARTICLES].iterator(chunk_size=500)
    ]
    statistics = corpus.statistics(sample)
    return Made(statistics, corpus.queries(statistics, sample, queries_per_class, seed))


def _store(articles: int, seed: int, characters: int = corpus.CHARACTERS) -> None:
    from django.db import transaction

    from archive.body import from_text
    from archive.models import Article, Issue

    weeks = corpus.weeks(-(-articles // corpus.ARTICLES_A_WEEK), seed, characters=characters)
    while batch := list(islice(weeks, BATCH_OF_WEEKS)):
        with transaction.atomic():
            issues = Issue.objects.bulk_create(
                Issue(
                    title=week.title,
                    slug=str(week.end_date),
                    start_date=week.start_date,
                    end_date=week.end_date,
                    columnist=week.columnist,
                    status=Issue.Status.PUBLISHED,
                )
                for week in batch
            )
            Article.objects.bulk_create(
                Article(
                    issue=issue, position=position, title=article.title, body=from_text(article.paragraphs)
                )
                for issue, week in zip(issues, batch, strict=True)
                for position, article in enumerate(week.articles, start=1)
            )


if __name__ == "__main__":
    # python -m benchmarks.archive ARTICLES: the archive in $XWK_DATA_DIR, to look at or to profile.
    import django

    django.setup()
    prepare()
    for row in make(int(sys.argv[1]), 1).statistics.describe():
        print(*row, sep=": ")
