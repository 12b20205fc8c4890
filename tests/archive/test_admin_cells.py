"""The admin's lists: their cells are those that Django would write."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.test import Client
from django.urls import reverse

from archive.admin.cells import by_django, cells_of
from archive.models import Article, ErrorReport, Issue
from glossary.models import Alias, Term
from tests.conftest import WeekMaker


@pytest.fixture
def lists(admin_client: Client, make_issue: WeekMaker) -> dict[str, ChangeList]:
    """Every list of the admin, by its model, with rows that hold what has to be escaped."""
    issue = make_issue({"a < b & c": "芯片", "量产": "<b>", "扩产": "“台积电”"})
    Issue.objects.filter(pk=issue.pk).update(columnist='某"某<i>')
    ErrorReport.objects.create(article=issue.articles.all()[0], message="<script>", contact="a@example.org")
    term = Term.objects.create(name="台<积>电", kind=Term.Kind.COMPANY)
    Alias.objects.create(term=term, text="TSMC & co")
    found = {}
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        answer = admin_client.get(f"{address}?q=")
        changes = answer.context.get("cl") if answer.context else None
        if changes is not None and len(changes.result_list):
            found[model._meta.label] = changes
    return found


def test_each_cell_of_each_list_is_what_django_writes(lists: dict[str, ChangeList]) -> None:
    assert {Issue._meta.label, Article._meta.label, Term._meta.label} <= lists.keys()
    for changes in lists.values():
        for row in changes.result_list:
            assert "".join(cells_of(changes, row, None)) == "".join(by_django(changes, row, None))
    terms = lists[Term._meta.label]
    assert "台&lt;积&gt;电" in "".join(cells_of(terms, terms.result_list[0], None))


def test_rows_lead_back_to_the_list_as_it_was_narrowed(admin_client: Client, make_issue: WeekMaker) -> None:
    make_issue({"量产": "昇腾"})
    changes = admin_client.get("/admin/archive/article/?q=量产").context["cl"]
    [row] = changes.result_list
    cells = "".join(cells_of(changes, row, None))
    assert cells == "".join(by_django(changes, row, None))
    assert "_changelist_filters=q%3D" in cells


def test_a_list_in_a_pop_up_is_djangos(admin_client: Client, make_issue: WeekMaker) -> None:
    make_issue({"量产": "昇腾"})
    changes = admin_client.get("/admin/archive/issue/?_popup=1").context["cl"]
    [row] = changes.result_list
    assert "data-popup-opener" in "".join(cells_of(changes, row, None))
