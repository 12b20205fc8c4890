"""What a change of a term would do, before it is saved; held against what it does once saved."""

from __future__ import annotations

import pytest
from django.test import Client

from glossary.models import Alias, Term
from insight.models import GoldenQuery, SearchRecord
from insight.term_impact import term_impact
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.glossary.forms import form
from tests.insight.conftest import EditorMaker, RecordMaker
from tests.writing import create

pytestmark = pytest.mark.django_db

URL = "/admin/insight/ignoredword/try-term/"


@pytest.fixture
def term(make_issue: WeekMaker) -> Term:
    term = create(Term, name="长江存储", kind="company")
    make_issue(
        {
            "长江存储扩产": "长江存储的新厂投产。",
            "长存的颗粒": "长存出货，颗粒涨价。",
            "YMTC与其他": "YMTC的颗粒。",
            "与它无关": "晶圆价格上涨。",
        }
    )
    return term


def titles(articles: object) -> list[str]:
    return [article.title for article in articles]  # type: ignore[attr-defined]


def test_an_alias_gains_articles_and_searches(term: Term, make_record: RecordMaker) -> None:
    make_record("长存")
    make_record("长存 颗粒")
    make_record("晶圆")
    GoldenQuery.objects.create(query="长江存储", title="长江存储扩产")
    impact = term_impact(["长江存储", "长存", "YMTC"], term)
    assert titles(impact.gained) == ["长存的颗粒", "YMTC与其他"]
    assert (impact.lost, impact.kept) == ([], 1)
    changes = {search.query: (search.is_golden, search.before, search.after) for search in impact.searches}
    assert changes == {"长江存储": (True, 1, 3), "长存": (False, 1, 3), "长存 颗粒": (False, 1, 2)}


def test_what_is_foretold_is_what_saving_does(term: Term, make_record: RecordMaker) -> None:
    for query in (
        "长存",
        "长江存储 颗粒",
        "-长存 颗粒",
        "term:长江存储",
        '"长存"',
        "title:长存",
        "YMTC OR 晶圆",
    ):
        make_record(query)
    foretold = {
        search.query: search.after for search in term_impact(["长江存储", "长存", "YMTC"], term).searches
    }
    for text in ("长存", "YMTC"):
        create(Alias, term=term, text=text)
    sync.rebuild()
    after = {}
    for query in foretold:
        found = find(SearchRequest(query))
        assert found is not None
        after[query] = 0 if found.is_relaxed or found.corrected else found.total
    assert foretold == after
    assert len(foretold) == 7


def test_taking_an_alias_away_loses_articles(term: Term, make_record: RecordMaker) -> None:
    create(Alias, term=term, text="YMTC")
    sync.rebuild()
    make_record("YMTC")
    impact = term_impact(["长江存储"], term)
    assert (titles(impact.lost), impact.gained, impact.kept) == (["YMTC与其他"], [], 1)
    assert [(search.before, search.after) for search in impact.searches] == [(2, 1)]


def test_a_new_longer_term_takes_the_place_of_another(term: Term) -> None:
    impact = term_impact(["长江存储的新厂"])
    assert titles(impact.gained) == ["长江存储扩产"]
    assert impact.others == []  # the title still names it
    other = create(Term, name="颗粒", kind="product")
    sync.rebuild()
    assert term_impact(["长存的颗粒", "颗粒涨价", "YMTC的颗粒"]).others == [(other, 2)]


def test_nothing_is_stored(term: Term) -> None:
    term_impact(["长江存储", "长存"], term)
    assert not Alias.objects.exists()
    assert term.mentions.count() == 1


def test_the_form_is_tried_as_it_stands(admin_client: Client, term: Term, make_record: RecordMaker) -> None:
    make_record("长存")
    data = form("长江存储", "长存") | {"changed_term": term.pk}
    page = admin_client.post(URL, data).content.decode()
    assert "如果照您填的样子保存“长江存储”" in page
    assert "长存的颗粒" in page
    assert "<strong>2 篇</strong>" in page
    assert not Alias.objects.exists()
    button = admin_client.get(f"/admin/glossary/term/{term.pk}/change/").content.decode()
    assert f'formaction="{URL}"' in button
    assert f'name="changed_term" value="{term.pk}"' in button


def test_what_can_not_be_saved_is_not_tried(admin_client: Client, term: Term) -> None:
    page = admin_client.post(URL, form("別的", "長江存儲")).content.decode()
    assert "“長江存儲”已经是词条“长江存储”（公司）的写法" in page


def test_only_who_may_see_searches_tries(editor: EditorMaker, term: Term) -> None:
    assert editor("glossary.view_term").post(URL, form("新词")).status_code == 403
    allowed = editor("glossary.view_term", "insight.view_searchrecord")
    assert allowed.post(URL, form("新词")).status_code == 200
    assert not SearchRecord.objects.exists()
