"""What is deleted is asked about, said, and undone from the message; what is restored twice is restored once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.test import Client
from lxml import html

from archive import publishing
from archive.models import Article, Issue
from tests.archive.admin_messages import said, titles, undo
from tests.archive.forms import ISSUE
from tests.writing import update

# --- Deleting -------------------------------------------------------------------------------------------


def delete(client: Client, article: Article) -> str:
    address = f"/admin/archive/article/{article.pk}/delete/"
    return client.post(address, {"post": "yes"}, follow=True).content.decode()


def test_deleting_an_article_says_so_moves_the_others_up_and_is_undone(
    admin_client: Client, public: Issue
) -> None:
    second = public.articles.get(title="乙")
    asked = admin_client.get(f"/admin/archive/article/{second.pk}/delete/").content.decode()
    assert "成员马上看不到" in asked
    page = delete(admin_client, second)
    assert said(page) == ["已删除第 2 篇《乙》，后面的序号已顺移。 撤销"]
    assert titles(public) == [(1, "甲"), (2, "丙")]
    assert said(undo(admin_client, page)) == ["已恢复《乙》，在第 2 篇。"]
    assert titles(public) == [(1, "甲"), (2, "乙"), (3, "丙")]
    assert public.articles.get(title="乙").pk == second.pk


def test_deleting_twice_is_once_and_says_the_same(admin_client: Client, public: Issue) -> None:
    second = public.articles.get(title="乙")
    first, again = delete(admin_client, second), delete(admin_client, second)
    assert said(first) == said(again)
    assert titles(public) == [(1, "甲"), (2, "丙")]


def test_undoing_twice_is_once(admin_client: Client, public: Issue) -> None:
    page = delete(admin_client, public.articles.get(title="甲"))
    undo(admin_client, page)
    assert said(undo(admin_client, page)) == ["已恢复《甲》，在第 1 篇。"]
    assert titles(public) == [(1, "甲"), (2, "乙"), (3, "丙")]


def form_of(client: Client, issue: Issue, *ticked: Article) -> dict[str, object]:
    page = html.fromstring(client.get(f"{ISSUE}{issue.pk}/change/").content.decode())
    sent = dict(page.get_element_by_id("issue_form").form_values())
    for name, value in list(sent.items()):
        if name.endswith("-id") and value in [str(article.pk) for article in ticked]:
            sent[name.replace("-id", "-DELETE")] = "on"
    return sent | {"_continue": "1"}


def test_articles_of_a_public_issue_are_deleted_by_its_form_only_after_a_question(
    admin_client: Client, public: Issue
) -> None:
    first, second = public.articles.get(title="甲"), public.articles.get(title="乙")
    sent = form_of(admin_client, public, first, second) | {"introduction": "打了很多字"}
    asked = admin_client.post(f"{ISSUE}{public.pk}/change/", sent).content.decode()
    assert "第 1 篇《甲》" in asked
    assert len(titles(public)) == 3
    again = dict(html.fromstring(asked).xpath("//form[.//input[@name='_deleting']]")[0].form_values())
    page = admin_client.post(f"{ISSUE}{public.pk}/change/", again, follow=True).content.decode()
    assert said(page)[0] == "已删除第 1 篇《甲》、第 2 篇《乙》，后面的序号已顺移。 撤销"
    assert titles(public) == [(1, "丙")]
    public.refresh_from_db()
    assert public.introduction == "打了很多字"
    second_click = admin_client.post(f"{ISSUE}{public.pk}/change/", again, follow=True).content.decode()
    assert said(second_click) == said(page)[:1]
    undo(admin_client, second_click)
    assert titles(public) == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_articles_of_a_draft_are_deleted_without_a_question(admin_client: Client, draft: Issue) -> None:
    sent = form_of(admin_client, draft, draft.articles.get(title="乙"))
    page = admin_client.post(f"{ISSUE}{draft.pk}/change/", sent, follow=True).content.decode()
    assert "后面的序号已顺移" in said(page)[0]
    assert titles(draft) == [(1, "甲"), (2, "丙")]


@pytest.mark.parametrize("chosen", [["甲", "乙"], ["乙", "甲"], ["甲", "丙"], ["甲", "乙", "丙"]])
def test_articles_that_were_deleted_in_the_list_come_back_in_their_order(
    admin_client: Client, public: Issue, chosen: Sequence[str]
) -> None:
    pks = [public.articles.get(title=title).pk for title in chosen]
    action = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
    page = admin_client.post("/admin/archive/article/", action, follow=True).content.decode()
    assert len(titles(public)) == 3 - len(chosen)
    undo(admin_client, page)
    assert titles(public) == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_a_public_issue_that_was_deleted_is_public_again_when_that_is_undone(
    admin_client: Client, public: Issue, client: Client
) -> None:
    address = public.get_absolute_url()
    sent = {"post": "yes"}
    page = admin_client.post(f"{ISSUE}{public.pk}/delete/", sent, follow=True).content.decode()
    assert "在回收站里" in said(page)[0]
    assert client.get(address).status_code == 404
    undo(admin_client, page)
    assert client.get(address).status_code == 200
    assert titles(public) == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_a_draft_that_was_deleted_is_a_draft_again(admin_client: Client, public: Issue) -> None:
    publishing.withdraw(public)
    page = admin_client.post(f"{ISSUE}{public.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    undo(admin_client, page)
    assert Issue.objects.get().status == "draft"


def test_a_stale_button_of_an_editor_changes_nothing_that_is_public(editor: Client, draft: Issue) -> None:
    page = delete(editor, draft.articles.get(title="乙"))
    publishing.publish(draft)
    tree = html.fromstring(page)
    [button] = tree.xpath("//button[@form='undo']")
    answer = editor.post(button.get("formaction"), {"undo": button.get("value")})
    assert answer.status_code == 403
    assert titles(draft) == [(1, "甲"), (2, "丙")]


@pytest.mark.parametrize("sent", ["", "x", "1:x", "9" * 5000, "999999"])
def test_a_button_that_names_nothing_undoes_nothing(admin_client: Client, public: Issue, sent: str) -> None:
    for page in ("delete", "withdraw"):
        assert admin_client.post(f"{ISSUE}undo/{page}/", {"undo": sent}).status_code in (302, 404)
    assert titles(public) == [(1, "甲"), (2, "乙"), (3, "丙")]


# --- Restoring ------------------------------------------------------------------------------------------


def test_restoring_from_the_bin_twice_is_once(admin_client: Client, public: Issue) -> None:
    delete(admin_client, public.articles.get(title="乙"))
    bin_page = html.fromstring(admin_client.get(f"{ISSUE}bin/").content.decode())
    [form] = bin_page.xpath("//form[contains(@action, '/restore/')]")
    pages = [
        admin_client.post(form.get("action"), dict(form.form_values()), follow=True).content.decode()
        for _ in "12"
    ]
    assert said(pages[0]) == said(pages[1]) == ["已恢复《乙》，在第 2 篇。"]
    assert titles(public) == [(1, "甲"), (2, "乙"), (3, "丙")]
    without_token = admin_client.post(form.get("action"), follow=True).content.decode()
    assert said(without_token) == ["已恢复《乙》，在第 2 篇。"]


def test_an_issue_that_was_restored_and_edited_since_is_not_restored_over(
    admin_client: Client, draft: Issue
) -> None:
    admin_client.post(f"{ISSUE}{draft.pk}/delete/", {"post": "yes"})
    bin_page = html.fromstring(admin_client.get(f"{ISSUE}bin/").content.decode())
    [form] = bin_page.xpath("//form[contains(@action, '/restore/')]")
    admin_client.post(form.get("action"))
    update([Issue.objects.get()], introduction="恢复以后写的")
    admin_client.post(form.get("action"))
    assert Issue.objects.get().introduction == "恢复以后写的"
