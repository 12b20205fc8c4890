"""The steps that change what members see."""

from __future__ import annotations

from typing import Any

from archive import publishing
from archive.models import Issue
from tests.border.steps import SOON, TEXT, Step, change_issue, of_batch
from tests.border.world import SECRET, World


def _moved(world: World) -> dict[str, Any]:
    form = world.issue_form(world.issue)
    first, second = form["articles-0-position"], form["articles-1-position"]
    return form | {"articles-0-position": second, "articles-1-position": first, "_continue": "1"}


def _deleted_while_open(world: World) -> object:
    """A form of an article that was deleted meanwhile, sent with the press that brings it back."""
    return world.post("archive_article_change", world.gone_id, **TEXT, _restore="1", _continue="1")


def _decided_conflict(world: World) -> object:
    """A form from before another change, sent with every field decided for the sender."""
    version = Issue.objects.get(pk=world.issue.pk).version
    decided = {f"choose:{name}": "mine" for name in TEXT}
    sent = {**TEXT, "version": version - 1, "_decided": version, "_continue": "1"}
    return world.post("archive_article_change", world.article.pk, **sent, **decided)


def _looks(world: World, *issues: Issue, **more: object) -> object:
    """The last look at several issues, as the browser has it, with the button pressed."""
    asked = "&".join(f"issue={issue.pk}" for issue in issues)
    seen = {f"issue-{issue.pk}-version": Issue.objects.get(pk=issue.pk).version for issue in issues}
    return world.client.post(f"/admin/archive/issue/publish/?{asked}", {"how": "publish", **seen, **more})


def _look(world: World, issue: Issue, **more: object) -> object:
    seen = {f"issue-{issue.pk}-version": Issue.objects.get(pk=issue.pk).version}
    return world.post("archive_issue_last_look", issue.pk, **{"how": "publish", **seen, **more})


def _undone_withdrawal(world: World) -> object:
    draft = world.draft()
    publishing.publish(draft)
    publishing.withdraw(draft)
    version = Issue.objects.get(pk=draft.pk).version
    return world.post("archive_issue_undo_withdrawal", undo=f"{draft.pk}:{version}")


PUBLIC: dict[str, Step] = {
    "an issue's introduction": Step(
        "archive_issue_change", lambda world: change_issue(world, world.issue, introduction=SECRET)
    ),
    "a line of an issue": Step(
        "archive_issue_change", lambda world: change_issue(world, world.issue, **{"articles-0-title": SECRET})
    ),
    "a section": Step(
        "archive_issue_change", lambda world: change_issue(world, world.issue, **{"articles-0-section": SECRET})
    ),
    "a new line of an issue": Step(
        "archive_issue_change", lambda world: change_issue(world, world.issue, ("", 9, SECRET))
    ),
    "a line taken away": Step(
        "archive_issue_change", lambda world: change_issue(world, world.issue, **{"articles-0-DELETE": "on", "_deleting": "yes"})
    ),
    "another order": Step(
        "archive_issue_change", lambda world: world.post("archive_issue_change", world.issue.pk, **_moved(world))
    ),
    "a scheduled issue": Step(
        "archive_issue_change", lambda world: change_issue(world, world.due, introduction=SECRET)
    ),
    "a line of a scheduled issue": Step(
        "archive_issue_change", lambda world: change_issue(world, world.due, ("", 9, SECRET))
    ),
    "publish": Step("archive_issue_last_look", lambda world: _look(world, world.draft())),
    "publish what waits": Step("archive_issue_last_look", lambda world: _look(world, world.in_review().issue)),
    "publish several": Step("archive_issue_last_looks", lambda world: _looks(world, world.draft(), world.draft())),
    "withdraw": Step(
        "archive_issue_withdrawal", lambda world: world.post("archive_issue_withdrawal", issue=world.issue.pk)
    ),
    "withdraw by the form": Step(
        "archive_issue_change", lambda world: change_issue(world, world.issue, _withdraw="1")
    ),
    "schedule anew": Step(
        "archive_issue_last_look", lambda world: _look(world, world.due, how="schedule", schedule_at=SOON)
    ),
    "undo a withdrawal": Step("archive_issue_undo_withdrawal", _undone_withdrawal),
    "undo a deletion": Step(
        "archive_issue_undo_deletion",
        lambda world: world.post("archive_issue_undo_deletion", undo=world.gone_version.pk),
    ),
    "delete an issue": Step(
        "archive_issue_delete", lambda world: world.post("archive_issue_delete", world.issue.pk, post="yes")
    ),
    "restore a version": Step(
        "archive_issue_restore",
        lambda world: world.post("archive_issue_restore", world.issue.pk, world.oldest().pk),
    ),
    "restore a deleted article": Step(
        "archive_issue_restore_deleted",
        lambda world: world.post("archive_issue_restore_deleted", world.gone_version.pk),
    ),
    "accept": Step(
        "archive_issue_accept", lambda world: world.post("archive_issue_accept", world.proposal().pk)
    ),
    "a new article": Step(
        "archive_article_add",
        lambda world: world.post("archive_article_add", **TEXT, issue=world.issue.pk, position=9),
    ),
    "a new article of a scheduled issue": Step(
        "archive_article_add",
        lambda world: world.post("archive_article_add", **TEXT, issue=world.due.pk, position=9),
    ),
    "an article": Step(
        "archive_article_change",
        lambda world: world.post("archive_article_change", world.article.pk, **TEXT, _save="1"),
    ),
    "an article of a scheduled issue": Step(
        "archive_article_change",
        lambda world: world.post("archive_article_change", world.due.articles.get().pk, **TEXT),
    ),
    "an article, with its report": Step(
        "archive_article_change",
        lambda world: world.client.post(
            f"/admin/archive/article/{world.article.pk}/change/?report={world.report.pk}",
            TEXT | {"_close_report": "1"},
        ),
    ),
    "a figure's place": Step(
        "archive_article_change",
        lambda world: world.post(
            "archive_article_change",
            world.article.pk,
            **TEXT | {"body": f'<p>一。</p><figure><img src="{world.figure().get_absolute_url()}" alt=""></figure>'},
        ),
    ),
    "an article that was deleted meanwhile": Step("archive_article_change", _deleted_while_open),
    "a decided conflict": Step("archive_article_change", _decided_conflict),
    "delete an article": Step(
        "archive_article_delete",
        lambda world: world.post("archive_article_delete", world.article.pk, post="yes"),
    ),
    "back issues, to be published": of_batch("batch-accept", publish="on"),
    "take a published import back": Step("desk:take-back", lambda world: world.post("desk:take-back", world.imported.pk if world.imported else 1)),
}  # fmt: skip
"""What changes what members see, or will, when somebody sends it who may publish."""
