"""Queries that every engine is asked, and what it finds."""

from __future__ import annotations

import random
from collections.abc import Iterable

from archive.models import Article
from benchmarks.judgments import read_judgments
from glossary.models import Term
from glossary.vocabulary import current_vocabulary
from search.engines.base import Engine, IndexQuery
from search.engines.database import ScannedArticle
from search.query.tree import Node
from tests.conftest import ROOT

NEWEST = ("-end_date",)
SEED = 20250321


def found(engine: Engine, node: Node, sort_by: tuple[str, ...] = NEWEST) -> list[int]:
    return [document.pk for document in engine.search(IndexQuery(node, sort_by)).documents]


def scanned() -> list[ScannedArticle]:
    """The archive as it is read without any index."""
    articles = Article.objects.published().select_related("issue")
    return [ScannedArticle(article, current_vocabulary()) for article in articles]


def queries() -> list[str]:
    """The judged and the golden queries, and 200 made of pieces of the archive."""
    golden = (ROOT / "fixtures" / "queries.tsv").read_text(encoding="utf-8").splitlines()[1:]
    typed = [judged.text for judged in read_judgments()] + [line.split("\t")[0] for line in golden]
    return [*dict.fromkeys(typed), *_generated(200)]


def _generated(number: int) -> Iterable[str]:
    chance = random.Random(SEED)
    texts = [article.text for article in Article.objects.published().order_by("pk")]
    names = [*Term.objects.order_by("pk").values_list("name", flat=True)]

    def piece() -> str:
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        run = " ".join(text[start : start + chance.choice([1, 2, 4, 7])].split()) or "芯"
        return chance.choice([run, run, f'"{run}"', f"title:{run}", chance.choice(names)])

    for _ in range(number):
        words = [chance.choice(["", "", "-", "NOT "]) + piece() for _ in range(chance.choice([1, 1, 2, 3]))]
        year = chance.choice(["", "", "", " year:2025", " after:2025-02-01", " before:2025年2月"])
        yield chance.choice([" ", " ", " OR "]).join(words) + year
