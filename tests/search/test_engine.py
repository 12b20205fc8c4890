"""The Haystack engine by Haystack's own interface: facets, narrowing, the same answers as reading, kept answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.management import call_command
from haystack import connections
from haystack.query import SearchQuerySet

from archive.models import Article, Issue
from glossary.current import look_again
from glossary.models import Alias, Mention, Term
from glossary.vocabulary import current_vocabulary
from search.engines.registry import current_engine
from search.indexing import sync
from search.query.parser import parse
from tests.conftest import WEEKS, WeekMaker
from tests.search.querysets import Counts, counted, everything, ids, read_through, titles
from tests.writing import create, save

# --- Facets --------------------------------------------------------------------------------------------


@pytest.fixture
def three_weeks(make_issue: WeekMaker) -> None:
    for name in ("台积电", "英特尔"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue({"甲": "台积电芯片", "乙": "芯片"}, end_date="2024-12-27", columnist="莫大康")
    make_issue({"丙": "英特尔与台积电芯片", "丁": "英特尔"}, end_date="2025-03-14", columnist="某某")
    make_issue({"戊": "芯片"}, end_date="2025-03-21", title="另一种", columnist="")


@pytest.mark.usefixtures("three_weeks")
def test_facets_count_the_matching_articles() -> None:
    named = {str(term.pk): term.name for term in Term.objects.all()}
    fields = counted(everything().filter(content="芯片"), "year", "month", "columnist", "issue", "term")
    fields["term"] = [(named[pk], number) for pk, number in fields["term"]]
    assert fields == {
        "year": [("2025", 2), ("2024", 2)],
        "month": [("2025-03", 2), ("2024-12", 2)],
        "columnist": [("莫大康", 2), ("某某", 1)],
        "issue": [("2024-12-27", 2), ("2025-03-14", 1), ("2025-03-21", 1)],
        "term": [("台积电", 2), ("英特尔", 1)],
    }


@pytest.mark.usefixtures("three_weeks")
def test_facets_of_nothing_are_empty() -> None:
    fields = counted(everything().filter(content="没有这个词"), "year", "month", "columnist", "issue", "term")
    assert fields == {"year": [], "month": [], "columnist": [], "issue": [], "term": []}


@pytest.mark.usefixtures("three_weeks")
def test_facets_follow_narrowing_and_filters_and_not_the_slice() -> None:
    found = everything().filter(content="芯片")
    assert counted(found.narrow("columnist:莫大康"), "year") == {"year": [("2024", 2)]}
    assert counted(found.narrow("year:2025").narrow("term:台积电"), "issue") == {"issue": [("2025-03-14", 1)]}
    assert counted(found.exclude(columnist="莫大康"), "month") == {"month": [("2025-03", 2)]}
    sliced = found.facet("year")
    assert (len(sliced[0:1]), sliced.facet_counts()["fields"]) == (1, {"year": [("2025", 2), ("2024", 2)]})


@pytest.mark.usefixtures("three_weeks")
def test_narrowing_leaves_scores_alone() -> None:
    found = everything().filter(content="芯片")
    scores = {row.pk: row.score for row in found}
    assert {row.pk: row.score for row in found.narrow("year:2025")}.items() <= scores.items()
    assert set(titles(found.narrow("year:2025"))) == {"丙", "戊"}


@pytest.mark.usefixtures("three_weeks")
@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda found: found.facet("colour"), ValueError, "no facet 'colour': use one of year, month"),
        (lambda found: found.query_facet("year", "2025"), NotImplementedError, "'query_facets'"),
        (
            lambda found: found.date_facet("end_date", "2025-01-01", "2025-12-31", "month"),
            NotImplementedError,
            "'date_facets'",
        ),
        (lambda found: found.filter(colour="red"), ValueError, "can not filter by 'colour': use content, "),
        (lambda found: found.filter(position__startswith=1), ValueError, "by 'startswith': use exact, in"),
        (lambda found: found.filter(columnist__gt="甲"), ValueError, "'columnist' by 'gt'"),
        (lambda found: found.filter(end_date="2025-03-21"), TypeError, "by a date or a whole number"),
        (lambda found: found.order_by("colour"), ValueError, "can not sort by 'colour'"),
        (lambda found: found.highlight(), NotImplementedError, "'highlight'"),
        (lambda found: found.boost("芯片", 2.0), NotImplementedError, "'boost'"),
    ],
)
def test_what_the_engine_can_not_do_it_says(
    ask: Callable[[SearchQuerySet], SearchQuerySet], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        list(ask(everything().filter(content="芯片")))


QUERIES = [
    "台积电", "TSMC", "HBM4", "先进封装", "芯片 -台积电", "HBM3E OR HBM4", '"先进封装"', "3nm", "12英寸", "title:量产",
    "term:英伟达", "year:2025 光刻", "after:2025-02-01 before:2025-03-10 存储", "的", "没有这样的词xyzzy",
]  # fmt: skip


@pytest.mark.usefixtures("trade_archive")
def test_facets_count_what_sql_counts_in_the_articles_that_reading_finds() -> None:
    vocabulary = current_vocabulary()
    for query in QUERIES:
        node = parse(query, vocabulary).effective_tree
        assert node is not None
        read = read_through(node)
        articles = Article.objects.published().filter(pk__in=read).select_related("issue")
        dates = [article.issue.end_date for article in articles]
        mentions = Mention.objects.filter(article__in=read).values_list("term", flat=True)
        expected = {
            "year": Counter(str(date.year) for date in dates),
            "month": Counter(f"{date:%Y-%m}" for date in dates),
            "columnist": Counter(article.issue.columnist for article in articles),
            "issue": Counter(article.issue.slug for article in articles),
            "term": Counter(map(str, mentions)),
        }
        fields = counted(everything().filter(content=node), *expected)
        assert {facet: dict(values) for facet, values in fields.items()} == expected, query
        # Dates come newest first, everything else most frequent first.
        assert fields["month"] == sorted(fields["month"], reverse=True)
        assert fields["term"] == sorted(fields["term"], key=lambda item: (-item[1], item[0]))


# --- The same as reading every article -----------------------------------------------------------------


@pytest.fixture
def four_weeks(trade_glossary: None) -> None:
    """A third of the demo archive: reading every article for each query is slow."""
    for path in sorted(WEEKS.glob("2025-0[13]-[123]*.txt"))[::2]:
        call_command("import_issues", path, publish=True, verbosity=0)
    sync.rebuild()


@pytest.mark.usefixtures("four_weeks")
def test_the_index_answers_a_hundred_random_queries_as_reading_does() -> None:
    chance = random.Random(20250321)
    articles = list(Article.objects.published().select_related("issue"))
    vocabulary = current_vocabulary()
    mentioned = sorted({vocabulary.terms[pk].name for pk in Mention.objects.values_list("term", flat=True)})
    slugs = [issue.slug for issue in Issue.objects.all()]
    days = [
        "2025年1月",
        "2025-01",
        "2025Q1",
        "2025年第12周",
        "2025年3月14日",
        "2024",
        "2025-03-12",
        "2025-02-30",
    ]

    def run(length: int) -> str:
        text = chance.choice(articles).text
        start = chance.randrange(len(text))
        return " ".join(text[start : start + length].split()).replace('"', "") or "芯"

    makers: list[Callable[[], str]] = [
        lambda: run(chance.choice([1, 2, 4, 8])),
        lambda: f'"{run(4)}"',
        lambda: chance.choice(mentioned),
        lambda: f'term:"{chance.choice(mentioned)}"',
        lambda: f"title:{chance.choice(mentioned)}",
        lambda: f"columnist:{chance.choice(['芯闻库编辑部', '无此人'])}",
        lambda: f"issue:{chance.choice([*slugs, '1999-01-01'])}",
        lambda: f"year:{chance.choice([2024, 2025])}",
        lambda: f"after:{chance.choice(days)}",
        lambda: f"before:{chance.choice(days)}",
        lambda: chance.choice(days),
    ]
    sizes = Counter[bool]()
    for _ in range(100):
        parts = [
            chance.choice(["", "", "", "-", "NOT "]) + chance.choice(makers)()
            for _ in range(chance.choice([1, 2, 2, 3]))
        ]
        query = chance.choice([" ", " ", " OR "]).join(parts)
        node = parse(query, vocabulary).effective_tree
        assert node is not None
        expected = read_through(node)
        assert sorted(ids(everything().filter(content=node))) == sorted(expected), query
        sizes[bool(expected)] += 1
    assert min(sizes[True], sizes[False]) > 5  # or the queries say nothing


# --- Answers that are kept -----------------------------------------------------------------------------


@pytest.mark.usefixtures("three_weeks")
def test_an_answer_is_kept_until_the_index_changes() -> None:
    backend = current_engine()

    def ask() -> tuple[int, Counts]:
        found = everything().filter(content="芯片").facet("year")
        return found.count(), found.facet_counts()["fields"]["year"]

    before = backend.snapshot()
    assert ask() == ask() == (4, [("2025", 2), ("2024", 2)])
    kept = len(before.answers)
    ask()
    assert len(before.answers) == kept > 0
    article = Article.objects.get(title="丁")
    article.body = "<p>芯片</p>"
    save(article)
    call_command("update_index", verbosity=0)
    assert ask() == (5, [("2025", 3), ("2024", 2)])
    assert backend.snapshot() is not before


@pytest.mark.usefixtures("three_weeks")
def test_whoever_changes_what_was_answered_changes_no_other_answer() -> None:
    backend = connections["default"].get_backend()
    first = backend.search("芯片", facets={"year": {}})
    first["results"].clear()
    first["facets"]["fields"]["year"].clear()
    again = backend.search("芯片", facets={"year": {}})
    assert (len(again["results"]), again["facets"]["fields"]["year"]) == (4, [("2025", 2), ("2024", 2)])


@pytest.mark.usefixtures("three_weeks")
def test_a_kept_answer_knows_the_glossary_that_it_was_made_with() -> None:
    assert everything().filter(content="三星").count() == 0
    term = create(Term, name="三星", kind=Term.Kind.COMPANY)
    create(Alias, term=term, text="英特尔与")
    look_again()
    call_command("update_index", verbosity=0)
    assert titles(everything().filter(content="三星")) == ["丙"]
