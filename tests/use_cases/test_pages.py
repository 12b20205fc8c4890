"""Whatever is sent to a page of the admin: index and mentions are then what the database says.

The pages are read from the admin itself: one that is new and not walked here fails.
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from archive import publishing, reporting, reviewing, versions
from archive.models import ErrorReport, Issue
from desk.batches.models import Batch
from desk.models import Desk
from desk.tasks import work_on_batch
from glossary.models import Term
from tests.archive import makers
from tests.use_cases.conftest import ROOMS, Step, World, assert_equal
from tests.writing import delete, save, update

pytestmark = pytest.mark.django_db(transaction=True)


def restore_version(world: World) -> None:
    update([world.article], title="改了", body="<p>TSMC</p>")
    oldest = versions.revisions_of(world.issue.pk).last()
    world.post("archive_issue_restore", world.issue.pk, oldest.pk)


def restore_deleted(world: World) -> None:
    for deleted in (world.article, world.draft):
        row = versions.Version.objects.get_for_object(deleted).first()
        delete(deleted)
        world.post("archive_issue_restore_deleted", row.pk)


def publish(world: World) -> None:
    sent = {f"issue-{world.draft.pk}-version": world.draft.version, "how": "publish"}
    world.post("archive_issue_last_look", world.draft.pk, **sent)
    assert Issue.objects.get(pk=world.draft.pk).is_published


def publish_several(world: World) -> None:
    address = f"{reverse('admin:archive_issue_last_looks')}?issue={world.draft.pk}&issue={world.issue.pk}"
    sent = {f"issue-{one.pk}-version": one.version for one in (world.draft, world.issue)}
    world.client.post(address, sent | {"how": "publish"})
    assert Issue.objects.get(pk=world.draft.pk).is_published


def withdraw(world: World) -> None:
    world.post("archive_issue_withdrawal", issue=world.issue.pk)
    assert not Issue.objects.get(pk=world.issue.pk).is_published


def undo_withdrawal(world: World) -> None:
    withdraw(world)
    version = Issue.objects.get(pk=world.issue.pk).version
    world.post("archive_issue_undo_withdrawal", undo=f"{world.issue.pk}:{version}")
    assert Issue.objects.get(pk=world.issue.pk).is_published


def undo_deletion(world: World) -> None:
    pk = world.issue.pk
    for deleted in (world.article, world.issue):
        row = versions.Version.objects.get_for_object(deleted).first()
        delete(deleted)
        world.post("archive_issue_undo_deletion", undo=row.pk)
    assert Issue.objects.get(pk=pk).is_published


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


def accept_back_issues(world: World) -> None:
    """Back issues are sent, read, accepted to be published, and stored by the worker's task."""
    upload = SimpleUploadedFile("旧刊.txt", makers.TEXT.encode())
    sent = {"folder": [upload], "paths": ["旧刊.txt"], "key": str(uuid.uuid4())}
    world.post_desk("batches", **sent)
    batch = Batch.objects.get(key=sent["key"])
    work_on_batch.call(batch.pk)
    world.post_desk("batch-accept", batch.pk, publish="on")
    work_on_batch.call(batch.pk)
    assert Issue.objects.published().filter(title="芯片一周记").exists()


def accept_proposal(world: World) -> None:
    user = User.objects.get()
    article = world.article

    def change() -> None:
        article.title, article.body = "TSMC扩产", "<p>铠侠。</p>"
        save(article)

    _, proposal = reviewing.propose(world.issue, change, user)
    assert proposal is not None
    assert_equal()
    assert world.article.title == "台积电扩产"
    world.post("archive_issue_accept", proposal.pk)
    assert world.article.title == "TSMC扩产"


def hand_over_and_publish(world: World) -> None:
    world.post("archive_issue_hand_over", world.draft.pk, words="请看")
    assert_equal()
    publishing.publish(Issue.objects.get(pk=world.draft.pk))


def add_figure(world: World) -> None:
    image = SimpleUploadedFile("x.png", makers.image_bytes(), "image/png")
    world.post("archive_article_figures", world.article.pk, image=image)
    assert world.article.figures.exists()


def close_report(world: World) -> None:
    report = reporting.report(world.article, reporting.Passage(), "写错了。")
    world.post("archive_errorreport_close", report.pk)
    assert not ErrorReport.objects.open().exists()


PAGES: dict[str, Step] = {
    "archive_issue_accept": accept_proposal,
    "archive_issue_hand_over": hand_over_and_publish,
    "archive_issue_end_links": lambda world: world.post("archive_issue_end_links", world.draft.pk),
    "archive_issue_restore": restore_version,
    "archive_issue_restore_deleted": restore_deleted,
    "archive_issue_last_look": publish,
    "archive_issue_last_looks": publish_several,
    "archive_issue_withdrawal": withdraw,
    "archive_issue_undo_withdrawal": undo_withdrawal,
    "archive_issue_undo_deletion": undo_deletion,
    "archive_article_figures": add_figure,
    "archive_errorreport_close": close_report,
    "glossary_term_import": import_glossary_file,
    "insight_ignoredword_alias": lambda world: world.post(
        "insight_ignoredword_alias", text="铠侠", term="英特尔"
    ),
    "store": store,
    "take-back": take_back,
    "batch-accept": accept_back_issues,
}
WRITE_THEIR_OWN = {
    "archive_article_open", "archive_issue_bin", "archive_issue_compare", "archive_issue_open", "archive_issue_version",
    "archive_issue_proposal", "archive_issue_send_back", "archive_issue_take_back", "archive_issue_note_read", "glossary_term_export",
    "archive_issue_wechat", "archive_issue_wechat_post", "archive_poststyle_preview",
    "glossary_term_look_alikes", "insight_goldenquery_check_all", "insight_ignoredword_ignore", "insight_ignoredword_restore",
    "insight_ignoredword_impact", "insight_searchrecord_csv",
    "desk", "open", "do", "week", "card", "caption", "text", "figure", "undo", "redo", "clear", "words", "word-count",
    "stored", "handbook", "handbook-picture", "events", "csv",
    "list", "person", "role", "describe", "deactivate", "activate", "unlock", "hand-over", "password",
    "invitations", "renew", "revoke", "invite", "invite-link", "invite-domain",
    "batches", "batch", "batch-go-on", "batch-delete", "week-accept", "week-skip", "week-unskip", "week-desk",
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
