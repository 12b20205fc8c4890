"""来龙去脉: what was written earlier and later about the matter of an article, as a line of dates.

    terms it shares with others ─► the likest of the index ─► read again through published()
        ─► their titles compared too, the nearer in time the better ─► none below MIN_SCORE ─► by date

Terms of the whole text say what an article touches, terms of its title what it is about: `台积电` stands in every third
text, but two titles that both name 中芯国际 and its turnover tell one story.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

from haystack.query import SearchQuerySet

from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.engines.base import IndexUnavailable, TermCounts
from search.engines.registry import current_engine

CANDIDATES = 40
"""How many of the likest are looked at more closely."""
MOST_EACH_WAY = 4
TITLE_SHARE = 0.5
"""What a title that is about the same adds, where the same text would add 1."""
MIN_TEXT_SCORE = 0.15
MIN_SCORE = 0.3
"""Below these, of the pairs of articles in the demo weeks, most only share a trade: it is better to say nothing."""
HALF_LIFE_DAYS = 182
"""After half a year the same likeness counts half: it is more often another story of the same company."""


@dataclass(frozen=True, slots=True)
class RelatedArticles:
    """Coverage of one matter around an article, each side by date, the oldest first."""

    earlier: Sequence[Article]
    later: Sequence[Article]

    def __bool__(self) -> bool:
        return bool(self.earlier or self.later)


def related_articles(article: Article) -> RelatedArticles:
    """Returns the articles of other issues that follow the same matter as `article`, at most MOST_EACH_WAY a side.

    Nothing when none is like enough, and while no index answers.
    """
    try:
        with current_engine().pinned():
            found = SearchQuerySet().more_like_this(article)[:CANDIDATES]
            likest = {int(row.pk): float(row.score) for row in found if row.score >= MIN_TEXT_SCORE}
            counts = current_engine().term_counts()
    except IndexUnavailable:
        return RelatedArticles((), ())
    about = _terms_of(article.title)
    others = (
        Article.objects.published()
        .headings()
        .select_related("issue")
        .filter(pk__in=likest)
        .exclude(issue=article.issue_id)
    )
    scored = []
    for other in others:
        title = likeness(about, _terms_of(other.title), counts)
        score = (likest[other.pk] + TITLE_SHARE * title) * _nearness(article, other)
        if score >= MIN_SCORE:
            scored.append((score, other))
    scored.sort(key=lambda row: (-row[0], row[1].pk))
    best = [other for _, other in scored]
    earlier = [other for other in best if _place(other) < _place(article)][:MOST_EACH_WAY]
    later = [other for other in best if _place(other) > _place(article)][:MOST_EACH_WAY]
    return RelatedArticles(sorted(earlier, key=_place), sorted(later, key=_place))


def likeness(one: Set[int], other: Set[int], counts: TermCounts) -> float:
    """Returns the cosine between two sets of terms, 0 to 1, each weighing its inverse document frequency.

    >>> likeness({1, 2}, {2, 3}, TermCounts(9, {1: 8, 2: 2, 3: 8}))
    0.814958
    """
    first, second, shared = (
        sum(_weight(counts.counts[term], counts.documents) ** 2 for term in terms if term in counts.counts)
        for terms in (one, other, one & other)
    )
    return round(shared / math.sqrt(first * second), 6) if first and second else 0.0


def _weight(holders: int, documents: int) -> float:
    return max(0.0, math.log(max(documents, 1) / (holders + 1)) + 1)


def _terms_of(title: str) -> set[int]:
    return {match.term for match in current_vocabulary().find(title)}


def _nearness(one: Article, other: Article) -> float:
    days = abs((one.issue.end_date - other.issue.end_date).days)
    return float(0.5 ** (days / HALF_LIFE_DAYS))


def _place(article: Article) -> tuple[dt.date, int]:
    return article.issue.end_date, article.issue_id
