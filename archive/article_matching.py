"""Matches the articles of an issue with those of its replacement. Pure: needs titles and texts, no database."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from itertools import combinations

from archive.body import text_of
from archive.models import Article
from archive.week import WeekArticle

LEAST_SIMILARITY = 0.6
LONG_PARAGRAPH = 12
"""Characters: a shorter paragraph (`快讯`, `来源：官网`) says nothing of what an article is."""
MOST_SHARING = 5
"""Articles of a week; a paragraph that more of them share is a disclaimer."""


def match_articles(existing: Sequence[Article], incoming: Sequence[WeekArticle]) -> dict[int, Article]:
    """Returns place in `incoming` → the existing article that it is.

    First by title, whatever the spelling of digits and punctuation; then by text, for an article that was
    renamed; last by position, but only when the issue has as many articles as before: else something was put
    in or taken out, and an old link would land on another story.
    """
    found: dict[int, Article] = {}
    by_title: defaultdict[str, deque[Article]] = defaultdict(deque)
    for article in existing:
        by_title[title_key(article.title)].append(article)
    for place, new in enumerate(incoming):
        if same := by_title[title_key(new.title)]:
            found[place] = same.popleft()
    left = [article for titles in by_title.values() for article in titles]
    open_places = [place for place in range(len(incoming)) if place not in found]
    _match_texts(left, open_places, incoming, found)
    if len(existing) == len(incoming):
        position_of = {article.pk: place for place, article in enumerate(existing)}
        for article in [article for article in left if position_of[article.pk] not in found]:
            found[position_of[article.pk]] = article
    return found


def same_articles(articles: Sequence[Article]) -> list[tuple[Article, Article]]:
    """Returns pairs of articles of one issue that are the same story: one title, or nearly the same text.

    Linear in the articles: only those that share a paragraph or their title are compared.
    """
    sharing: defaultdict[str, list[Article]] = defaultdict(list)
    for article in articles:
        texts = {block.text for block in article.blocks if len(block.text) >= LONG_PARAGRAPH}
        for key in (f"title {title_key(article.title)}", *texts):
            sharing[key].append(article)
    found: dict[tuple[int, int], tuple[Article, Article]] = {}
    for key, together in sharing.items():
        for first, second in combinations(together, 2) if len(together) <= MOST_SHARING else ():
            pair = (first.position, second.position)
            if pair not in found and (key.startswith("title ") or _alike(first, second)):
                found[pair] = (first, second)
    return [found[pair] for pair in sorted(found)]


def _alike(first: Article, second: Article) -> bool:
    return dice_coefficient(_pairs(text_of(first.body)), _pairs(text_of(second.body))) >= LEAST_SIMILARITY


def _match_texts(
    left: list[Article], places: list[int], incoming: Sequence[WeekArticle], found: dict[int, Article]
) -> None:
    """Matches the most alike first; takes what it matched out of `left`."""
    old_pairs = {article.pk: _pairs(text_of(article.body)) for article in left}
    alike: list[tuple[float, int, int, Article]] = []
    for place in places:
        pairs = _pairs(incoming[place].body)
        alike.extend((dice_coefficient(pairs, old_pairs[old.pk]), -old.position, place, old) for old in left)
    for score, _, place, article in sorted(alike, key=lambda entry: entry[:3], reverse=True):
        if score >= LEAST_SIMILARITY and place not in found and article in left:
            found[place] = article
            left.remove(article)


def title_key(title: str) -> str:
    """Returns a title without what editors change in passing: width, case, spaces, punctuation.

    >>> title_key("ＨＢＭ4 出样，领先！") == title_key("hbm4出样,领先")
    True
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(char for char in folded if char.isalnum()) or folded.strip()


def dice_coefficient(one: Counter[str], other: Counter[str]) -> float:
    """Returns the similarity of two texts by their bigrams: 0 for none in common, 1 for the same text."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _pairs(text: str) -> Counter[str]:
    """Returns how often each two neighbouring characters are in a text, white space aside."""
    joined = "".join(text.split())
    return Counter(joined[place : place + 2] for place in range(len(joined) - 1))
