"""Keeps `Mention` a function of articles and terms.

    archive.changes: an article has a new text ─► find_mentions ─► its mentions are found again
    glossary.editing: forms came or went ─► reindex_mentions ─► articles in which one stands ─► archive.changes

Everything happens in the transaction of the change.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick
from django.db import transaction

from archive.changes import articles_changed
from archive.models import Article
from glossary.current import exact_matcher
from glossary.folding import fold, without_invisible
from glossary.joining import MARKS, Joined
from glossary.matching import Matcher
from glossary.models import Mention

Mentions = Counter[int]
"""Id of a term → how often an article mentions it."""
Batch = list[int]

BATCH = 500
"""Articles that are read and written at a time."""


def find_mentions(
    article_ids: Collection[int], texts: Collection[Article], issue_ids: Collection[int]
) -> None:
    """Finds the mentions of `texts` again. Follows every change of articles (ARCHIVE_FOLLOWERS)."""
    if texts:
        matcher = exact_matcher()
        _store({article.pk: _mentions(Joined(article.text), matcher) for article in texts})


def reindex_mentions(forms: Collection[str], among: Collection[int] | None = None) -> list[int]:
    """Finds the mentions again of the articles in which one of `forms` stands; these articles have changed.

    They are all that a form can change by coming or going: where it does not stand, it neither took a place
    from another nor gave one. Reads all articles, or those `among` which they are. Returns their ids.
    """
    if not forms:
        return []
    with transaction.atomic():
        matcher = exact_matcher()
        found = {article: _mentions(text, matcher) for article, text in _articles_with(forms, among)}
        _store(found)
        if found:
            articles_changed([*found])
    return list(found)


def reindex_in_batches(forms: Collection[str]) -> None:
    """The same in a transaction for each batch: saves go on meanwhile, and find their own mentions."""
    for batch in _batches([article for article, _ in _articles_with(forms)] if forms else []):
        with transaction.atomic():
            _store(_found_in(batch, exact_matcher()))
            articles_changed(batch)


def rebuild_mentions(
    progress: Callable[[Sequence[Batch]], Iterable[Batch]] | None = None, article_ids: Batch | None = None
) -> list[int]:
    """Finds the mentions of these articles (of all, when None) again; returns those that had others before.

    `progress(batches)` wraps the batches of article ids as they are worked off, to show how far it is.
    """
    batches = _batches(article_ids)
    changed: list[int] = []
    for batch in progress(batches) if progress else batches:
        with transaction.atomic():
            changed_here = _store(_found_in(batch, exact_matcher()))
            if changed_here:
                articles_changed(changed_here)
        changed += changed_here
    return changed


def differing(matcher: Matcher, article_ids: Batch | None = None) -> list[int]:
    """Returns those of these articles (of all, when None) whose text has other mentions than are stored."""
    return [
        article
        for batch in _batches(article_ids)
        for article in _differences(_found_in(batch, matcher)).articles
    ]


def _batches(article_ids: Batch | None) -> list[Batch]:
    ids = article_ids
    if ids is None:
        ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def _found_in(batch: Batch, matcher: Matcher) -> dict[int, Mentions]:
    articles = Article.objects.filter(pk__in=batch).order_by("pk")
    return {article.pk: _mentions(Joined(article.text), matcher) for article in articles}


def _mentions(text: Joined, matcher: Matcher) -> Mentions:
    return Counter(match.term for match in matcher.find_in(text))


class _Differences(NamedTuple):
    """How stored mentions differ from those that were found."""

    gone: list[int]
    """Ids of rows."""
    new: list[tuple[int, int, int]]
    """Article, term, count."""
    articles: list[int]


def _differences(found: Mapping[int, Mentions]) -> _Differences:
    stored = Mention.objects.filter(article__in=found.keys()).values_list("pk", "article", "term", "count")
    rows = {(article, term, count): pk for pk, article, term, count in stored}
    wanted = {(pk, term, count) for pk, mentions in found.items() for term, count in mentions.items()}
    gone, new = rows.keys() - wanted, wanted - rows.keys()
    different = {article for article, _, _ in gone | new}
    return _Differences(
        [rows[row] for row in gone], sorted(new), [article for article in found if article in different]
    )


def _store(found: Mapping[int, Mentions]) -> list[int]:
    """Makes these the mentions of these articles. Returns the articles that had others.

    Row by row: a word that 7,600 of 10,000 articles hold is as many rows, and not all 275,000 of them.
    """
    changed: list[int] = []
    items = iter(found.items())
    while batch := dict(islice(items, BATCH)):
        different = _differences(batch)
        if different.gone:
            Mention.objects.filter(pk__in=different.gone).delete()
        Mention.objects.bulk_create(
            Mention(article_id=article, term_id=term, count=count) for article, term, count in different.new
        )
        changed += different.articles
    return changed


def _articles_with(
    forms: Collection[str], among: Collection[int] | None = None
) -> Iterator[tuple[int, Joined]]:
    """Ids and texts of the articles in which one of `forms` stands as a whole, even if inside a longer writing."""
    matcher = Matcher(dict.fromkeys(forms, 0))
    may_hold = _rough_test(forms)
    articles = Article.objects.all() if among is None else Article.objects.filter(pk__in=among)
    for article in articles.order_by("pk").only("title", "body", "section", "source").iterator(BATCH):
        if may_hold(article) and matcher.find_in(text := Joined(article.text)):
            yield article.pk, text


def _rough_test(forms: Collection[str]) -> Callable[[Article], bool]:
    """Returns a quick test that no article fails in which one of `forms` stands: most hold none of them.

    A form of Han characters is rare when one of them is. Every article holds all the letters of `hbm`: there it
    is the form that is looked for.
    """
    han = [
        form for form in forms if all(character.isalnum() and not character.isascii() for character in form)
    ]
    # Without its last letter: `foundry` stands in `foundries`.
    others = AhoCorasick([_bare(form)[:-1] or _bare(form) or form for form in forms if form not in han])

    def may_hold(article: Article) -> bool:
        if han:
            folded = fold(
                html.unescape(f"{article.title}\n{article.body}\n{article.source}\n{article.section}")
            )
            if any(all(character in folded for character in form) for form in han):
                return True
        return len(han) < len(forms) and bool(others.find_matches_as_indexes(_rough_text(article)))

    return may_hold


def _rough_text(article: Article) -> str:
    """What `article.text` holds, without any space or mark: words of two lines stand side by side."""
    return _bare(article.text)


_WITHOUT_MARKS = str.maketrans(dict.fromkeys(MARKS))


def _bare(text: str) -> str:
    return "".join(fold(without_invisible(text)).translate(_WITHOUT_MARKS).split())
