"""编辑 and 主编: what each may do, and that the server refuses the rest."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from archive import publishing, reporting, versions
from archive.editing import save_article
from archive.models import Article, Issue
from glossary.models import Alias, Term
from insight.models import GoldenQuery, SearchRecord
from search.models import SetAside
from tests.archive.forms import ISSUE, fields, inline
from tests.archive.makers import TEXT
from tests.archive.people import proved
from tests.conftest import WeekMaker
from tests.editors_words import faults
from tests.tiers import nightly
from tests.writing import create

ARTICLE = "/admin/archive/article/"
TOMORROW = timezone.now() + dt.timedelta(days=1)
BUTTONS = {
    "publish": {"how": "publish"},
    "schedule": {"how": "schedule", "schedule_at": TOMORROW.strftime("%Y-%m-%dT%H:%M")},
}
"""Of the last look before publishing."""


def member_of(group: str) -> Client:
    user = User.objects.create_user(f"of-{group}", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: None) -> Client:
    return member_of("编辑")


@pytest.fixture
def chief(db: None) -> Client:
    return proved(member_of("主编"))


@pytest.fixture
def draft(make_issue: WeekMaker) -> Issue:
    return make_issue({"甲": "一。"}, status=Issue.Status.DRAFT)


def form(issue: Issue, **more: object) -> dict[str, object]:
    lines = [(article.pk, article.position, article.title) for article in issue.articles.all()]
    dates = {"start_date": issue.start_date, "end_date": issue.end_date}
    return fields(title=issue.title, **dates) | inline(issue, *lines) | more


def permissions(group: str) -> set[str]:
    found = Group.objects.get(name=group).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


@pytest.mark.django_db
def test_the_groups_have_exactly_their_permissions() -> None:
    archive = {
        f"archive.{may}_{what}"
        for may in ("add", "change", "view")
        for what in ("issue", "article", "figure")
    }
    glossary = {f"glossary.{may}_{what}" for may in ("add", "change", "view") for what in ("term", "alias")}
    insight = {
        *(f"insight.{may}_goldenquery" for may in ("add", "change", "view")),
        *(f"insight.{may}_ignoredword" for may in ("add", "delete", "view")),
        "insight.view_searchrecord",
    }
    editor = (
        archive
        | glossary
        | insight
        | {"archive.delete_article", "archive.delete_figure", "glossary.delete_alias"}
        | {f"archive.{may}_errorreport" for may in ("view", "change", "delete")}
        | {"search.view_setaside", "search.change_setaside"}
    )
    assert permissions("编辑") == editor
    assert permissions("主编") == editor | {
        "worker.view_task",
        "worker.change_task",
        "members.view_event",
        "members.view_alert",
        "archive.publish_issue",
        "archive.delete_issue",
        *(f"archive.{may}_poststyle" for may in ("add", "change", "view")),
        "glossary.delete_term",
        "insight.delete_goldenquery",
        "members.manage_people",
    }


@pytest.mark.django_db
def test_migrating_again_gives_back_what_is_missing_and_takes_nothing_away() -> None:
    group = Group.objects.get(name="编辑")
    before = permissions("编辑")
    group.permissions.clear()
    extra = Group.objects.get(name="主编").permissions.get(codename="publish_issue")
    group.permissions.add(extra)
    call_command("migrate", verbosity=0)
    assert permissions("编辑") == before | {"archive.publish_issue"}


def test_an_editor_writes_issues_and_articles(editor: Client, draft: Issue) -> None:
    assert editor.post(f"{ISSUE}add/", fields(title="新刊") | inline(None, ("", 1, "子"))).status_code == 302
    assert editor.post(f"{ISSUE}{draft.pk}/change/", form(draft, columnist="某某")).status_code == 302
    article = draft.articles.get()
    assert (
        editor.post(f"{ARTICLE}{article.pk}/change/", {"title": "甲改", "body": "<p>改。</p>"}).status_code
        == 302
    )
    draft.refresh_from_db()
    article.refresh_from_db()
    assert (draft.columnist, article.title, article.body) == ("某某", "甲改", "<p>改。</p>")


def look(issue: Issue, button: str) -> dict[str, object]:
    """What the last look's form sends when a button of it is pressed."""
    return BUTTONS[button] | {f"issue-{issue.pk}-version": Issue.objects.get(pk=issue.pk).version}


@pytest.mark.parametrize("button", BUTTONS)
def test_an_editor_can_not_press_the_buttons_of_publishing(editor: Client, draft: Issue, button: str) -> None:
    address = f"{ISSUE}{draft.pk}/publish/"
    assert editor.post(address, look(draft, button)).status_code == 403
    assert Issue.objects.get().status == "draft"
    assert f'value="{button}"' not in editor.get(address).content.decode()


def test_an_editor_can_not_withdraw(editor: Client, draft: Issue) -> None:
    publishing.publish(draft)
    before = Issue.objects.values_list("status", "columnist").get()
    sent = form(draft, columnist="某某", _withdraw="1")
    assert editor.post(f"{ISSUE}{draft.pk}/change/", sent).status_code == 403
    assert editor.post(f"{ISSUE}withdraw/", {"issue": draft.pk}).status_code == 403
    assert Issue.objects.values_list("status", "columnist").get() == before
    assert 'name="_withdraw"' not in editor.get(f"{ISSUE}{draft.pk}/change/").content.decode()


def test_a_status_that_an_editor_sends_by_hand_changes_nothing(editor: Client, draft: Issue) -> None:
    sent = form(draft, status="published", publish_at="2020-01-01", published_at="2020-01-01")
    assert editor.post(f"{ISSUE}{draft.pk}/change/", sent).status_code == 302
    assert not Issue.objects.published().exists()


@pytest.mark.parametrize("action", ["publish", "withdraw", "delete_selected"])
def test_an_editor_is_not_offered_the_actions_of_publishing(
    editor: Client, draft: Issue, action: str
) -> None:
    status = "published" if action == "withdraw" else "draft"
    Issue.objects.update(status=status)
    data = {"action": action, "_selected_action": [draft.pk], "post": "yes"}
    editor.post(ISSUE, data)
    assert Issue.objects.get().status == status
    assert f'value="{action}"' not in editor.get(ISSUE).content.decode()


def test_an_editor_deletes_articles_of_drafts_only(editor: Client, draft: Issue) -> None:
    article = draft.articles.get()
    publishing.publish(draft)
    assert editor.post(f"{ARTICLE}{article.pk}/delete/", {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
    editor.post(ARTICLE, selected)
    editor.post(f"{ISSUE}{draft.pk}/change/", form(draft, **{"articles-0-DELETE": "on"}))
    assert Article.objects.filter(pk=article.pk).exists()
    publishing.withdraw(draft)
    assert editor.post(f"{ARTICLE}{article.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize("path", ["", "1/", "invitations/", "invite/", "invite/link/", "invite/domain/"])
def test_people_are_for_chief_editors(editor: Client, chief: Client, path: str) -> None:
    address = f"/admin/people/{path.replace('1', str(User.objects.get(username='of-编辑').pk))}"
    assert proved(editor).get(address).status_code == 403
    assert chief.get(address).status_code == 200


@pytest.mark.parametrize("path", ["auth/user/", "auth/user/add/", "auth/user/1/change/", "auth/group/"])
@pytest.mark.parametrize("who", ["chief", "admin_client"])
def test_the_pages_of_django_about_users_are_gone(
    who: str, path: str, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue(who).get(f"/admin/{path}").status_code == 404


def test_an_editor_deletes_no_issue(editor: Client, draft: Issue) -> None:
    assert editor.post(f"{ISSUE}{draft.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Issue.objects.exists()


def test_a_chief_editor_publishes_schedules_withdraws_and_deletes(chief: Client, draft: Issue) -> None:
    def press(button: str) -> str:
        response = chief.post(f"{ISSUE}{draft.pk}/publish/", look(draft, button), follow=True)
        draft.refresh_from_db()
        return response.content.decode()

    def withdraw() -> str:
        response = chief.post(f"{ISSUE}withdraw/", {"issue": draft.pk}, follow=True)
        draft.refresh_from_db()
        return response.content.decode()

    assert "自动发布" in press("schedule")
    assert draft.status == "scheduled"
    assert "到时间也不会发布" in withdraw()
    assert "成员现在就能看到" in press("publish")
    assert draft.is_published
    assert "成员看不到，也搜不到了" in withdraw()
    assert draft.status == "draft"
    assert chief.post(f"{ISSUE}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Issue.objects.exists()


def test_a_deletion_says_what_goes_along_as_editors_count_it(chief: Client, draft: Issue) -> None:
    create(Term, name="台积电", kind="company")
    article = draft.articles.get()
    article.body = "<p>台积电扩产。</p>"
    save_article(article)
    assert draft.articles.get().mentions.count() == 1
    page = chief.get(f"{ISSUE}{draft.pk}/delete/").content.decode()
    listed = re.sub(r"<[^>]+>|\s+", " ", page.partition('id="content"')[2])
    assert "内容放在回收站里，可以恢复" in listed
    assert re.search("期：1 +文章：1 ", listed)
    assert article.title in listed
    assert "台积电" not in listed
    selected = {"action": "delete_selected", "_selected_action": [draft.pk]}
    assert "期：1" in chief.post(ISSUE, selected).content.decode()


def test_a_save_says_what_members_see_and_who_comes_next(editor: Client, chief: Client, draft: Issue) -> None:
    def save(client: Client, **fields: str) -> str:
        sent = form(draft, _continue="1", **fields)
        response = client.post(f"{ISSUE}{draft.pk}/change/", sent, follow=True)
        draft.refresh_from_db()
        return response.content.decode()

    assert "已保存草稿。写好以后，请点“保存并交给主编…”。" in save(editor, columnist="甲")
    assert "交给主编" not in save(chief, columnist="乙")
    gone = save(chief, **{"articles-0-DELETE": "on"})
    assert "已删除第 1 篇《" in gone
    article = Article(issue=draft, position=1, title="再来一篇", body="<p>一。</p>")
    save_article(article)
    publishing.publish(draft)
    draft.refresh_from_db()
    assert "已保存。成员现在看到的是新内容。" in save(chief, columnist="丙")
    assert "已交给主编。主编采用以前，成员看到的还是原来的样子。" in save(editor, columnist="丁")
    sent = {"title": "改了", "body": "<p>一。</p>", "_save": "保存"}
    answer = chief.post(f"{ARTICLE}{article.pk}/change/", sent, follow=True).content.decode()
    assert "已保存《改了》，成员现在看到的是新内容。" in answer


def test_what_was_typed_is_saved_before_the_last_look(chief: Client, make_issue: WeekMaker) -> None:
    empty = make_issue({}, status=Issue.Status.DRAFT)
    sent = form(empty, columnist="某某", _look="1")
    page = chief.post(f"{ISSUE}{empty.pk}/change/", sent, follow=True).content.decode()
    assert "还没有文章" in page
    empty.refresh_from_db()
    assert (empty.status, empty.columnist) == ("draft", "某某")


def test_a_reader_of_the_admin_sees_the_bin_and_versions_but_restores_nothing(draft: Issue) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Group.objects.get(name="编辑").permissions.get(codename="view_issue"))
    client = Client()
    client.force_login(user)
    publishing.publish(draft)
    newest = Issue.objects.get()
    revision = versions.revisions_of(newest.pk).last()
    assert revision is not None
    assert client.get(f"{ISSUE}{draft.pk}/history/{revision.pk}/").status_code == 200
    assert client.post(f"{ISSUE}{draft.pk}/history/{revision.pk}/restore/").status_code == 403
    assert client.get(f"{ISSUE}bin/").status_code == 200


def pages_from(client: Client, start: str) -> dict[str, str]:
    """Follows every link of the admin from `start`, a page of each kind; returns the pages by address."""
    waiting, seen, pages = [start], {start}, {}
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        assert response.status_code in (200, 302), f"{address} answers {response.status_code}"
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        pages[address] = page = response.content.decode()
        if response.status_code == 302:
            page = f'href="{response["Location"]}"'
        for link in map(unescape, re.findall(r'href="([^"#]+)', page)):
            found = urljoin(address, link)
            kind = re.sub(r"\d+|=[^&]*", "", found)
            if found.startswith("/admin/") and kind not in seen and "logout" not in found:
                seen |= {kind}
                waiting.append(found)
    return pages


@pytest.fixture
def lively(draft: Issue, make_issue: WeekMaker, editor: Client, chief: Client) -> None:
    """Something in every room: a published week, terms, a search, a golden query, words to teach, a version, a desk."""
    published = make_issue(
        {"宇树科技上市": "宇树科技（Unitree）递交招股书。"}, title="已发", end_date="2025-02-14"
    )
    article = published.articles.get()
    create(Alias, term=create(Term, name="台积电", kind="company"), text="TSMC")
    GoldenQuery.objects.create(query="宇树科技", article=article)
    SearchRecord.objects.create(
        query="没有的", form="没有的", answer="nothing", hits=0, took_ms=1, created_at=timezone.now()
    )
    reporting.report(article, reporting.Passage("p1", "宇树科技"), "公司名写错了。")
    SetAside.objects.create(article_id=article.pk, error="term too long", attempts=1)
    for client in (editor, chief):
        client.post(
            f"{ARTICLE}{article.pk}/change/", {"title": "宇树科技上市了", "body": "<p>宇树科技递交。</p>"}
        )
        client.post("/admin/desk/open/", {"text": TEXT})


@pytest.mark.slow
@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("group", [nightly("编辑"), "主编"])
def test_no_link_in_the_admin_is_refused_or_dead(editor: Client, chief: Client, group: str) -> None:
    pages = pages_from(editor if group == "编辑" else chief, "/admin/")
    for needed in (
        "/admin/desk/",
        "/admin/desk/words/",
        "/admin/archive/issue/bin/",
        "/admin/archive/errorreport/",
        "/admin/insight/searchrecord/",
        "/admin/insight/ignoredword/",
        "/admin/insight/goldenquery/",
        "/admin/search/setaside/",
        "/admin/glossary/term/look-alikes/",
    ):
        assert needed in pages
    assert any("/history/" in address for address in pages)
    together = "".join(pages.values())
    assert any(address.endswith("/publish/") for address in pages)
    for button in ('value="schedule"', 'value="publish"'):
        assert (button in together) == (group == "主编")
    assert ("/admin/people/" in pages) == (group == "主编")
    assert ("/admin/people/invite/" in pages) == (group == "主编")


@pytest.mark.slow
@pytest.mark.usefixtures("lively")
def test_no_page_of_the_admin_speaks_english(chief: Client) -> None:
    english = set()
    for address, page in pages_from(chief, "/admin/").items():
        page = re.sub(r"<(script|style|textarea)[^>]*>.*?</\1>|<!--.*?-->", "\n", page, flags=re.DOTALL)
        labels = re.findall(r'(?:title|aria-label|placeholder)="([^"]*)"', page)
        for piece in [*re.sub(r"<[^>]*>", "\n", page).splitlines(), *labels]:
            for words in re.findall(r"[A-Za-z]{2,}(?: +[A-Za-z]{2,})+", unescape(piece)):
                english |= {(address, words)}
    assert {words for _, words in english} <= {"term too long", "Lip Bu Tan", "py run"}, english


@pytest.mark.slow
@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("who", ["编辑", nightly("主编"), nightly("管理员")])
def test_no_page_of_the_admin_has_words_of_django_or_names_that_were_replaced(
    editor: Client, chief: Client, admin_client: Client, who: str
) -> None:
    client = {"编辑": editor, "主编": chief, "管理员": admin_client}[who]
    pages = pages_from(client, "/admin/")
    assert ("/admin/people/invite/" in pages) == (who != "编辑")
    found = {(address, line) for address, page in pages.items() for line in faults(page)}
    assert found == set()
