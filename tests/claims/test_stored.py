"""Stored numbers follow the published articles and the words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.editing import save_article
from archive.models import Article, Issue
from archive.publishing import publish, withdraw
from claims.following import AT_ONCE, bring_up_to_date
from claims.models import Claim
from claims.tasks import compare, read_articles
from glossary.editing import save_term
from glossary.models import Alias, Term
from tests.conftest import WeekMaker
from tests.writing import create, delete
from worker.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "台积电营收8392.5亿元新台币。\n良率提高到百分之八十。"


def stored() -> list[tuple[str, str, str | None]]:
    claims = Claim.objects.order_by("article", "place").select_related("subject")
    return [(claim.normalised, claim.anchor, claim.subject and claim.subject.name) for claim in claims]


def test_what_a_published_article_states_is_stored_with_its_paragraph(make_issue: WeekMaker) -> None:
    create(Term, name="台积电", kind=Term.Kind.COMPANY)
    make_issue({"台积电扩产": TEXT})
    assert stored() == [("8392.5 亿新台币", "p1", "台积电"), ("80%", "p2", None)]
    claim = Claim.objects.get(place=0)
    assert (claim.low, claim.high, claim.unit) == (Decimal(839250000000), Decimal(839250000000), "TWD")
    assert (claim.written, claim.sentence) == ("8392.5亿元新台币", "台积电营收8392.5亿元新台币。")


def test_a_draft_has_none_until_it_is_published_and_a_withdrawn_issue_none_again(
    make_issue: WeekMaker,
) -> None:
    issue = make_issue({"机密": "投资99亿元。"}, status=Issue.Status.DRAFT)
    assert stored() == []
    publish(issue)
    assert stored() == [("99 亿人民币", "p1", None)]
    withdraw(issue)
    assert stored() == []


def test_a_save_brings_its_article_up_to_date_and_leaves_the_rows_that_stay(make_issue: WeekMaker) -> None:
    issue = make_issue({"扩产": "投资99亿元。\n良率80%。"})
    kept = Claim.objects.get(place=0).pk
    article = issue.articles.get()
    article.body = "<p>投资99亿元。</p><p>良率90%。</p>"
    save_article(article)
    assert stored() == [("99 亿人民币", "p1", None), ("90%", "p2", None)]
    assert Claim.objects.get(place=0).pk == kept
    delete(article)
    assert stored() == []


def test_a_new_term_becomes_the_subject_and_its_end_takes_it_away(make_issue: WeekMaker) -> None:
    make_issue({"扩产": "铠侠投资99亿元。"})
    assert stored() == [("99 亿人民币", "p1", None)]
    term = Term(name="铠侠", kind=Term.Kind.COMPANY)
    save_term(term, [Alias(text="Kioxia")])
    assert stored() == [("99 亿人民币", "p1", "铠侠")]
    delete(term)
    assert stored() == [("99 亿人民币", "p1", None)]


def test_a_bare_change_is_mended_by_the_comparison(make_issue: WeekMaker) -> None:
    issue = make_issue({"扩产": "投资99亿元。", "涨价": "涨价5%。"})
    Article.objects.filter(issue=issue, position=1).update(body="<p>投资88亿元。</p>")
    Claim.objects.filter(article__position=2).delete()
    compare.func()
    assert stored() == [("88 亿人民币", "p1", None), ("5%", "p1", None)]


def test_what_nothing_changed_writes_nothing(make_issue: WeekMaker) -> None:
    issue = make_issue({"扩产": TEXT})
    with CaptureQueriesContext(connection) as asked:
        assert bring_up_to_date([issue.articles.get().pk]) == []
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


def test_many_articles_are_left_to_the_worker(make_issue: WeekMaker) -> None:
    make_issue({f"第{number}条": f"投资{number}亿元。" for number in range(1, AT_ONCE + 2)})
    assert stored() == []
    tasks = Task.objects.filter(name="claims.tasks.read_articles")
    assert len(tasks) == 1
    read_articles.func(*tasks[0].args)
    assert len(stored()) == AT_ONCE + 1


def test_a_title_is_read_where_the_text_does_not_say_it(make_issue: WeekMaker) -> None:
    make_issue({"铠侠投资99亿元": "投资99亿元。", "涨价5%": "存储涨价。"})
    assert stored() == [("99 亿人民币", "p1", None), ("5%", "", None)]
    create(Term, name="铠侠", kind=Term.Kind.COMPANY)
    assert stored()[0] == ("99 亿人民币", "", "铠侠")


def test_a_range_that_runs_backwards_takes_no_other_number_along(make_issue: WeekMaker) -> None:
    make_issue({"倒着写": "从2026年至2024年连年下降。", "扩产": "投资99亿元。"})
    assert stored() == [("99 亿人民币", "p1", None)]


def test_a_number_that_no_column_holds_is_left_out_not_rounded(make_issue: WeekMaker) -> None:
    make_issue({"天文数字": f"投资{'9' * 40}亿元，增长{'1' * 30}.{'2' * 30}%，下降0.1234567891%，成本5元。"})
    assert stored() == [("5 人民币", "p1", None)]
