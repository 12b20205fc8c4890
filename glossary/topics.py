"""Terms as topics for readers: which there are, which rise, what an article says of one, which go together.

Only what members may see is counted, and a term that no published article mentions is no topic: an editor who
prepares a week must not give away whom it will be about. What is counted over the whole archive is kept under
the state of archive and words, so that it is counted once for many pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString

from archive.addresses import address_of
from archive.excerpts import excerpt
from archive.models import Article
from archive.models import Revision as ArchiveRevision
from archive.revisions import current_values
from glossary.association import LIKELY, SURE, log_likelihood
from glossary.current import current_matcher
from glossary.models import Mention, Revision, Term

RECENT = dt.timedelta(weeks=4)
BEFORE = dt.timedelta(weeks=24)
"""The four weeks up to the newest issue are compared with the 24 weeks before them."""
FEWEST_RECENT = 3
"""A topic needs this many articles in these four weeks to rise: two may be one event, reported twice."""
FEWEST_TOGETHER = 2
MOST_COMPANIONS = 18
FEW_ARTICLES = 500

_State = tuple[str, str]


class Topic(NamedTuple):
    """A term that members can read about, with the number of articles that mention it."""

    pk: int
    name: str
    slug: str
    kind: str
    articles: int

    @property
    def url(self) -> str:
        return address_of("glossary:topic-detail", self.slug)

    @property
    def kind_label(self) -> str:
        return str(Term.Kind(self.kind).label)


class Rise(NamedTuple):
    """A topic that is mentioned in more articles of the last four weeks than before, and how surely."""

    topic: Topic
    recent: int
    """Articles of these weeks that mention it."""
    recent_share: float
    earlier_share: float
    """Of the articles of either time, from 0 to 1."""
    score: float
    """log_likelihood"""


class Companion(NamedTuple):
    """A topic that is mentioned in the same articles as another, more often than by chance."""

    topic: Topic
    together: int
    """Articles that mention both."""
    score: float
    """log_likelihood"""


class MentioningArticle(NamedTuple):
    """An article that mentions a topic, and its date."""

    pk: int
    end_date: dt.date


class Passage(NamedTuple):
    """A passage that mentions a topic: HTML with the mentions marked, and the block that it is from."""

    html: SafeString
    anchor: str


def topics() -> Mapping[int, Topic]:
    """Returns every topic by the id of its term, in order of its address: by pinyin and letter."""
    return _topics(_state())


def term_of(slug: str) -> Term:
    """Returns the term of a topic. Raises Http404 when there is none, or no published article mentions it."""
    term = get_object_or_404(Term, slug=slug)
    if term.pk not in topics():
        raise Http404(f"no published article mentions {term.name}")
    return term


def rising() -> Sequence[Rise]:
    """Returns the topics whose share of articles has grown, the surest first; none while the archive is young.

    Growth is judged by G² (glossary.association), as Paul Rayson and Roger Garside compare corpora ("Comparing
    Corpora using Frequency Profiling", 2000): a topic that went from 1 article to 4 is below one that went from
    10 to 30, and what may well be chance (p > 0.05) is left out.
    """
    return _rising(_state())


def mentioning(term: Term) -> list[MentioningArticle]:
    """Returns the published articles that mention `term`, newest first, without their texts."""
    rows = (
        term.published_articles()
        .order_by("-issue__end_date", "-issue", "position")
        .values_list("pk", "issue__end_date")
    )
    return [MentioningArticle(*row) for row in rows]


def companions(term: Term, articles: Sequence[MentioningArticle]) -> list[Companion]:
    """Returns what `term` is mentioned with in `articles`, which are all that mention it, the surest first.

    Ranked by G²: a count alone would put the words first that stand everywhere. Only what is above chance
    (p < 0.01) is returned, MOST_COMPANIONS at most.
    """
    state = _state()
    known, total = _topics(state), sum(number for _, number in _articles_by_day(state))
    found = []
    for pk, together in _together(term, articles):
        topic = known.get(pk)
        if topic is not None:
            score = _score(together, len(articles), topic.articles, total)
            if score > SURE:
                found.append(Companion(topic, together, score))
    found.sort(key=lambda companion: (-companion.score, companion.topic.slug))
    return found[:MOST_COMPANIONS]


def articles_by_day() -> Sequence[tuple[dt.date, int]]:
    """Returns the last days of the published issues with their numbers of articles, oldest first."""
    return _articles_by_day(_state())


def passage(article: Article, term: Term) -> Passage:
    """Returns the first paragraph of `article` that mentions `term`, around the mention.

    Where only the title mentions it, that is the beginning of the article.
    """
    matcher = current_matcher()
    blocks = [block for block in article.blocks if block.text]
    for block in blocks:
        found = [match for match in matcher.find(block.text) if match.term == term.pk]
        if found:
            return Passage(excerpt(block.text, found, found[0].start), block.anchor)
    return Passage(excerpt(blocks[0].text, [], 0) if blocks else SafeString(), "")


def _state() -> _State:
    """Returns the cache key of everything here: mentions change only with articles and terms."""
    archive, words = current_values(ArchiveRevision, Revision)
    return archive, words


@lru_cache(maxsize=2)
def _topics(state: _State) -> Mapping[int, Topic]:
    counted = dict(Mention.objects.published().order_by().values_list("term").annotate(articles=Count("pk")))
    terms = Term.objects.order_by("slug").values_list("pk", "name", "slug", "kind")
    return {pk: Topic(pk, name, slug, kind, counted[pk]) for pk, name, slug, kind in terms if pk in counted}


@lru_cache(maxsize=2)
def _articles_by_day(state: _State) -> Sequence[tuple[dt.date, int]]:
    rows = (
        Article.objects.published().order_by().values_list("issue__end_date").annotate(articles=Count("pk"))
    )
    return sorted(rows)


@lru_cache(maxsize=2)
def _rising(state: _State) -> Sequence[Rise]:
    known_days = _articles_by_day(state)
    if not known_days:
        return []
    since = known_days[-1][0] - RECENT
    days = [(day, number) for day, number in known_days if day > since - BEFORE]
    total = sum(number for _, number in days)
    recent_total = sum(number for day, number in days if day > since)
    if recent_total == total:
        return []
    known = _topics(state)
    found = []
    for pk, recent, both_times in _mentioned_since(since):
        score = _score(recent, recent_total, both_times, total)
        if recent >= FEWEST_RECENT and score > LIKELY and pk in known:
            earlier_share = (both_times - recent) / (total - recent_total)
            found.append(Rise(known[pk], recent, recent / recent_total, earlier_share, score))
    return sorted(found, key=lambda rise: (-rise.score, rise.topic.slug))


def _mentioned_since(since: dt.date) -> QuerySet[Mention, tuple[int, int, int]]:
    """Returns terms with the numbers of articles that mention them: after `since`, and in both periods."""
    articles = Article.objects.published().filter(issue__end_date__gt=since - BEFORE)
    return (
        Mention.objects.filter(article__in=articles)
        .order_by()
        .values("term")
        .annotate(recent=Count("pk", filter=Q(article__issue__end_date__gt=since)), both_times=Count("pk"))
        .values_list("term", "recent", "both_times")
    )


def _score(both: int, first: int, second: int, total: int) -> float:
    """Returns the log-likelihood ratio, also when an issue was published between the counts and they contradict."""
    first, second = max(first, both), max(second, both)
    return log_likelihood(both, first, second, max(total, first + second - both))


def _together(term: Term, articles: Sequence[MentioningArticle]) -> list[tuple[int, int]]:
    """Returns other terms with the number of published articles that mention both."""
    # For a few articles an index lookup each; for many it is faster to read all mentions.
    few = [article.pk for article in articles] if len(articles) <= FEW_ARTICLES else None
    counted = (
        Mention.objects.filter(article__in=few or term.published_articles().order_by())
        .exclude(term=term)
        .order_by()
        .values("term")
        .annotate(together=Count("pk"))
        .filter(together__gte=FEWEST_TOGETHER)
    )
    return [(row["term"], row["together"]) for row in counted]
