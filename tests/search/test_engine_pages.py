"""Order, slices, pages and similar articles by Haystack's own interface."""

from __future__ import annotations

import pytest

from archive.models import Article, Issue
from glossary.models import Term
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.search.querysets import everything, ids, titles
from tests.writing import create

# --- Slices, order, pages ------------------------------------------------------------------------------

ARTICLES = 130
SIZES = [0, 1, 2, 9, 24, 25, 26, 47, 99, 129, 130]
"""How many articles answer the query `共N篇` below."""


@pytest.fixture
def many(make_issue: WeekMaker) -> None:
    """130 articles in three issues, some of them alike to the letter."""
    bodies = [
        " ".join(f"共{size}篇" for size in SIZES if number <= size) for number in range(1, ARTICLES + 1)
    ]
    for week, end_date in enumerate(["2025-03-07", "2025-03-14", "2025-03-21"]):
        numbers = range(week + 1, ARTICLES + 1, 3)
        make_issue({f"题{number}": bodies[number - 1] for number in numbers}, end_date=end_date)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("order", [[], ["-end_date"], ["end_date"], ["position"], ["-pk"]])
def test_pages_of_any_size_make_up_the_whole(order: list[str]) -> None:
    for size in SIZES:
        found = everything().filter(content=f'"共{size}篇"').order_by(*order)
        whole = ids(found)
        assert (len(whole), found.count(), len(found)) == (size, size, size)
        assert len(set(whole)) == size
        for per_page in (1, 2, 3, 7, 10, 24, 25):
            pages = [
                [int(row.pk) for row in found.all()[start : start + per_page]]
                for start in range(0, size, per_page)
            ]
            assert [pk for page in pages for pk in page] == whole


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_of_the_search_page_make_up_the_whole(sort: str) -> None:
    for size in SIZES:
        for per_page in (1, 10, 25) if size < 30 else (10, 25):
            seen: list[int] = []
            for page in range(1, max(-(-size // per_page), 1) + 1):
                found = find(SearchRequest(f'"共{size}篇"', sort=sort, page=page, page_size=per_page))
                assert found is not None
                assert (found.total, found.page) == (size, page)
                seen += [hit.article.pk for hit in found.results]
            assert len(seen) == len(set(seen)) == size
            past = find(SearchRequest(f'"共{size}篇"', sort=sort, page=999, page_size=per_page))
            assert past is not None
            assert [hit.article.pk for hit in past.results] == seen[(page - 1) * per_page :]


@pytest.mark.usefixtures("many")
def test_equals_come_newest_first_and_then_as_in_the_issue() -> None:
    """Of equal texts of one day the score is the same, and of equal dates every order is by position."""
    rows = [
        (row.object.issue.slug, row.object.position, row.score) for row in everything().filter(content="篇")
    ]
    for slug, position, score in rows:
        equal = [other for other in rows if (other[0], other[2]) == (slug, score)]
        assert equal == sorted(equal, key=lambda row: row[1])
        assert (slug, position, score) in equal
    by_date = [row.object.issue.slug for row in everything().order_by("-end_date")]
    assert by_date == sorted(by_date, reverse=True)


@pytest.mark.usefixtures("many")
def test_order_and_slices_by_haystacks_interface() -> None:
    found = everything().order_by("end_date", "-position")
    rows = [(row.object.issue.slug, row.object.position) for row in found]
    assert rows == sorted(rows, key=lambda item: (item[0], -item[1]))
    assert ids(found)[5:9] == [int(row.pk) for row in found.all()[5:9]]
    assert found.all()[0].pk == found.all()[0:1][0].pk
    assert [row.pk for row in found.all()[ARTICLES - 1 : ARTICLES + 50]] == [str(ids(found)[-1])]
    assert found.all()[ARTICLES : ARTICLES + 50] == []
    assert everything().filter(content="没有这个词").count() == 0
    assert everything().none().count() == 0
    assert everything().count() == ARTICLES
    assert everything().models(Article).count() == ARTICLES


# --- Similar articles ----------------------------------------------------------------------------------


@pytest.fixture
def alike(make_issue: WeekMaker) -> dict[str, Article]:
    for name in ("台积电", "英特尔", "三星", "混合键合", "玻璃基板", "铠侠"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue(
        {
            "原": "台积电 混合键合 玻璃基板",
            "近": "玻璃基板与混合键合的进展",
            "远": "台积电 玻璃基板",
            "只有一个": "台积电",
            "无关": "铠侠",
            "常见": "台积电 英特尔 三星",
            "也常见": "台积电 英特尔 三星 铠侠",
        }
    )
    make_issue(
        {"秘密": "台积电 混合键合 玻璃基板"}, end_date="2025-03-28", title="稿", status=Issue.Status.DRAFT
    )
    return {article.title: article for article in Article.objects.all()}


def test_similar_articles_share_the_rarest_terms(alike: dict[str, Article]) -> None:
    found = everything().more_like_this(alike["原"])
    assert titles(found) == ["近", "远"]
    assert found.count() == 2


def test_an_article_is_not_similar_to_itself_and_a_draft_to_nothing(alike: dict[str, Article]) -> None:
    for article in alike.values():
        similar = titles(everything().more_like_this(article))
        assert article.title not in similar
        assert "秘密" not in similar
    assert titles(everything().more_like_this(alike["秘密"])) == []
    assert titles(everything().more_like_this(alike["无关"])) == []


def test_similar_articles_can_be_filtered_and_sliced(alike: dict[str, Article]) -> None:
    found = everything().more_like_this(alike["原"])
    assert titles(found.filter(content="台积电")) == ["远"]
    assert [row.object.title for row in found.all()[0:1]] == ["近"]
    assert [row.object.title for row in found.all()[1:2]] == ["远"]
    assert found.all()[2:3] == []
    assert titles(found.narrow("台积电")) == ["远"]


@pytest.mark.usefixtures("trade_archive")
def test_similarity_is_the_same_on_both_sides() -> None:
    """Not the score, but whether there is any."""
    articles = list(Article.objects.published()[:30])
    similar = {article.pk: set(ids(everything().more_like_this(article))) for article in articles}
    for article in articles:
        assert article.pk not in similar[article.pk]
        assert all(article.pk in similar[other] for other in similar[article.pk] & similar.keys())
