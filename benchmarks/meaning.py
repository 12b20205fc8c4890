"""Measures what questions in other words find: today's answer, and the guesses by meaning that stand beside it.

The questions are fixtures/judgments_meaning.tsv, in words that the articles do not use; the half `hold` was not looked
at while anything was chosen. benchmarks/relevance.py prints this below its own table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from benchmarks import metrics
from benchmarks.judgments import FIXTURES, JudgedQuery, read_judgments

K = 5
"""Articles that the page guesses at most."""
QUESTIONS = FIXTURES / "judgments_meaning.tsv"
HALVES = ("tune", "hold")
WAYS = ("today", "guess")

Ask = Callable[[str], Sequence[str]]


def guess(q: str) -> list[str]:
    """Returns the articles nearest in meaning, whatever words find: `slug:position` of each, the nearest first."""
    from archive.models import Article
    from search.meaning.nearest import current_model

    model = current_model()
    near = [article.pk for article in model.nearest(q, K)] if model else []
    articles = Article.objects.published().select_related("issue").in_bulk(near)
    return [f"{articles[pk].issue.slug}:{articles[pk].position}" for pk in near]


def measure(ask: Ask, queries: Sequence[JudgedQuery]) -> dict[str, float]:
    """Returns nDCG@K and how many got nothing."""
    answers = [[query.grades.get(article, 0) for article in ask(query.text)[:K]] for query in queries]
    judged = [list(query.grades.values()) for query in queries]
    gains = [metrics.ndcg(grades, all_grades, K) for grades, all_grades in zip(answers, judged, strict=True)]
    return {"ndcg": fmean(gains), "empty": sum(not grades for grades in answers)}


def run(today: Ask) -> dict[str, dict[str, dict[str, float]]]:
    """Learns the archive and asks every question both ways: group → `today` or `guess` → its measures."""
    from search.meaning import learning

    learning.bring_up_to_date()
    queries = read_judgments(QUESTIONS)
    groups = {"all": queries} | {
        f"half: {half}": [query for query in queries if query.half == half] for half in HALVES
    }
    return {
        name: {"queries": {"n": len(group)}, "today": measure(today, group), "guess": measure(guess, group)}
        for name, group in groups.items()
    }


def print_table(measured: dict[str, dict[str, dict[str, float]]]) -> None:
    """Prints a line for each group."""
    print(f"\n{'In other words':18}{'queries':>8}{'nDCG@5':>16}{'no result':>20}")
    print(f"{'':26}" + f"{'words':>10}{'meaning':>10}" * 2)
    for name, row in measured.items():
        cells = [f"{row[way]['ndcg']:>10.3f}" for way in WAYS] + [f"{row[way]['empty']:>10}" for way in WAYS]
        print(f"{name:18}{row['queries']['n']:>8}{''.join(cells)}")
