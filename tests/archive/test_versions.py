"""Versions of an issue: every save is kept, and every one can be had back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from archive import publishing, restoring, versions
from archive.body import clean
from archive.editing import save_issue
from archive.importing import import_week
from archive.models import Article, Figure, Issue
from archive.reading import read_file
from archive.reading.jsonweeks import from_json
from archive.restoring import RestoreRefused
from search.models import Change
from tests.archive import makers
from tests.archive.forms import ISSUE, fields, inline
from tests.conftest import WeekMaker
from tests.writing import delete, save, update


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。", "乙": "二。", "丙": "三。"}, status=Issue.Status.DRAFT)


def said(issue: Issue) -> list[tuple[str, str]]:
    """Who did what to the issue, oldest first."""
    revisions = versions.revisions_of(issue.pk).order_by("pk")
    return [(revision.user.username if revision.user else "", revision.comment) for revision in revisions]


def state(issue: Issue) -> list[tuple[int, int, str, str]]:
    return list(issue.articles.order_by("position").values_list("pk", "position", "title", "body"))


def test_every_way_to_save_an_issue_is_kept_with_who_and_what(admin_client: Client, admin_user: User) -> None:
    week = from_json(makers.JSON)
    issue = import_week(week).issue
    first = issue.articles.first()
    assert first is not None
    lines = [(article.pk, article.position, article.title) for article in issue.articles.all()]
    data = fields(title="改名", start_date="2025-04-07", end_date="2025-04-11") | inline(issue, *lines)
    assert admin_client.post(f"{ISSUE}{issue.pk}/change/", data).status_code == 302
    text = {"title": first.title, "body": "<p>新。</p>"}
    assert admin_client.post(f"/admin/archive/article/{first.pk}/change/", text).status_code == 302
    publishing.publish(Issue.objects.get(), admin_user)
    assert said(issue) == [
        ("", "导入"),
        ("admin", "修改"),
        ("admin", f"修改《{first.title}》"),
        ("admin", "发布"),
    ]


def test_a_save_that_changes_nothing_is_no_version(issue: Issue) -> None:
    save(issue)
    assert said(issue) == [("", "新建")]


def test_what_was_written_past_the_use_cases_becomes_a_version_before_it_is_changed(issue: Issue) -> None:
    issue.articles.filter(title="乙").update(body="<p>在外壳里写的。</p>")
    save(issue)
    assert said(issue) == [("", "新建"), ("", versions.UNRECORDED)]


def test_a_save_of_an_article_stores_that_article_alone_and_a_version_is_still_whole(issue: Issue) -> None:
    """So versions do not grow with the issue."""
    for text in ("改一次。", "再改一次。"):
        update(issue.articles.filter(title="乙"), body=f"<p>{text}</p>")
    last, _, first = versions.revisions_of(issue.pk)
    assert sorted(row.content_type.model for row in last.version_set.all()) == ["article", "issue"]
    kept = versions.snapshot(last, issue.pk)
    assert [(article["title"], article["body"]) for article in kept.articles] == [
        ("甲", "<p>一。</p>"),
        ("乙", "<p>再改一次。</p>"),
        ("丙", "<p>三。</p>"),
    ]
    restoring.restore(first, issue.pk)
    assert issue.articles.get(title="乙").body == "<p>二。</p>"


def test_a_version_that_0_1_0_stored_is_read_and_restored(issue: Issue) -> None:
    """It holds all articles itself, and no list of them."""
    before = state(issue)
    first = versions.revisions_of(issue.pk).get()
    row = first.version_set.get(content_type__model="issue")
    [content] = json.loads(row.serialized_data)
    del content["fields"]["members"]
    row.serialized_data = json.dumps([content])
    row.save()
    update(issue.articles.filter(title="乙"), body="<p>改了。</p>")
    delete(issue.articles.get(title="丙"))
    restoring.restore(first, issue.pk)
    assert state(issue) == before


def test_a_version_whose_parts_were_deleted_with_older_ones_is_not_restored(issue: Issue) -> None:
    update(issue.articles.filter(title="乙"), body="<p>改了。</p>")
    newest, oldest = versions.revisions_of(issue.pk)
    oldest.delete()
    with pytest.raises(restoring.RestoreRefused, match="不完整"):
        restoring.restore(newest, issue.pk)
    assert issue.articles.count() == 3


def test_restoring_brings_back_words_order_and_deleted_articles_at_their_addresses(issue: Issue) -> None:
    publishing.publish(issue)  # of drafts the search hears nothing
    before = state(issue)
    first, second, third = issue.articles.all()
    third.position, third.body, first.position = 1, "<p>改了。</p>", 2
    issue.title = "改名"
    save_issue(issue, [third, first, Article(position=3, title="丁")], deleted=[second])
    oldest = versions.revisions_of(issue.pk).last()
    assert oldest is not None
    last = Change.objects.latest("pk").pk
    restored = restoring.restore(oldest, issue.pk)
    assert state(restored) == before
    assert restored.title == "测试周报"
    added = Article.objects.filter(title="丁")
    assert not added.exists()
    assert {pk for pk, *_ in before} <= set(
        Change.objects.filter(pk__gt=last).values_list("article_id", flat=True)
    ), "search hears of it"


def test_what_was_there_before_a_restore_can_be_restored_too(issue: Issue) -> None:
    issue.introduction = "新的导语"
    save(issue)
    newest, oldest = versions.revisions_of(issue.pk)
    restoring.restore(oldest, issue.pk)
    assert Issue.objects.get().introduction == ""
    restoring.restore(newest, issue.pk)
    assert Issue.objects.get().introduction == "新的导语"


def test_restoring_neither_publishes_nor_withdraws(issue: Issue) -> None:
    publishing.publish(issue)
    draft = versions.revisions_of(issue.pk).last()
    assert draft is not None
    restoring.restore(draft, issue.pk)
    assert Issue.objects.published().exists()
    public = versions.revisions_of(issue.pk).filter(comment="发布").get()
    publishing.withdraw(Issue.objects.get())
    restoring.restore(public, issue.pk)
    assert not Issue.objects.published().exists()


def test_a_deleted_issue_comes_back_as_a_draft_with_addresses_and_figures(
    admin_client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    body = f'<p>一。</p><img src="{makers.data_uri(makers.image_bytes())}">'
    file = tmp_path / "week.html"
    file.write_text(makers.html_week(first_body=body), encoding="utf-8")
    [week] = read_file(file)
    issue = import_week(week, publish=True).issue
    figure, before, address = Figure.objects.get(), state(issue), issue.get_absolute_url()
    assert figure.get_absolute_url() in before[0][3]
    data = {"post": "yes"}
    assert admin_client.post(f"{ISSUE}{issue.pk}/delete/", data).status_code == 302
    assert not Issue.objects.exists()
    page = admin_client.get(f"{ISSUE}bin/").content.decode()
    assert issue.title in page
    [deleted] = restoring.deleted_issues()
    response = admin_client.post(f"{ISSUE}bin/{deleted.version.pk}/restore/")
    assert response.status_code == 302
    restored = Issue.objects.get()
    assert (restored.pk, restored.status, restored.get_absolute_url()) == (issue.pk, "draft", address)
    assert state(restored) == before
    assert admin_client.get(figure.get_absolute_url()).status_code == 200
    assert restoring.deleted_issues() == []


def test_a_deleted_article_comes_back_to_its_place_with_its_address(
    admin_client: Client, issue: Issue
) -> None:
    first = issue.articles.get(position=1)
    assert admin_client.post(f"/admin/archive/article/{first.pk}/delete/", {"post": "yes"}).status_code == 302
    [deleted] = restoring.deleted_articles()
    assert deleted.by.user.username == "admin"
    admin_client.post(f"{ISSUE}bin/{deleted.version.pk}/restore/")
    assert issue.articles.get(position=1) == first
    assert list(issue.articles.values_list("position", flat=True)) == [1, 2, 3]


def test_an_issue_whose_name_and_dates_are_taken_is_not_restored(issue: Issue, make_issue: WeekMaker) -> None:
    pk = issue.pk
    delete(issue)
    make_issue({"别的": ""})
    newest = versions.revisions_of(pk).first()
    assert newest is not None
    with pytest.raises(RestoreRefused, match="刊名和起止日期与它相同"):
        restoring.restore(newest, pk)
    assert Issue.objects.count() == 1


def test_a_version_shows_the_words_that_changed(admin_client: Client, issue: Issue) -> None:
    article = issue.articles.get(position=1)
    article.body = clean("<p>昇腾910C出货。</p>")
    save(article)
    newest = versions.revisions_of(issue.pk).first()
    assert newest is not None
    page = admin_client.get(f"{ISSUE}{issue.pk}/history/{newest.pk}/").content.decode()
    assert "<del>一</del>" in page
    assert "<ins>昇腾910C出货</ins>" in page
    assert "《乙》" not in page, "articles that did not change are left out"
    assert "修改《甲》" in admin_client.get(f"{ISSUE}{issue.pk}/history/").content.decode()


def test_any_two_versions_are_compared_whatever_their_order(admin_client: Client, issue: Issue) -> None:
    article = issue.articles.get(position=1)
    for text in ("二改", "三改", "四改"):
        article.body = clean(f"<p>{text}。</p>")
        save(article)
    fourth, third, second, _first = versions.revisions_of(issue.pk)
    address = f"{ISSUE}{issue.pk}/history/compare/"
    for one, other in ((second, third), (third, second)):
        page = admin_client.get(address, {"one": one.pk, "other": other.pk}).content.decode()
        assert "<del>二</del>" in page
        assert "<ins>三</ins>" in page
    now = admin_client.get(address, {"one": second.pk}).content.decode()
    assert "<ins>四</ins>" in now
    assert "请先选好" in admin_client.get(address, {"one": "999999"}, follow=True).content.decode()
    assert fourth.comment == "修改《甲》"


def test_a_version_of_a_replaced_import_has_its_figure_back(tmp_path: Path, settings: Any, db: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    weeks = []
    for colour in ("red", "blue"):
        body = f'<p>一。</p><img src="{makers.data_uri(makers.image_bytes(colour=colour))}">'
        file = tmp_path / f"{colour}.html"
        file.write_text(makers.html_week(first_body=body), encoding="utf-8")
        weeks.extend(read_file(file))
    issue = import_week(weeks[0]).issue
    red = Figure.objects.get()
    import_week(weeks[1], replace=True)
    assert not Figure.objects.filter(pk=red.pk).exists()
    oldest = versions.revisions_of(issue.pk).last()
    assert oldest is not None
    restoring.restore(oldest, issue.pk)
    again = Figure.objects.get(pk=red.pk)
    assert again.image.read()
    assert again.get_absolute_url() in issue.articles.get(position=1).body


def test_old_versions_go_and_those_that_stay_are_whole(issue: Issue) -> None:
    for text in ("一改", "二改", "三改"):
        update(issue.articles.filter(title="乙"), body=f"<p>{text}。</p>")
    *_, second, _first = versions.revisions_of(issue.pk)
    before = versions.snapshot(second, issue.pk)
    call_command("prune_versions", days=0, keep=3, verbosity=0)
    assert versions.revisions_of(issue.pk).count() == 3
    assert versions.revisions_of(issue.pk).last() == second
    assert versions.snapshot(second, issue.pk) == before
    restoring.restore(second, issue.pk)
    assert issue.articles.get(title="乙").body == "<p>一改。</p>"


def test_versions_that_are_young_stay(issue: Issue) -> None:
    update(issue.articles.filter(title="乙"), body="<p>改。</p>")
    call_command("prune_versions", days=1, keep=1, verbosity=0)
    assert versions.revisions_of(issue.pk).count() == 2
