"""Measures relevance: the judged queries on the demo weeks, ours and the stock stack in one run.

    make bench-relevance
    .venv/bin/python -m benchmarks.relevance --failures          what ours gets wrong in the half we tune on
    .venv/bin/python -m benchmarks.relevance --json result.json
    .venv/bin/python -m benchmarks.relevance --engine opensearch      on a real OpenSearch, which this starts and stops

Everything happens in a temporary data folder. The measures are defined in benchmarks/metrics.py, the stock stack
in benchmarks/stock, the judgments in fixtures/judgments.tsv and fixtures/judgments_words.tsv.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks import meaning, metrics, opensearch
from benchmarks.judgments import FILES, WEEKS, JudgedQuery, read_judgments

K = 10
PAGE_SIZE = 20
"""Articles on a page of results; the measures look at the first K of them, MRR at all."""
ENGINES = ("ours", "stock")
COLUMNS = {
    "ndcg": f"nDCG@{K}",
    "recall": f"recall@{K}",
    "mrr": "MRR",
    "success": f"success@{K}",
    "zero": "no result",
    "false": "false answers",
}


@dataclass(frozen=True)
class Answer:
    """The results that the page shows: `slug:position` of each, best first, and the slugs of the issues above them.

    `is_labelled`: the page says that the query was corrected or relaxed.
    """

    articles: Sequence[str]
    issues: Sequence[str] = ()
    is_labelled: bool = False


@dataclass(frozen=True)
class Outcome:
    """A judged query and the answer of an engine."""

    query: JudgedQuery
    answer: Answer

    @property
    def grades(self) -> list[int]:
        """Issues stand apart from the articles on the page: they count where issues were judged."""
        is_of_issues = any(":" not in judged for judged in self.query.grades)
        shown = [*(self.answer.issues if is_of_issues else ()), *self.answer.articles]
        return [self.query.grades.get(result, 0) for result in shown]

    @property
    def is_right_first(self) -> bool:
        """Whether an article of the best grade came first, or nothing where nothing answers."""
        if not self.query.has_answer:
            return not self.is_false_answer
        return self.grades[:1] == [max(self.query.grades.values())]

    @property
    def is_false_answer(self) -> bool:
        """Whether results came unlabelled where nothing answers."""
        return not self.query.has_answer and bool(self.answer.articles) and not self.answer.is_labelled


def ask_ours(q: str) -> Answer:
    """Returns what a member sees on the first page of our search. The one place that knows its interface."""
    from search.results.request import SearchRequest
    from search.results.service import find

    found = find(SearchRequest(q, page_size=PAGE_SIZE))
    if found is None:
        return Answer([])
    return Answer(
        [f"{hit.article.issue.slug}:{hit.article.position}" for hit in found.results],
        issues=[hit.issue.slug for hit in found.issues],
        is_labelled=bool(getattr(found, "is_relaxed", None) or getattr(found, "corrected", None)),
    )


def ask_stock(q: str) -> Answer:
    """Returns what a member would see on the first page of a site on the stock stack."""
    from archive.models import Article
    from benchmarks.stock import connection as stock

    keys = stock.ask(q, PAGE_SIZE)
    articles = Article.objects.select_related("issue").in_bulk(keys)
    return Answer([f"{articles[key].issue.slug}:{articles[key].position}" for key in keys])


def summarize(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Returns the measures: means over the queries that have an answer; `zero` and `false` are counts."""
    outcomes = list(outcomes)
    answerable = [outcome for outcome in outcomes if outcome.query.has_answer]
    summary: dict[str, float] = {"queries": len(outcomes), "false": sum(o.is_false_answer for o in outcomes)}
    if answerable:
        judged = [list(outcome.query.grades.values()) for outcome in answerable]
        grades = [outcome.grades for outcome in answerable]
        summary |= {
            "ndcg": fmean(map(metrics.ndcg, grades, judged)),
            "recall": fmean(map(metrics.recall, grades, judged)),
            "mrr": fmean(map(metrics.reciprocal_rank, grades)),
            "success": fmean(map(metrics.success, grades)),
            "zero": sum(not (outcome.answer.articles or outcome.answer.issues) for outcome in answerable),
        }
    return summary


def groups(queries: Sequence[JudgedQuery]) -> dict[str, Callable[[JudgedQuery], bool]]:
    """Names the groups of queries that get a line of the table: all, each half, each class."""
    lines: dict[str, Callable[[JudgedQuery], bool]] = {"all": lambda query: True}
    for half in dict.fromkeys(query.half for query in queries):
        lines[f"half: {half}"] = lambda query, half=half: query.half == half
    for kind in dict.fromkeys(query.kind for query in queries):
        lines[kind] = lambda query, kind=kind: query.kind == kind
    return lines


def run(files: Sequence[Path], search_url: str) -> list[dict[str, list[Outcome]]]:
    """Loads the demo weeks, indexes them twice, and asks both engines every query of each file."""
    with tempfile.TemporaryDirectory(prefix="xinwenku-relevance-") as name:
        folder = Path(name)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "XWK_DATA_DIR": name,
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "SEARCH_URL": search_url,
            "CACHE_URL": "locmem://",
        }
        import django

        django.setup()
        from django.core.management import call_command

        from benchmarks.stock import connection as stock
        from search.indexing import sync

        call_command("migrate", verbosity=0)
        call_command("import_glossary", verbosity=0)
        call_command("import_issues", WEEKS, publish=True, verbosity=0)
        sync.rebuild()
        meaning.print_table(meaning.run(lambda q: ask_ours(q).articles))
        with stock.indexed(folder):
            return [
                {
                    name: [Outcome(query, ask(query.text)) for query in read_judgments(file)]
                    for name, ask in zip(ENGINES, (ask_ours, ask_stock), strict=True)
                }
                for file in files
            ]


def print_table(summaries: dict[str, dict[str, dict[str, float]]]) -> None:
    """Prints a line for each group, ours and stock side by side."""
    print(f"{'':18}{'queries':>8}" + "".join(f"{title:^17}" for title in COLUMNS.values()))
    print(
        f"{'':26}"
        + "".join(f"{engine:>8}" + " " * (engine == "stock") for _ in COLUMNS for engine in ENGINES)
    )
    for group, by_engine in summaries.items():
        cells = "".join(
            f"{_cell(by_engine[engine].get(column)):>8}" + " " * (engine == "stock")
            for column in COLUMNS
            for engine in ENGINES
        )
        print(f"{group:18}{by_engine['ours']['queries']:>8}{cells}")


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def print_failures(outcomes: Iterable[Outcome]) -> None:
    """Prints each query where an article of the best grade did not come first, with what came."""
    for outcome in outcomes:
        if outcome.is_right_first:
            continue
        query = outcome.query
        best = [key for key, grade in query.grades.items() if grade == max(query.grades.values())]
        came = list(zip(outcome.answer.articles, outcome.grades, strict=True))[:4]
        print(f"\n{query.text}   ({query.kind}, {query.half})")
        print(f"  expected  {'  '.join(best[:5]) or 'nothing'}")
        print(f"  came      {'  '.join(f'{key}={grade}' for key, grade in came) or 'nothing'}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Relevance of search on judged queries, ours and stock.")
    parser.add_argument(
        "--failures",
        nargs="?",
        const="tune",
        choices=("tune", "hold", "all"),
        help="list queries that ours does not answer first; of the half we tune on, unless another is named",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every number and every result list")
    parser.add_argument("--engine", choices=opensearch.ENGINES, default="whoosh", help="of ours (whoosh)")
    options = parser.parse_args()
    with opensearch.search_url(options.engine) as url:
        answers = run(FILES, url)
    summaries, details = {}, []
    for file, outcomes in zip(FILES, answers, strict=True):
        summaries[file.stem] = summary = {
            group: {engine: summarize(o for o in outcomes[engine] if holds(o.query)) for engine in ENGINES}
            for group, holds in groups(read_judgments(file)).items()
        }
        print(f"\n{file.name}")
        print_table(summary)
        if options.failures:
            print_failures(o for o in outcomes["ours"] if options.failures in ("all", o.query.half))
        details += [
            {
                "query": ours.query.text,
                "class": ours.query.kind,
                "half": ours.query.half,
                "judgments": dict(ours.query.grades),
                "ours": list(ours.answer.articles),
                "is_labelled": ours.answer.is_labelled,
                "stock": list(stock.answer.articles),
            }
            for ours, stock in zip(*outcomes.values(), strict=True)
        ]
    if options.json:
        text = json.dumps({"summary": summaries, "queries": details}, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
