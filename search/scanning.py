"""The same search without an index: reads every article. Slow and unranked, but always there and always right.

It answers when no generation of the index can, and it is what the tests hold the index against.
"""

from __future__ import annotations

from archive.models import Article
from glossary.folding import fold
from search import analysis
from search.backends.schema import date_number
from search.query import And, Everything, Leaf, Node, Not, Or, Where


class ScannedArticle:
    """An article as a query tree looks at it."""

    def __init__(self, article: Article) -> None:
        text = article.text
        self.pk = article.pk
        self.words = set(analysis.words(text))
        self.run = "\n".join(analysis.squeeze(line) for line in text.splitlines())
        self.columnist = fold(article.issue.columnist)
        self.end_date = date_number(article.issue.end_date)


def matches(node: Node, article: ScannedArticle) -> bool:
    """Whether `article` answers `node`: the meaning of a query, in its plainest form."""
    match node:
        case Leaf():
            return (
                (bool(node.words) and article.words.issuperset(node.words))
                or (bool(node.run) and node.run in article.run)
                or fold(node.text) == article.columnist
            )
        case And(children=children):
            return all(matches(child, article) for child in children)
        case Or(children=children):
            return any(matches(child, article) for child in children)
        case Not(child=child):
            return not matches(child, article)
        case Where(field="end_date", operator="range", value=(low, high)):
            return bool(low <= article.end_date <= high)
        case Where(field="columnist", value=value):
            return article.columnist == fold(str(value))
        case Everything():
            return True
    raise ValueError(f"the database can not be scanned for {node!r}")


def find(node: Node, sort: str, page: int, page_size: int) -> tuple[int, int, dict[int, float]]:
    """Returns how many articles match, the page (the last one when `page` is past it), and its ids."""
    articles = Article.objects.published().select_related("issue")
    order = ["issue__end_date", "position"] if sort == "oldest" else ["-issue__end_date", "position"]
    ids = [
        article.pk
        for article in map(ScannedArticle, articles.order_by(*order, "pk").iterator(chunk_size=500))
        if matches(node, article)
    ]
    page = max(1, min(page, -(-len(ids) // page_size)))
    return len(ids), page, dict.fromkeys(ids[(page - 1) * page_size : page * page_size], 0.0)
