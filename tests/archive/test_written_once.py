"""Statements that are written once ask what their querysets ask, about any number of ids."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from archive.models import Article, Issue
from archive.published import PublishedArticle, published_articles
from archive.publishing import withdraw
from archive.statements import SIZES, Statement
from tests.conftest import WeekMaker


def test_it_answers_what_its_queryset_answers(make_issue: WeekMaker) -> None:
    ids = [
        *make_issue({f"第{number}篇": "芯片" for number in range(1, 31)}).articles.values_list(
            "pk", flat=True
        )
    ]
    rows = Article.objects.order_by("-position").values_list("pk", "updated_at", "missing_figures")
    statement = Statement(lambda numbers: rows.filter(pk__in=numbers))
    for count in (0, 1, 2, SIZES[1], SIZES[1] + 1, 30):
        assert statement.rows(ids[:count]) == [*rows.filter(pk__in=ids[:count])]
    assert len(statement.rows([*ids, *range(10**6, 10**6 + SIZES[-1])])) == 30


def test_it_makes_the_models_that_its_queryset_makes(
    make_issue: WeekMaker, django_assert_num_queries: Any
) -> None:
    make_issue({"一": "芯片"}, title="一期")
    make_issue({"二": "芯片", "三": "芯片"}, title="另一期", status="draft")
    articles = Article.objects.headings().select_related("issue").order_by("pk")
    statement = Statement(lambda numbers: articles.filter(pk__in=numbers))
    ids = [article.pk for article in articles]
    found = statement.rows(ids)
    assert found == [*articles]
    with django_assert_num_queries(0):
        assert [one.issue.title for one in found] == ["一期", "另一期", "另一期"]
    with django_assert_num_queries(1):  # as in the queryset, the body is not read
        assert found[0].body
    counted = Statement(lambda _: Issue.objects.with_article_count().order_by("pk")[:5])
    assert [(one.title, one.article_count) for one in counted.all()] == [("一期", 1), ("另一期", 2)]
    rows = Statement(lambda _: Issue.objects.order_by("pk").values_list("title"))
    assert rows.all() == [("一期",), ("另一期",)]
    Issue.objects.all().delete()
    assert (counted.all(), statement.rows(ids)) == ([], [])


def test_it_refuses_a_queryset_that_names_its_numbers_elsewhere(db: None) -> None:
    apart = Statement(lambda numbers: Issue.objects.filter(pk__in=[numbers[0]], slug="").values_list("pk"))
    assert apart.rows([1]) == []
    with pytest.raises(ValueError, match="do not stand together"):
        apart.rows([1, 2])


def test_published_articles_are_values_of_what_members_see(make_issue: WeekMaker) -> None:
    issue = make_issue({"量产": "昇腾", "扩产": "台积电"}, end_date="2025-03-21")
    articles = [*issue.articles.all()]
    found = published_articles([article.pk for article in articles])
    assert isinstance(found[articles[0].pk], PublishedArticle)
    for article in articles:
        one = found[article.pk]
        assert (one.title, one.body, one.position) == (article.title, article.body, article.position)
        assert one.get_absolute_url() == article.get_absolute_url()
        assert one.issue.get_absolute_url() == issue.get_absolute_url()
        assert one.issue.end_date == dt.date(2025, 3, 21)
    withdraw(issue)
    assert published_articles([article.pk for article in articles]) == {}
