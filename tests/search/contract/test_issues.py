"""Every engine finds issues by their own words, and counts none of them among articles."""

from __future__ import annotations

import random

import pytest
from haystack.query import SearchQuerySet

from archive.editing import save_article, save_issue
from archive.issue_text import text_of
from archive.models import Article, Issue
from glossary.models import Term
from search.engines.base import Engine, IndexQuery
from search.engines.database import ScannedIssue, matches
from search.engines.documents import DocumentId
from search.indexing import sync
from search.query.parser import parse
from search.query.tree import About, And, During, Everything, Leaf, Node, Not, Where
from search.text.analysis import NO_TERMS
from tests.conftest import WeekMaker
from tests.search.contract.conftest import Kind
from tests.writing import create

NEWEST = ("-end_date",)
OWN = "只有导语里写着的 XR-9000 与台积电"


@pytest.fixture
def weeks(kind: Kind, make_issue: WeekMaker) -> list[Issue]:
    create(Term, name="台积电", kind=Term.Kind.COMPANY)
    issues = [
        make_issue({"甲": "台积电芯片", "乙": "英特尔"}, end_date="2024-12-27", columnist="莫大康"),
        make_issue({"丙": "芯片"}, end_date="2025-03-14", title="另一种周刊"),
    ]
    issues[0].introduction, issues[1].sign_off = OWN, "欢迎来稿 C++"
    for issue in issues:
        save_issue(issue)
    article = issues[1].articles.get()
    article.section = "政策"
    save_article(article)
    draft = make_issue({"丁": "芯片"}, end_date="2025-03-21", status=Issue.Status.DRAFT)
    draft.introduction = OWN
    save_issue(draft)
    if kind.has_index:
        sync.rebuild()
    return issues


def found(engine: Engine, node: Node, **asked: object) -> list[int]:
    hits = engine.search(IndexQuery(node, NEWEST, kind="issue", **asked))  # type: ignore[arg-type]
    assert {document.kind for document in hits.documents} <= {"issue"}
    return [document.pk for document in hits.documents]


def test_an_issue_matches_by_its_own_words_columns_and_days(engine: Engine, weeks: list[Issue]) -> None:
    old, new = (issue.pk for issue in weeks)
    cases: list[tuple[Node, list[int]]] = [
        (Everything(), [new, old]),
        (Leaf("XR-9000"), [old]),
        (Leaf("导语写着"), [old]),
        (Leaf("导语写着", is_exact=True), []),
        (Leaf("R-90"), [old]),
        (Leaf("来稿C++"), [new]),
        (Leaf("政策"), [new]),
        (Leaf("莫大康"), [old]),
        (Leaf("周刊", field="title"), [new]),
        (Leaf("导语", field="title"), []),
        (Leaf("英特尔"), []),
        (Leaf("2025年第11周"), [new]),
        (Not(Leaf("导语")), [new]),
        (And((Leaf("周报"), Not(Leaf("来稿")))), [old]),
        (About("台积电"), []),
        (Where("columnist", "exact", "莫大康"), [old]),
        (Where("section", "in", ("政策",)), []),
        (Where("end_date", "range", (20250101, 20251231)), [new]),
        (Where("kind", "exact", "article"), []),
        (During(weeks[0].start_date, weeks[0].end_date), [old]),
    ]
    assert [(node, found(engine, node)) for node, _ in cases] == cases
    assert found(engine, Everything(), start=1, end=2) == [old]
    assert engine.search(IndexQuery(Everything(), NEWEST, end=1, kind="issue")).total == 2


def test_what_only_an_issue_says_counts_nowhere_among_articles(
    kind: Kind, engine: Engine, weeks: list[Issue]
) -> None:
    old, articles = weeks[0], Article.objects.published().count()
    own = Leaf("XR-9000")
    hits = engine.search(IndexQuery(own, NEWEST, facets=("year", "month", "columnist", "issue", "term")))
    assert (hits.total, hits.documents, {*map(len, hits.facets.values())}) == (0, [], {0})
    assert engine.counts([own, Everything(), Not(own)]) == [0, articles, articles]
    assert engine.counts_by_day([own]) == [[]]
    assert sum(number for _, number in engine.counts_by_day([Everything()])[0]) == articles
    everything = engine.search(IndexQuery(Everything(), NEWEST, facets=("year", "issue", "columnist")))
    assert everything.total == articles
    assert everything.facets["issue"] == [(old.slug, 2), (weeks[1].slug, 1)]
    assert everything.facets["columnist"] == [("莫大康", 2)]
    assert engine.containing(["XR-9000", "芯片"])["XR-9000"] == []
    assert len(engine.containing(["芯片"], whole=True)["芯片"]) == 2
    [term] = engine.term_counts().counts
    assert engine.term_counts() == (articles, {term: 1})
    assert engine.counts([Where("kind", "exact", "issue"), About("台积电")]) == [0, 1]
    if kind.has_index:
        with engine.pinned() as state:
            assert (state.documents, engine.state().documents) == (articles, articles)
        assert engine.search(IndexQuery(own)).total == 0
        assert engine.similar(DocumentId("issue", old.pk), Everything()).total == 0
        held = [document.id for document in engine.contents()[1]]
        assert sum(identity is not None and identity.kind == "issue" for identity in held) == 2


def test_the_best_issue_holds_the_run_and_is_the_newest(
    kind: Kind, engine: Engine, make_issue: WeekMaker
) -> None:
    if not kind.has_index:
        pytest.skip("it does not rank")
    said = ["先进封装的产能", "产能与先进封装", "先进封装", "先进封装设备"]
    issues = [make_issue({"甲": "乙"}, end_date=f"2025-03-{day}") for day in ("07", "14", "21", "28")]
    for issue, introduction in zip(issues, said, strict=True):
        issue.introduction = introduction
        save_issue(issue)
    sync.rebuild()
    one, two, three, four = (issue.pk for issue in issues)

    def best(text: str) -> list[int]:
        hits = engine.search(IndexQuery(Leaf(text), kind="issue"))
        return [document.pk for document in hits.documents]

    assert best("先进封装") == [four, three, two, one]
    assert best("先进封装的产能") == [one]
    assert best("封装产能") == [two, one]
    assert engine.scores([Leaf("先进封装的产能")], DocumentId("issue", one)) > [0.0]


@pytest.mark.usefixtures("demo_archive")
def test_the_index_finds_the_issues_that_reading_them_finds(engine: Engine) -> None:
    scanned = [ScannedIssue(issue) for issue in Issue.objects.published()]
    texts = [text_of(issue) for issue in Issue.objects.published()]
    chance = random.Random(7)

    def piece() -> str:
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        return " ".join(text[start : start + chance.choice([1, 2, 4, 9])].split()) or "周"

    nodes = []
    for _ in range(60):
        query = f'{piece()} {chance.choice(["", "OR ", "-"])}{piece()} {chance.choice(["", "-"])}"{piece()}"'
        nodes += [node for node in [parse(query, NO_TERMS).effective_tree] if node]
    wrong = {
        repr(node): {*found(engine, node)} ^ {one.values["pk"] for one in scanned if matches(node, one)}
        for node in nodes
    }
    assert {node: ids for node, ids in wrong.items() if ids} == {}
    assert sum(bool(found(engine, node)) for node in nodes) > 20


def test_haystack_finds_issues_where_they_are_asked_for(kind: Kind, weeks: list[Issue]) -> None:
    issues = SearchQuerySet().models(Issue).order_by("-end_date")
    assert [row.object for row in issues] == weeks[::-1]
    assert [row.object for row in issues.filter(content="XR-9000")] == [weeks[0]]
    assert SearchQuerySet().order_by("-end_date").filter(content="XR-9000").count() == 0
    with pytest.raises(NotImplementedError, match="one of article, issue"):
        SearchQuerySet().models(Issue, Article).order_by("-end_date").count()
