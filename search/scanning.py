"""The same search without an index: reads every article. Slow and unranked, but always there and always right.

It answers when no generation of the index can, and it is what the tests hold the index against.
"""

from __future__ import annotations

from archive.models import Article
from glossary.folding import fold
from search import analysis
from search.analysis import TermFinder
from search.backends.schema import date_number
from search.tree import About, And, During, Everything, Leaf, Most, Node, Not, Or, Where


class ScannedArticle:
    """An article as a query tree looks at it."""

    def __init__(self, article: Article, terms: TermFinder) -> None:
        self.pk = article.pk
        self._texts = {"": article.text, "title": article.title}
        self._terms = terms
        self.columnist = fold(article.issue.columnist)
        self.issue = article.issue.slug
        self.start_date = article.issue.start_date
        self.end_date = article.issue.end_date

    def holds(self, leaf: Leaf) -> bool:
        """Whether the text (or only the title) holds the leaf's run, or all its units."""
        text = self._texts[leaf.field]
        if leaf.run and leaf.run in "\n".join(analysis.squeeze(line) for line in text.splitlines()):
            return True
        if leaf.is_exact:
            return False
        words = set(analysis.words(text, self._terms))
        units = leaf.units(self._terms)
        return bool(units) and all(any(words.issuperset(form) for form in unit.forms) for unit in units)

    def mentions(self, writing: str) -> bool:
        term = analysis.term_named(writing, self._terms)
        return any(match.term == term for match in self._terms.find(self._texts[""]))


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
