"""Earlier coverage of what is being put in: articles that hold much of the same text, letter for letter.

    text ─ squeezed ─► shingles (runs of SHINGLE characters), SAMPLED of them, evenly spread
                         └─► looked up in the index, each as a run ─► share of them that an article holds

Broder (On the resemblance and containment of documents, 1997) compares sets of shingles by their containment, and
estimates it from a sample of them. MinHash, the usual sample, needs a sketch of every article to be kept in step
with it; here the index already finds any run of characters at once, so the sample is of the new text alone and
what is counted is exact. What two reports on one event share by chance (a name, a figure) is shorter than a shingle.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.models import Article, Issue
from search.analysis import squeeze
from search.backends.generations import IndexUnavailable
from search.holding import holders

logger = logging.getLogger(__name__)

SHINGLE = 12
"""Characters: longer than nearly every name and figure, shorter than a clause."""
SAMPLED = 32
LEAST_SHARE = 0.25
"""Of the shingles, what an article holds that is worth a look: two paragraphs of eight."""
LEAST_SHINGLES = 3
"""A text with fewer is a headline: that it stands somewhere else says nothing."""
SHOWN = 5
MAX_DRAFTS = 200
"""Unpublished articles that are read; an archive that has more was imported and not published yet."""


@dataclass(frozen=True)
class Similar:
    """An article in the archive that holds `share` (0…1) of a text."""

    article: Article
    share: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def similar_articles(text: str, *, leave_out: int | None = None) -> list[Similar]:
    """Returns published and unpublished articles that hold much of `text`, the most alike first.

    `leave_out` is the id of the article that the text belongs to. Without an index it says nothing.
    """
    shingles = sampled_shingles(text)
    if len(shingles) < LEAST_SHINGLES:
        return []
    try:
        found = holders(shingles)
    except IndexUnavailable as reason:
        logger.warning("nobody is warned of earlier coverage: %s", reason)
        return []
    counts = Counter(article for ids in found.values() for article in ids)
    counts += _in_drafts(shingles)
    counts.pop(leave_out or 0, None)
    likely = [pk for pk, count in counts.most_common(SHOWN) if count >= LEAST_SHARE * len(shingles)]
    articles = Article.objects.select_related("issue").in_bulk(likely)
    return [Similar(articles[pk], counts[pk] / len(shingles)) for pk in likely if pk in articles]


def sampled_shingles(text: str) -> Sequence[str]:
    """Returns different runs of SHINGLE characters out of the squeezed paragraphs of `text`, evenly spread.

    >>> sampled_shingles("太短了")
    []
    """
    paragraphs = [squeeze(line).strip() for line in text.splitlines()]
    starts = [
        (number, start)
        for number, paragraph in enumerate(paragraphs)
        for start in range(0, len(paragraph) - SHINGLE + 1, SHINGLE // 2)
    ]
    step = max(1.0, len(starts) / SAMPLED)
    chosen = [starts[int(place * step)] for place in range(min(SAMPLED, len(starts)))]
    return list(
        dict.fromkeys(paragraphs[number][start : start + SHINGLE].strip() for number, start in chosen)
    )


def _in_drafts(shingles: Sequence[str]) -> Counter[int]:
    """The same for what the index does not hold: drafts are few."""
    counts: Counter[int] = Counter()
    drafts = Article.objects.exclude(issue__in=Issue.objects.published())
    for article in drafts.order_by("-pk")[:MAX_DRAFTS]:
        text = "\n".join(map(squeeze, article.text.splitlines()))
        if count := sum(shingle in text for shingle in shingles):
            counts[article.pk] = count
    return counts
