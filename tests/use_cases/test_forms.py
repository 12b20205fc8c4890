"""Whatever action or button of the admin's lists and forms is pressed: index and mentions are then what the database says.

The actions and buttons are read from the admin itself.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from lxml import html

from archive.models import Article, Issue
from glossary.models import Term
from tests.use_cases.conftest import World, assert_equal

pytestmark = pytest.mark.django_db(transaction=True)

ACTIONS = [
    (model, name)
    for model, model_admin in admin.site._registry.items()
    for name in (
        *(action if isinstance(action, str) else action.__name__ for action in model_admin.actions or ()),
        "delete_selected",
    )
]


@pytest.mark.parametrize(
    ("model", "action"), ACTIONS, ids=lambda it: it if isinstance(it, str) else it._meta.label
)
def test_every_action_of_the_admin(world: World, model: type[Any], action: str) -> None:
    rows = list(model._default_manager.values_list("pk", flat=True))
    world.client.post(
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
        {"action": action, "_selected_action": rows, "post": "yes"},
    )
    if (model, action) in (
        (Issue, "delete_selected"),
        (Article, "delete_selected"),
        (Term, "delete_selected"),
    ):
        assert not model._default_manager.exists()
    assert_equal()


def sent(world: World, address: str, button: str) -> dict[str, Any]:
    """What the browser would send when this button is pressed, with every name and title changed."""
    page = html.fromstring(world.client.get(address).content.decode())
    form = page.xpath("//form[contains(@id, '_form') and @method='post']")[0]
    data = dict(form.form_values())
    data |= {
        name: f"{value}改"
        for name, value in data.items()
        if name.split("-")[-1] in ("title", "name") and value
    }
    soon = timezone.localtime() + dt.timedelta(days=1)
    return data | {button: "1", "schedule_at": soon.strftime("%Y-%m-%dT%H:%M")}


@pytest.mark.parametrize("which", ["issue", "draft"])
def test_every_button_of_the_form_of_an_issue(world: World, which: str) -> None:
    address = reverse("admin:archive_issue_change", args=[getattr(world, which).pk])
    page = html.fromstring(world.client.get(address).content.decode())
    buttons = set(page.xpath("//form[@id='issue_form']//*[@type='submit']/@name"))
    assert {"_continue"} < buttons
    for button in sorted(buttons | {"_save", "_preview", "_look", "_withdraw"}):
        assert world.client.post(address, sent(world, address, button)).status_code == 302, button
        assert_equal()


@pytest.mark.parametrize("model", [Article, Term], ids=lambda model: model._meta.label)
def test_every_button_of_the_other_forms(world: World, model: type[Any]) -> None:
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    address = reverse(f"admin:{name}_change", args=[model._default_manager.latest("pk").pk])
    page = html.fromstring(world.client.get(address).content.decode())
    for button in sorted(
        set(page.xpath("//form[contains(@id, '_form')]//*[@type='submit']/@name")) - {"_addanother"}
    ):
        assert world.client.post(address, sent(world, address, button)).status_code == 302, button
        assert_equal()


def test_the_lines_of_an_issue_are_moved_added_and_deleted_in_its_form(world: World) -> None:
    address = reverse("admin:archive_issue_change", args=[world.issue.pk])
    data = sent(world, address, "_save")
    first, second = data["articles-0-position"], data["articles-1-position"]
    data |= {
        "articles-0-position": second,
        "articles-1-position": first,
        "articles-2-DELETE": "on",
        "_deleting": "yes",
    }
    data |= {"articles-3-id": "", "articles-3-issue": world.issue.pk, "articles-3-position": "4"}
    data |= {"articles-3-title": "TSMC来了", "articles-TOTAL_FORMS": "4"}
    assert world.client.post(address, data).status_code == 302
    titles = list(world.issue.articles.values_list("title", flat=True))
    assert titles == ["存储涨价改", "台积电扩产改", "TSMC来了"]
    assert_equal()


ADDED: dict[type[Any], dict[str, object]] = {
    Issue: {
        "title": "新刊", "start_date": "2025-05-01", "end_date": "2025-05-02", "_look": "1",
        "articles-TOTAL_FORMS": "1", "articles-INITIAL_FORMS": "0",
        "articles-0-position": "1", "articles-0-title": "英特尔的新闻",
    },
    Article: {"position": "9", "title": "TSMC", "body": "<p>英特尔</p>"},
    Term: {
        "name": "铠侠", "kind": "company", "aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0",
        "aliases-0-text": "什么也没有",
    },
}  # fmt: skip


@pytest.mark.parametrize("model", ADDED, ids=lambda model: model._meta.label)
def test_what_is_added_and_deleted_by_forms(world: World, model: type[Any]) -> None:
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    data = ADDED[model] | ({"issue": world.issue.pk} if model is Article else {})
    assert world.client.post(reverse(f"admin:{name}_add"), data).status_code == 302
    assert_equal()
    for pk in list(model._default_manager.order_by("-pk").values_list("pk", flat=True)):
        address = reverse(f"admin:{name}_delete", args=[pk])
        world.client.get(address)
        assert world.client.post(address, {"post": "yes"}).status_code == 302
        assert_equal()
    assert not model._default_manager.exists()
