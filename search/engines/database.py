"""The same search without an index: reads every article. Slow and unranked, but always there and always right.

It answers when no generation of the index can, and it is what the tests hold the index against.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property, lru_cache
from typing import cast

from archive.models import Article
from glossary.folding import fold
from search.engines.whoosh.schema import date_number
from search.query.tree import About, And, During, Everything, Leaf, Most, Node, Not, Or, Where
from search.text import analysis
from search.text.analysis import TermFinder, Unit


class _Text:
    """A text and what is made of it, each when it is first asked for."""

    def __init__(self, text: str, terms: TermFinder) -> None:
        self._text = text
        self._terms = terms

    @cached_property
    def squeezed(self) -> str:
        return "\n".join(analysis.squeeze(line) for line in self._text.splitlines())

    @cached_property
    def words(self) -> set[str]:
        return set(analysis.words(self._text, self._terms))

    @cached_property
    def mentioned(self) -> set[int]:
        return {match.term for match in self._terms.find(self._text)}

    @cached_property
    def _folded(self) -> str:
        return fold(self._text)

    def may_hold(self, unit: Unit) -> bool:
        """False only when `words` can not hold the unit: its words are parts of the text, or it is a mention."""
        if unit.quantity:  # written in many ways
            return True
        if unit.term is not None:
            return unit.term in self.mentioned
        return any(all(word in self._folded for word in form) for form in unit.forms)


@lru_cache(maxsize=256)
def _units(leaf: Leaf, terms: TermFinder) -> tuple[Unit, ...]:
    return leaf.units(terms)


class ScannedArticle:
    """An article as a query tree looks at it."""

    def __init__(self, article: Article, terms: TermFinder) -> None:
        self.pk = article.pk
        self._texts = {"": _Text(article.text, terms), "title": _Text(article.title, terms)}
        self._terms = terms
        self.columnist = fold(article.issue.columnist)
        self.issue = article.issue.slug
        self.start_date = article.issue.start_date
        self.end_date = article.issue.end_date

    def holds(self, leaf: Leaf) -> bool:
        """Whether the text (or only the title) holds the leaf's run, or all its units."""
        text = self._texts[leaf.field]
        if leaf.run and leaf.run in text.squeezed:
            return True
        if leaf.is_exact:
            return False
        units = _units(leaf, cast("Hashable", self._terms))
        # Cutting a text takes ten times as long as all the rest: only one that can hold the words is cut.
        if not units or not all(map(text.may_hold, units)):
            return False
        return all(any(text.words.issuperset(form) for form in unit.forms) for unit in units)

    def mentions(self, writing: str) -> bool:
        term = analysis.term_named(writing, self._terms)
        return term in self._texts[""].mentioned


def matches(node: Node, article: ScannedArticle) -> bool:
    """Whether `article` answers `node`: the meaning of a query, in its plainest form."""
    match node:
        case Leaf():
            return article.holds(node) or (not node.field and fold(node.text) == article.columnist)
        case And(children=children):
            return all(matches(child, article) for child in children)
        case Or(children=children) | Most(leaves=children):
            return any(matches(child, article) for child in children)
        case Not(child=child):
            return not matches(child, article)
        case During(first=first, last=last):
            return article.start_date <= last and article.end_date >= first
        case About(term=term):
            return article.mentions(term)
        case Where(field="end_date", operator="range", value=(low, high)):
            return bool(low <= date_number(article.end_date) <= high)
        case Where(field="columnist", value=value):
            return article.columnist == fold(str(value))
        case Where(field="issue", value=value):
            return bool(article.issue == value)
        case Everything():
            return True
    raise ValueError(f"the database can not be scanned for {node!r}")


def find(node: Node, terms: TermFinder, sort: str) -> list[int]:
    """Returns the ids of all matching articles, newest first (oldest first when `sort` is "oldest")."""
    articles = Article.objects.published().select_related("issue")
    order = ["issue__end_date", "position"] if sort == "oldest" else ["-issue__end_date", "position"]
    return [
        article.pk
        for article in articles.order_by(*order, "pk").iterator(chunk_size=500)
        if matches(node, ScannedArticle(article, terms))
    ]
