"""What every engine must do, and what one without an index must refuse: the contract of search/engines/base."""

from __future__ import annotations

import datetime as dt
import math
import random
import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from haystack.query import SearchQuerySet

from archive.models import Article, Issue
from archive.publishing import withdraw
from benchmarks.judgments import read_judgments
from glossary.models import Mention, Term
from glossary.vocabulary import current_vocabulary
from search.engines.base import Engine, IndexQuery, OtherVersion, Unsupported
from search.engines.database import ScannedArticle, matches
from search.engines.documents import DocumentId
from search.engines.ranking import LEAST_SHARE, NEAR_BEST
from search.indexing import sync, visible
from search.query.parser import parse
from search.query.tree import And, Everything, Leaf, Most, Node, Or, Where, relaxed
from search.results.request import SearchRequest
from search.results.service import find
from search.text.analysis import squeeze
from tests.conftest import ROOT, WeekMaker
from tests.search.contract.conftest import AGED, Kind
from tests.writing import create, delete

NEWEST = ("-end_date",)
SEED = 20250321
FACETS = ("year", "month", "columnist", "issue", "term")


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


# --- The same sets -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("trade_archive")
def test_typed_queries_find_what_reading_every_article_finds(engine: Engine) -> None:
    archive = scanned()
    nodes = [node for query in queries() if (node := parse(query, current_vocabulary()).effective_tree)]
    assert len(nodes) > 400
    expected = [{a.values["pk"] for a in archive if matches(node, a)} for node in nodes]
    wrong = {}
    for node, ids in zip(nodes, expected, strict=True):
        documents = found(engine, node)
        if ({*documents}, len(documents)) != (ids, len(ids)):
            wrong[repr(node)] = {*documents} ^ ids
    assert wrong == {}
    assert engine.counts(nodes) == [len(ids) for ids in expected]
    assert sum(map(bool, expected)) > 300


@pytest.mark.usefixtures("trade_archive")
def test_relaxed_queries_find_what_holds_most_of_the_words(kind: Kind, engine: Engine) -> None:
    archive = scanned()
    trees = [parse(query, current_vocabulary()).tree for query in queries()]
    loose = [tree for typed in trees if typed and (tree := relaxed(typed))]
    assert len(loose) > 250
    if not kind.has_index:
        with pytest.raises(Unsupported, match="does not weigh words"):
            engine.counts(loose[:1])
        return
    for tree in loose:
        surely, perhaps = _hold_most(tree, archive)
        assert surely <= {*found(engine, tree)} <= perhaps, tree


def _hold_most(tree: Node, archive: Sequence[ScannedArticle]) -> tuple[set[int], set[int]]:
    """What holds more than the least share of the words' weight, and what may by a rounding of it."""
    most, *rest = tree.children if isinstance(tree, And) else (tree,)
    assert isinstance(most, Most)
    units = most.units(current_vocabulary())
    holders = [
        {a.values["pk"] for a in archive if any(a.texts[""].words.issuperset(form) for form in unit.forms)}
        for unit in units
    ]
    weights = [math.log(len(archive) / (len(ids) + 1)) + 1 for ids in holders]
    share: Counter[int] = Counter()
    for ids, weight in zip(holders, weights, strict=True):
        for pk in ids:
            share[pk] += weight / sum(weights)  # type: ignore[assignment]
    least = max(LEAST_SHARE, NEAR_BEST * max(share.values(), default=0))
    allowed = {a.values["pk"] for a in archive if all(matches(node, a) for node in rest)}
    return (
        {pk for pk, held in share.items() if held > least + 1e-5} & allowed,
        {pk for pk, held in share.items() if held > least - 1e-5} & allowed,
    )


@pytest.mark.usefixtures("demo_archive")
def test_any_run_of_characters_is_found_and_whole_codes_are_told_from_parts(engine: Engine) -> None:
    chance = random.Random(SEED)
    texts = {a.pk: "\n".join(map(squeeze, a.text.splitlines())) for a in Article.objects.published()}
    pieces = [chance.choice([*texts.values()]) for _ in range(300)]
    starts = [(text, chance.randrange(len(text))) for text in pieces]
    runs = {
        text[start : start + chance.choice([1, 2, 3, 5, 9, 30])].split("\n")[0].strip()
        for text, start in starts
    }
    held = engine.containing(runs)
    assert held.keys() == runs
    assert {run: {*ids} for run, ids in held.items()} == {
        run: {pk for pk, text in texts.items() if run and run in text} for run in runs
    }
    codes = {word for text in texts.values() for word in re.findall("[a-z]{2,}|[0-9]{2,}", text)}
    codes |= {code[:-1] for code in codes}
    whole = engine.containing(codes, whole=True)
    for code, ids in whole.items():
        other = "[a-z]" if code[0].isalpha() else "[0-9]"
        pattern = re.compile(f"(?<!{other}){code}(?!{other})")
        assert {*ids} == {pk for pk, text in texts.items() if pattern.search(text)}, code


# --- Filters, facets, pages ----------------------------------------------------------------------------


@pytest.fixture
def weeks(make_issue: WeekMaker) -> None:
    for name in ("台积电", "英特尔", "铠侠"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue({"甲": "台积电芯片", "乙": "芯片"}, end_date="2024-12-27", columnist="莫大康")
    make_issue({"丙": "英特尔与台积电芯片", "丁": "英特尔"}, end_date="2025-03-14", columnist="某某")
    make_issue({"戊": "芯片"}, end_date="2025-03-21", title="另一种", columnist="")


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize(
    ("condition", "titles"),
    [
        (Where("columnist", "exact", "莫大康"), "甲乙"),
        (Where("columnist", "in", ("莫大康", "某某")), "甲乙丙丁"),
        (Where("columnist", "in", ()), ""),
        (Where("issue", "in", ("2025-03-14", "2025-03-21")), "丙丁戊"),
        (Where("end_date", "range", (20250101, 20250315)), "丙丁"),
        (Where("end_date", "gte", 20250314), "丙丁戊"),
        (Where("end_date", "lt", 20250314), "甲乙"),
        (Where("end_date", "in", (20241227, 20250321)), "甲乙戊"),
        (Where("position", "exact", 2), "乙丁"),
        (Where("kind", "exact", "article"), "甲乙丙丁戊"),
        (Where("kind", "in", ("issue",)), ""),
        (Or((Where("columnist", "exact", "某某"), Where("issue", "exact", "2025-03-21"))), "丙丁戊"),
    ],
)
def test_filters_of_one_value_of_several_and_of_ranges(engine: Engine, condition: Node, titles: str) -> None:
    ids = {article.title: article.pk for article in Article.objects.all()}
    assert {*found(engine, condition)} == {ids[title] for title in titles}
    assert found(engine, And((Leaf("芯片"), condition))) == found(engine, And((condition, Leaf("芯片"))))


@pytest.mark.usefixtures("weeks")
def test_an_unknown_column_operator_or_facet_is_named(engine: Engine) -> None:
    for query in (
        IndexQuery(Where("colour", "exact", 1), NEWEST),
        IndexQuery(Where("columnist", "gt", "甲"), NEWEST),
        IndexQuery(Everything(), ("colour",)),
        IndexQuery(Everything(), NEWEST, facets=("colour",)),
    ):
        with pytest.raises(ValueError, match=r"colour|columnist.*gt"):
            engine.search(query)


@pytest.mark.slow
@pytest.mark.usefixtures("trade_archive")
def test_facets_count_what_sql_counts(engine: Engine) -> None:
    chosen = [query for number, query in enumerate(queries()) if number % 8 == 0]
    for query in chosen:
        node = parse(query, current_vocabulary()).effective_tree
        if node is None:
            continue
        hits = engine.search(IndexQuery(node, NEWEST, end=10, facets=FACETS))
        articles = Article.objects.filter(pk__in=found(engine, node)).select_related("issue")
        assert (hits.total, len(hits.documents)) == (len(articles), min(10, len(articles)))
        expected = {
            "year": Counter(str(a.issue.end_date.year) for a in articles),
            "month": Counter(f"{a.issue.end_date:%Y-%m}" for a in articles),
            "columnist": Counter(a.issue.columnist for a in articles if a.issue.columnist),
            "issue": Counter(a.issue.slug for a in articles),
            "term": Counter(
                map(str, Mention.objects.filter(article__in=articles).values_list("term", flat=True))
            ),
        }
        for facet, counts in hits.facets.items():
            assert dict(counts) == expected[facet], (query, facet)
            newest_first = sorted(counts, reverse=True)
            most_first = sorted(counts, key=lambda item: (-item[1], item[0]))
            assert counts == (newest_first if facet in ("year", "month") else most_first)


@pytest.mark.slow
@pytest.mark.usefixtures("demo_archive")
def test_pages_repeat_and_lose_nothing(kind: Kind, engine: Engine) -> None:
    everything = {*Article.objects.published().values_list("pk", flat=True)}
    orders: list[tuple[str, ...]] = [NEWEST, ("end_date",), ("position", "-end_date"), ("-pk",)]
    for sort_by in [*orders, *([()] if kind.has_index else [])]:
        for node in (Everything(), Leaf("芯片")):
            whole = found(engine, node, sort_by)
            for size in (1, 7, 20):
                pages = [
                    engine.search(IndexQuery(node, sort_by, start, start + size)).documents
                    for start in range(0, len(whole) + size, size)
                ]
                assert [document.pk for page in pages for document in page] == whole
            assert len({*whole}) == len(whole)
            assert node != Everything() or {*whole} == everything
    assert found(engine, Everything(), ("pk",)) == sorted(everything)


@pytest.mark.usefixtures("weeks")
def test_equals_come_newest_first_and_then_as_in_the_issue(engine: Engine) -> None:
    titles = dict(Article.objects.values_list("pk", "title"))
    assert "".join(titles[pk] for pk in found(engine, Everything())) == "戊丙丁甲乙"
    assert "".join(titles[pk] for pk in found(engine, Everything(), ("end_date",))) == "甲乙丙丁戊"


@pytest.mark.usefixtures("trade_archive")
def test_days_and_terms_are_counted(engine: Engine) -> None:
    nodes = [Everything(), Leaf("台积电"), Leaf("绝无此词xyzzy")]
    days = dict(Article.objects.published().values_list("pk", "issue__end_date"))
    expected = [sorted(Counter(days[pk] for pk in found(engine, node)).items()) for node in nodes]
    assert engine.counts_by_day(nodes) == expected
    mentions = Counter(Mention.objects.published().values_list("term", flat=True))
    assert engine.term_counts() == (len(days), dict(mentions))


# --- Ranking -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("weeks")
def test_one_that_ranks_ranks_and_one_that_does_not_says_so(kind: Kind, engine: Engine) -> None:
    best = IndexQuery(Leaf("台积电"))
    article = DocumentId("article", Article.objects.get(title="丙").pk)
    if not kind.has_index:
        for ask in (
            lambda: engine.search(best),
            lambda: engine.scores([Leaf("台积电")], article),
            lambda: engine.similar(article, Everything()),
        ):
            with pytest.raises(Unsupported, match="does not rank"):
                ask()
        return
    scores = {document.pk: document.score for document in engine.search(best).documents}
    assert len(scores) == 2
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert engine.scores([Leaf("台积电"), Leaf("铠侠")], article) == [
        pytest.approx(scores[article.pk], rel=1e-5),
        0.0,
    ]


def test_similar_documents_share_terms(kind: Kind, engine: Engine, make_issue: WeekMaker) -> None:
    if not kind.has_index:
        pytest.skip("refused: see above")
    for name in ("台积电", "英特尔", "混合键合", "玻璃基板"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue(
        {
            "原": "台积电 混合键合 玻璃基板",
            "近": "玻璃基板与混合键合",
            "远": "台积电 玻璃基板 英特尔",
            "无关": "英特尔",
        }
    )
    ids = {article.title: article.pk for article in Article.objects.all()}
    hits = engine.similar(DocumentId("article", ids["原"]), Everything())
    assert [document.pk for document in hits.documents] == [ids["近"], ids["远"]]
    assert engine.similar(DocumentId("article", ids["原"]), Leaf("英特尔")).total == 1
    assert (
        engine.similar(DocumentId("article", ids["原"]), Everything(), 1, 2).documents == hits.documents[1:]
    )
    assert engine.similar(DocumentId("article", 999_999), Everything()).total == 0


# --- Following the archive -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_hidden_at_once(kind: Kind, engine: Engine, make_issue: WeekMaker) -> None:
    """The index still holds it: who writes to it is busy."""
    term = create(Term, name="台积电", kind=Term.Kind.COMPANY)
    kept = make_issue({"留": "台积电芯片"}, end_date="2025-03-14")
    withdrawn = make_issue({"撤": "台积电芯片"}, end_date="2025-03-21")
    with engine.lock("write", 1):
        withdraw(withdrawn)
        with visible.pinned():
            [pk] = kept.articles.values_list("pk", flat=True)
            assert found(engine, Leaf("芯片")) == [pk]
            assert engine.counts([Leaf("芯片"), Everything()]) == [1, 1]
            assert engine.counts_by_day([Leaf("芯片")]) == [[(dt.date(2025, 3, 14), 1)]]
            assert engine.containing(["芯片"]) == {"芯片": [pk]}
            assert engine.term_counts().counts == {term.pk: 1}
        for sort in ("relevance", "newest"):
            answer = find(SearchRequest("芯片", sort=sort))
            assert answer is not None
            assert [hit.article.pk for hit in answer.results] == [pk]


@pytest.mark.django_db(transaction=True)
def test_everything_asked_in_one_pin_is_answered_from_one_state(
    kind: Kind, engine: Engine, make_issue: WeekMaker
) -> None:
    if not kind.has_index:
        pytest.skip("it reads the database itself, whose states are not kept")
    issue = make_issue({"甲": "芯片", "乙": "芯片"})
    with engine.pinned() as before:
        delete(issue.articles.get(title="乙"))
        sync.rebuild()
        assert engine.counts([Leaf("芯片")]) == [2]
        with engine.pinned() as inside:
            assert inside == before
    with engine.pinned() as after:
        assert engine.counts([Leaf("芯片")]) == [1]
    assert (after.name != before.name, after.documents) == (True, 1)
    assert engine.state().name == after.name


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_leaves_no_moment_without_answers(
    kind: Kind, engine: Engine, make_issue: WeekMaker
) -> None:
    make_issue({f"第{number}条": "芯片" for number in range(40)})
    if not kind.has_index:
        with pytest.raises(Unsupported, match="does not build an index"):
            sync.rebuild()
        with pytest.raises(CommandError, match="does not build an index"):
            call_command("rebuild_index", verbosity=0)
        return
    assert engine.counts([Leaf("芯片")]) == [40]
    totals: list[int | str] = []
    states: set[str] = set()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                with engine.pinned() as state:
                    states.add(state.name)
                    totals.append(engine.search(IndexQuery(Leaf("芯片"))).total)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a dark moment
                totals.append(repr(error))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(3):
            sync.rebuild()
    finally:
        stop.set()
        asking.join()
    assert {*totals} == {40}
    assert len(states) > 1


@pytest.mark.django_db(transaction=True)
def test_an_index_of_another_version_is_refused_and_left_alone(
    kind: Kind, engine: Engine, make_issue: WeekMaker, client: Client
) -> None:
    make_issue({"甲": "芯片"})
    if not kind.has_index:
        assert sync.bring_up_to_date() is False
        return
    AGED[kind.url](engine)
    with pytest.raises(OtherVersion, match="another version"), engine.pinned():
        pass
    page = client.get("/search/", {"q": "芯片"})
    assert (page.status_code, page.context["found"].total) == (200, 1)
    assert "逐篇查找" in page.context["found"].notice
    held = engine.folder and {path: path.stat().st_mtime_ns for path in engine.folder.rglob("v0.1/**/*")}
    assert held
    assert sync.bring_up_to_date() is True
    assert engine.counts([Leaf("芯片")]) == [1]
    engine.maintain(remove_old=True)
    assert held == {path: path.stat().st_mtime_ns for path in engine.folder.rglob("v0.1/**/*")}  # type: ignore[union-attr]


# --- What stands on it ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("weeks")
def test_haystack_works_on_it(kind: Kind, engine: Engine) -> None:
    everything = SearchQuerySet().order_by("-end_date")
    assert everything.count() == 5
    assert [
        row.object.title for row in everything.filter(content="芯片").filter(columnist__in=["莫大康"])
    ] == ["甲", "乙"]
    assert [row.pk for row in everything.models(Article)[1:3]] == [
        str(pk) for pk in found(engine, Everything())[1:3]
    ]
    assert everything.models(Article).count() == 5
    with pytest.warns(UserWarning, match="not registered"):
        assert everything.models(Issue).count() == 0
    assert everything.facet("year").facet_counts()["fields"] == {"year": [("2025", 3), ("2024", 2)]}
    call_command("update_index", verbosity=0)
    if kind.has_index:
        assert SearchQuerySet().filter(content="芯片")[0].score > 0
        call_command("rebuild_index", verbosity=0)
    else:
        with pytest.raises(Unsupported, match="sort by"):
            list(SearchQuerySet().filter(content="芯片"))


@pytest.mark.usefixtures("weeks")
def test_no_page_fails_and_what_could_not_be_done_is_said(kind: Kind, client: Client) -> None:
    article = Article.objects.get(title="丙")
    for address in (
        "/search/?q=芯片",
        "/search/?q=芯片&explain=1&sort=newest",
        "/search/?q=芯片&explain=1&page=99",
        "/search/?q=绝无此词xyzzy 台积电",
        "/search/?q=xyzzy",
        "/search/?q=taijidian",
        "/search/help/",
        "/search/feed.atom?q=芯片",
        f"/search/marks/{article.pk}/?q=芯片",
        "/api/v1/search?q=芯片",
        "/api/v1/suggest?q=台",
        "/api/v1/trends?q=芯片",
        "/trends/?q=芯片",
        article.get_absolute_url(),
        "/readyz",
    ):
        assert client.get(address).status_code == 200, address
    ranked, dated = (
        client.get(f"/search/?q=芯片&sort={sort}").context["found"] for sort in ("relevance", "newest")
    )
    assert (ranked.total, dated.total) == (4, 4)
    assert ("没有按相关度排序" in ranked.notice) == (not kind.has_index)
    assert dated.notice == ""
    trends = client.get("/api/v1/trends?q=芯片").json()
    assert trends["trends"][0]["total"] == 4
