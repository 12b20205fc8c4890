"""Finds earlier coverage of a text: articles that hold much of it, letter for letter.

    text ─ squeezed ─► shingles (runs of SHINGLE characters), SAMPLED of them, evenly spread
                         └─► looked up in the index, each as a run ─► share of them that an article holds

Broder (On the resemblance and containment of documents, 1997) compares sets of shingles by their containment, and
estimates it from a sample of them. MinHash, the usual sample, needs a sketch of every article to be kept in step
with it; here the index already finds any run of characters at once, so the sample is of the new text alone and
what is counted is exact. What two reports on one event share by chance (a name, a figure) is shorter than a shingle.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Max

from archive.models import Article, ArticleQuerySet, Issue, Revision
from archive.publication_checks import Finding
from archive.statements import Statement
from search.engines.base import IndexUnavailable
from search.indexing import visible
from search.text.analysis import squeeze

logger = logging.getLogger(__name__)

SHINGLE = 12
"""Characters: longer than nearly every name and figure, shorter than a clause."""
SAMPLED = 32
LEAST_SHARE = 0.25
"""An article that holds this share of the shingles is worth a look: two paragraphs of eight."""
LEAST_SHINGLES = 3
"""A text with fewer is a headline: finding it elsewhere says nothing."""
SHOWN = 5
MAX_DRAFTS = 200
"""Unpublished articles that are read at most: only an archive that is still being imported has more."""
KEPT_SECONDS = 3600

_HEADINGS = Statement(
    lambda ids: Article.objects.headings().filter(pk__in=ids).select_related("issue").order_by()
)
_Shares = Sequence[tuple[int, float]]
"""Ids of articles, and which part of a text each holds."""


class NearDuplicate(NamedTuple):
    """An article in the archive that holds `share` (0…1) of a text."""

    article: Article
    share: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


class Earlier(NamedTuple):
    """An article of the archive that another resembles: it has its title, or holds `percent` of its text."""

    article: Article
    has_same_title: bool
    percent: int
    """0 when only the title is the same."""

    @property
    def said(self) -> str:
        """Returns what is the same, in words."""
        if not self.percent:
            return "文库里已经有同样标题的文章"
        if self.has_same_title:
            return f"这一篇文库里多半已经有了，标题一样，约 {self.percent}% 的文字相同"
        return f"文库里有一篇很像，约 {self.percent}% 的文字相同"


def earlier_articles(written: Sequence[tuple[str, str]], but_for: Issue | None = None) -> list[list[Earlier]]:
    """Returns for each title and text the articles of the archive that resemble it, the most alike first.

    Those of the issue `but_for` are left out. Cheap to ask again: what was found for a text is kept.
    """
    of_title: dict[str, list[Article]] = {}
    titles = [title for title, _ in written if title]
    for article in Article.objects.headings().filter(title__in=titles).select_related("issue"):
        of_title.setdefault(article.title, []).append(article)
    alike = near_duplicates([text for _, text in written])
    found = []
    for (title, _), similar in zip(written, alike, strict=True):
        percents = {each.article: each.percent for each in similar}
        named = of_title.get(title, [])
        articles = [one for one in dict.fromkeys([*percents, *named]) if one.issue != but_for][:SHOWN]
        found.append([Earlier(article, article in named, percents.get(article, 0)) for article in articles])
    return found


def about_earlier(issue: Issue, articles: Sequence[Article]) -> Iterator[Finding]:
    """Yields for each article of an issue what the archive already holds of it (settings.PUBLICATION_CHECKS)."""
    written = [(article.title, article.text) for article in articles]
    for article, found in zip(articles, earlier_articles(written, but_for=issue), strict=True):
        for earlier in found:
            day = f"{earlier.article.issue.end_date} 第 {earlier.article.position} 篇"
            message = f"{earlier.said}（{day}《{earlier.article.title}》）。"
            yield Finding("article-earlier", message, article, other=earlier.article.issue)


def near_duplicates(texts: Sequence[str]) -> list[list[NearDuplicate]]:
    """Returns for each text the articles, published or not, that hold much of it, the most alike first.

    At most SHOWN, and one more for who leaves out the article that the text belongs to. What was found for a text is
    kept until archive or index change, so that a page may ask again and again. Without an index it finds nothing.
    """
    try:
        with visible.pinned() as index:
            state = f"{Revision.objects.current()} {index.content} {_state_of_drafts()}"
            keys = {text: _key(state, text) for text in texts}
            kept: dict[str, _Shares] = cache.get_many(keys.values())
            if missing := {text: key for text, key in keys.items() if key not in kept}:
                new = dict(zip(missing.values(), _shares(list(missing)), strict=True))
                cache.set_many(new, KEPT_SECONDS)
                kept |= new
    except IndexUnavailable as reason:
        logger.warning("nobody is warned of earlier coverage: %s", reason)
        return [[] for _ in texts]
    likely: list[Article] = _HEADINGS.rows(sorted({pk for shares in kept.values() for pk, _ in shares}))
    articles = {article.pk: article for article in likely}
    return [
        [NearDuplicate(articles[pk], share) for pk, share in kept[keys[text]] if pk in articles]
        for text in texts
    ]


def _key(state: str, text: str) -> str:
    return f"insight.duplicates:{hashlib.sha256(f'{state} {text}'.encode()).hexdigest()}"


def _shares(texts: Sequence[str]) -> list[_Shares]:
    """Returns for each text the ids of the articles that hold much of it, with their shares; the most alike first."""
    shingles = [sampled_shingles(text) for text in texts]
    published = visible.containing({run for runs in shingles for run in runs})
    in_drafts = _in_drafts({run for runs in shingles for run in runs})
    shares: list[_Shares] = []
    for runs in shingles:
        counts = Counter(pk for run in runs for pk in (*published[run], *in_drafts.get(run, ())))
        least = LEAST_SHARE * len(runs) if len(runs) >= LEAST_SHINGLES else math.inf
        likely = [(pk, count / len(runs)) for pk, count in counts.most_common(SHOWN + 1) if count >= least]
        shares.append(likely)
    return shares


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


def _drafts() -> ArticleQuerySet:
    return Article.objects.exclude(issue__in=Issue.objects.published())


def _state_of_drafts() -> dict[str, Any]:
    """What changes with every article that members do not see, of which the archive's revision tells nothing."""
    return _drafts().aggregate(newest=Max("pk"), articles=Count("pk"), changed_at=Max("updated_at"))


def _in_drafts(runs: Collection[str]) -> dict[str, list[int]]:
    """Returns for each run the drafts that contain it: they are few, and not in the index."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for article in _drafts().order_by("-pk")[:MAX_DRAFTS] if runs else ():
        text = "\n".join(map(squeeze, article.text.splitlines()))
        for run in runs:
            if run in text:
                found[run].append(article.pk)
    return found
