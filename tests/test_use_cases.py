"""Whatever is pressed, sent, run or deleted: index and mentions are then what the database says.

The lists are read from the admin, the commands and the API themselves: one that is new and not walked here fails.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command, get_commands
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from lxml import html

from archive import publishing, versions
from archive.models import Article, Issue
from config.api import api
from desk.models import Desk
from glossary import comparison as words
from glossary.editing import save_term
from glossary.models import Alias, Term
from insight.models import GoldenQuery, IgnoredWord
from search.indexing import comparison, sync
from tests.archive import makers
from tests.conftest import WEEKS, WeekMaker
from tests.writing import delete, save, update

pytestmark = pytest.mark.django_db(transaction=True)

ROOMS = {"archive", "glossary", "search", "insight", "desk", "config", "worker"}
Step = Callable[["World"], object]


class World:
    """A published issue and a draft, two terms, a golden query, an editor who may do everything."""

    def __init__(self, make_issue: WeekMaker, client: Client, folder: Path) -> None:
        self.client, self.folder = client, folder
        save_term(Term(name="台积电", kind="company"), [Alias(text="TSMC")])
        save_term(Term(name="英特尔", kind="company"))
        texts = {"台积电扩产": "英特尔与TSMC。", "存储涨价": "铠侠与英特尔。", "三": "什么也没有。"}
        self.draft = make_issue(texts, end_date="2025-03-14", status=Issue.Status.DRAFT)
        self.issue = make_issue(texts)
        GoldenQuery.objects.create(query="铠侠", article=self.issue.articles.get(position=2))
        IgnoredWord.objects.create(form="某词", text="某词")
        save(self.issue)
        sync.drain()

    @property
    def article(self) -> Article:
        return Article.objects.select_related("issue").get(issue=self.issue, position=1)

    def post(self, name: str, *arguments: object, **data: object) -> None:
        response = self.client.post(reverse(f"admin:{name}", args=arguments), data, follow=True)
        assert response.status_code < 400, response.content.decode()[:2000]

    def post_desk(self, name: str, *arguments: object, **data: object) -> None:
        response = self.client.post(reverse(f"desk:{name}", args=arguments), data, follow=True)
        assert response.status_code < 400


@pytest.fixture
def world(make_issue: WeekMaker, admin_client: Client, tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path / "media"
    return World(make_issue, admin_client, tmp_path)


def assert_equal() -> None:
    assert not sync.waiting()
    found = comparison.compare()
    assert (found.is_equal, found.differing) == (True, set())
    assert words.compare() == words.Comparison([], [])


# --- The admin -----------------------------------------------------------------------------------------

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
    for button in sorted(buttons | {"_save", "_preview", "_publish", "_withdraw", "_schedule"}):
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
    data |= {"articles-0-position": second, "articles-1-position": first, "articles-2-DELETE": "on"}
    data |= {"articles-3-id": "", "articles-3-issue": world.issue.pk, "articles-3-position": "4"}
    data |= {"articles-3-title": "TSMC来了", "articles-TOTAL_FORMS": "4"}
    assert world.client.post(address, data).status_code == 302
    titles = list(world.issue.articles.values_list("title", flat=True))
    assert titles == ["存储涨价改", "台积电扩产改", "TSMC来了"]
    assert_equal()


ADDED: dict[type[Any], dict[str, object]] = {
    Issue: {
        "title": "新刊", "start_date": "2025-05-01", "end_date": "2025-05-02", "_publish": "1",
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


def restore_version(world: World) -> None:
    update([world.article], title="改了", body="<p>TSMC</p>")
    oldest = versions.revisions_of(world.issue.pk).last()
    world.post("archive_issue_restore", world.issue.pk, oldest.pk)


def restore_deleted(world: World) -> None:
    for deleted in (world.article, world.draft):
        row = versions.Version.objects.get_for_object(deleted).first()
        delete(deleted)
        world.post("archive_issue_restore_deleted", row.pk)


def import_glossary_file(world: World) -> None:
    for mode in ("add", "replace"):
        table = "name,kind,aliases,note\n铠侠,company,Kioxia|存储,\n英特尔,company,,\n"
        world.post("glossary_term_import", mode=mode, table=table)
    assert Term.objects.count() == 2


def store(world: World) -> None:
    world.post_desk("open", text=makers.TEXT)
    world.post_desk("store", how="draft")
    assert Issue.objects.filter(title="芯片一周记").exists()


def take_back(world: World) -> None:
    store(world)
    publishing.publish(Issue.objects.get(title="芯片一周记"))
    pk = Desk.objects.get(issue__title="芯片一周记").pk
    world.post_desk("take-back", pk)
    assert not Issue.objects.filter(title="芯片一周记").exists()


def add_figure(world: World) -> None:
    image = SimpleUploadedFile("x.png", makers.image_bytes(), "image/png")
    world.post("archive_article_figures", world.article.pk, image=image)
    assert world.article.figures.exists()


PAGES: dict[str, Step] = {
    "archive_issue_end_links": lambda world: world.post("archive_issue_end_links", world.draft.pk),
    "archive_issue_restore": restore_version,
    "archive_issue_restore_deleted": restore_deleted,
    "archive_article_figures": add_figure,
    "glossary_term_import": import_glossary_file,
    "insight_ignoredword_alias": lambda world: world.post(
        "insight_ignoredword_alias", text="铠侠", term="英特尔"
    ),
    "store": store,
    "take-back": take_back,
}
WRITE_THEIR_OWN = {
    "archive_issue_bin", "archive_issue_compare", "archive_issue_version", "glossary_term_export",
    "glossary_term_look_alikes", "insight_goldenquery_check", "insight_ignoredword_ignore", "insight_ignoredword_restore",
    "insight_term_impact", "insight_searchrecord_csv",
    "desk", "open", "do", "week", "card", "caption", "text", "figure", "undo", "redo", "clear", "words", "word-count",
    "stored", "handbook", "handbook-picture",
}  # fmt: skip
"""Pages that only show something, or write nothing but their own room's tables."""


def _names(patterns: Any, place: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        here = place + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found |= _names(pattern.url_patterns, here)
        elif here.startswith("admin/") and pattern.name:
            found.add(pattern.name)
    return found


def test_every_page_of_the_admin_is_walked() -> None:
    usual = ("_changelist", "_add", "_history", "_delete", "_change")
    ours = {
        name
        for name in _names(get_resolver().url_patterns)
        if not name.endswith(usual) and (name.split("_")[0] in ROOMS or "_" not in name)
    }
    assert ours - {"index", "login", "logout", "autocomplete", "jsi18n"} == {*PAGES, *WRITE_THEIR_OWN}


@pytest.mark.parametrize("step", PAGES.values(), ids=PAGES)
def test_every_page_that_writes(world: World, step: Step) -> None:
    step(world)
    assert_equal()


# --- Commands and API ----------------------------------------------------------------------------------


def publish_due(world: World) -> None:
    publishing.schedule(world.draft, timezone.now() + dt.timedelta(hours=1))
    Issue.objects.filter(pk=world.draft.pk).update(publish_at=timezone.now() - dt.timedelta(hours=1))
    call_command("publish_due", verbosity=0)
    assert Issue.objects.published().count() == 2


def import_issues(world: World) -> None:
    path = world.folder / "week.json"
    for title in ("台积电与铠侠", "别的"):
        week = {**makers.JSON, "articles": [{"title": title, "body": "英特尔。"}]}
        path.write_text(json.dumps(week), encoding="utf-8")
        call_command("import_issues", path, publish=True, replace=True, verbosity=0)
    call_command("import_issues", min(WEEKS.iterdir()), publish=True, verbosity=0)


COMMANDS: dict[str, Step] = {
    "publish_due": publish_due,
    "import_issues": import_issues,
    "import_glossary": lambda world: call_command("import_glossary", verbosity=0),
    "prune_versions": lambda world: call_command("prune_versions", days=0, keep=1, verbosity=0),
    "rebuild_mentions": lambda world: call_command("rebuild_mentions", stdout=io.StringIO()),
    "rebuild_index": lambda world: call_command("rebuild_index", verbosity=0),
    "update_index": lambda world: call_command("update_index", verbosity=0),
    "check_index": lambda world: call_command("check_index", fix=True, stdout=io.StringIO()),
}
ELSEWHERE = {"set_up", "backup", "restore", "migrate", "run_worker", "run_task"}
"""Tested with a site of its own: tests/server, tests/config, tests/worker."""
READ_ONLY = {"export_issues", "export_glossary", "check_golden", "prune_search_log"}


def test_every_command_is_walked() -> None:
    ours = {name for name, room in get_commands().items() if room in ROOMS}
    assert ours == {*COMMANDS, *ELSEWHERE, *READ_ONLY}


@pytest.mark.parametrize("step", COMMANDS.values(), ids=COMMANDS)
def test_every_command_that_writes(world: World, step: Step) -> None:
    step(world)
    assert_equal()


def test_the_api_writes_nothing() -> None:
    methods = {
        method
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
        for method in operation.methods
    }
    assert methods == {"GET"}


# --- Past the use cases --------------------------------------------------------------------------------

PAST: dict[str, Step] = {
    "a user": lambda world: User.objects.all().delete(),
    "an issue": lambda world: world.issue.delete(),
    "all issues": lambda world: Issue.objects.all().delete(),
    "an article": lambda world: world.article.delete(),
    "a term": lambda world: Term.objects.get(name="英特尔").delete(),
    "an alias": lambda world: Alias.objects.get().delete(),
    "a new alias": lambda world: Alias.objects.create(term=Term.objects.get(name="英特尔"), text="铠侠"),
    "a text": lambda world: Article.objects.update(body="<p>铠侠与TSMC。</p>"),
    "new articles": lambda world: Article.objects.bulk_create(
        [Article(issue=world.issue, position=7, title="TSMC")]
    ),
    "withdrawn": lambda world: Issue.objects.update(status=Issue.Status.DRAFT),
    "published": lambda world: Issue.objects.update(status=Issue.Status.PUBLISHED, publish_at=timezone.now()),
    "counted wrongly": lambda world: Term.objects.get(name="英特尔").mentions.update(count=7),
}


@pytest.mark.parametrize("step", PAST.values(), ids=PAST)
def test_what_is_written_past_the_use_cases_is_mended(world: World, step: Step) -> None:
    step(world)
    call_command("check_index", fix=True, stdout=io.StringIO())
    assert_equal()


def test_what_was_written_past_the_use_cases_is_said(world: World) -> None:
    Article.objects.filter(pk=world.article.pk).update(body="<p>铠侠。</p>")
    said = io.StringIO()
    with pytest.raises(CommandError, match="check_index --fix"):
        call_command("check_index", stdout=said)
    assert "1 articles with other mentions" in said.getvalue()
    assert "1 stale" in said.getvalue()
