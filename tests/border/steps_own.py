"""The steps that change nothing that members see."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from reversion.models import Version

from archive import reporting
from archive.models import Issue
from desk.models import Desk
from insight.models import GoldenQuery
from tests.archive import makers
from tests.border.steps import SOON, TEXT, Step, bring_batch, change_issue, of_batch, term_form
from tests.border.world import SECRET, World
from tests.writing import delete


def _image() -> SimpleUploadedFile:
    return SimpleUploadedFile("x.png", makers.image_bytes(), "image/png")


def _lines_of_another_issue(world: World) -> object:
    draft, article = world.draft(), world.article
    form = world.issue_form(draft, (article.pk, 7, SECRET))
    return world.post("archive_issue_change", draft.pk, **form, _continue="1")


def _stored(world: World, how: str, **more: object) -> object:
    world.put_on_desk()
    return world.post("desk:store", how=how, **more)


def _taken_back(world: World) -> object:
    _stored(world, "draft")
    desk = Desk.objects.filter(user=world.user.pk, issue__status="draft").first()
    return world.post("desk:take-back", desk.pk if desk else 1)


def _week_over_a_published_one(world: World) -> object:
    day = world.issue.end_date
    world.put_on_desk(world.issue.title, f"{day:%Y.%m.%d}-{day:%Y.%m.%d}")
    return world.post("desk:store", how="draft")


def _version_of(world: World) -> int:
    return Version.objects.get_for_object(world.issue).order_by("pk")[0].pk


def _at_desk(name: str, data: dict[str, str]) -> Step:
    return Step(f"desk:{name}", lambda world: world.post(f"desk:{name}", **data))


def _deleted_issue(world: World) -> object:
    draft = world.draft("published")
    version = Version.objects.get_for_object(draft).order_by("-pk")[0]
    delete(draft)
    return world.post("archive_issue_restore_deleted", version.pk)


OWN: dict[str, Step] = {
    "a draft, looked at": Step(
        "archive_issue_change", lambda world: change_issue(world, world.draft(), _look="1")
    ),
    "publish by the form": Step(
        "archive_issue_change", lambda world: change_issue(world, world.draft(), _publish="1", _schedule="1")
    ),
    "publish from the desk": Step("desk:store", lambda world: _stored(world, "publish")),
    "look from the desk": Step("desk:store", lambda world: _stored(world, "look")),
    "a draft": Step(
        "archive_issue_change", lambda world: change_issue(world, world.draft(), introduction=SECRET)
    ),
    "a draft, previewed": Step(
        "archive_issue_change", lambda world: change_issue(world, world.draft(), _preview="1")
    ),
    "what waits": Step(
        "archive_issue_change",
        lambda world: change_issue(world, world.in_review().issue, introduction=SECRET),
    ),
    "a status by hand": Step(
        "archive_issue_change",
        lambda world: change_issue(world, world.draft(), status="published", publish_at="2020-01-01"),
    ),
    "lines of another issue": Step("archive_issue_change", _lines_of_another_issue),
    "a new issue": Step(
        "archive_issue_add",
        lambda world: world.post(
            "archive_issue_add",
            title=f"{SECRET}{Issue.objects.count()}",
            start_date="2025-05-01",
            end_date="2025-05-02",
            **{"articles-TOTAL_FORMS": "0", "articles-INITIAL_FORMS": "0"},
        ),
    ),
    "undo a deletion that was none": Step(
        "archive_issue_undo_deletion",
        lambda world: world.post("archive_issue_undo_deletion", undo=_version_of(world)),
    ),
    "restore a version that is in no bin": Step(
        "archive_issue_restore_deleted",
        lambda world: world.post("archive_issue_restore_deleted", _version_of(world)),
    ),
    "links end": Step(
        "archive_issue_end_links", lambda world: world.post("archive_issue_end_links", world.issue.pk)
    ),
    "a deleted issue comes back": Step("archive_issue_restore_deleted", _deleted_issue),
    "hand over": Step(
        "archive_issue_hand_over",
        lambda world: world.post("archive_issue_hand_over", world.draft().pk, words=SECRET),
    ),
    "hand over what is public": Step(
        "archive_issue_hand_over", lambda world: world.post("archive_issue_hand_over", world.issue.pk)
    ),
    "accept a week": Step(
        "archive_issue_accept", lambda world: world.post("archive_issue_accept", world.in_review().pk)
    ),
    "send a change back": Step(
        "archive_issue_send_back",
        lambda world: world.post("archive_issue_send_back", world.proposal().pk, words=SECRET),
    ),
    "send a week back": Step(
        "archive_issue_send_back",
        lambda world: world.post("archive_issue_send_back", world.in_review().pk, words=SECRET),
    ),
    "take back": Step(
        "archive_issue_take_back", lambda world: world.post("archive_issue_take_back", world.proposal().pk)
    ),
    "take a week back": Step(
        "archive_issue_take_back", lambda world: world.post("archive_issue_take_back", world.in_review().pk)
    ),
    "note that it was read": Step(
        "archive_issue_note_read", lambda world: world.post("archive_issue_note_read", world.proposal().pk)
    ),
    "an article of a draft": Step(
        "archive_article_change",
        lambda world: world.post("archive_article_change", world.draft().articles.get().pk, **TEXT),
    ),
    "a new article of a draft": Step(
        "archive_article_add",
        lambda world: world.post("archive_article_add", **TEXT, issue=world.draft().pk, position=9),
    ),
    "an article of a draft is deleted": Step(
        "archive_article_delete",
        lambda world: world.post("archive_article_delete", world.draft().articles.get().pk, post="yes"),
    ),
    "an article moved into another issue": Step(
        "archive_article_change",
        lambda world: world.post(
            "archive_article_change",
            world.draft().articles.get().pk,
            **TEXT,
            issue=world.issue.pk,
            position=9,
        ),
    ),
    "a figure that no text shows": Step(
        "archive_article_figures",
        lambda world: world.post("archive_article_figures", world.article.pk, image=_image()),
    ),
    "close a report": Step(
        "archive_errorreport_close",
        lambda world: world.post(
            "archive_errorreport_close",
            reporting.report(world.article, reporting.Passage(), SECRET).pk,
        ),
    ),
    "delete a report": Step(
        "archive_errorreport_delete",
        lambda world: world.post("archive_errorreport_delete", world.report.pk, post="yes"),
    ),
    "a golden query": Step(
        "insight_goldenquery_add",
        lambda world: world.post(
            "insight_goldenquery_add", query=SECRET, title=SECRET, article=world.article.pk, note=""
        ),
    ),
    "another golden query": Step(
        "insight_goldenquery_change",
        lambda world: world.post(
            "insight_goldenquery_change", world.golden.pk, query=SECRET, title=SECRET, note=""
        ),
    ),
    "all golden queries": Step(
        "insight_goldenquery_check_all", lambda world: world.post("insight_goldenquery_check_all")
    ),
    "a golden query goes": Step(
        "insight_goldenquery_delete",
        lambda world: world.post(
            "insight_goldenquery_delete",
            GoldenQuery.objects.create(query="存储", title="存储涨价").pk,
            post="yes",
        ),
    ),
    "a word is ignored": Step(
        "insight_ignoredword_ignore", lambda world: world.post("insight_ignoredword_ignore", text="铠侠")
    ),
    "a word is proposed again": Step(
        "insight_ignoredword_restore", lambda world: world.post("insight_ignoredword_restore", text="某词")
    ),
    "a term is tried": Step(
        "insight_ignoredword_impact",
        lambda world: world.post("insight_ignoredword_impact", **term_form("铠侠")),
    ),
    "bring back issues": Step("desk:batches", bring_batch),
    **{
        f"back issues: {name}": of_batch(name)
        for name in (
            *("batch-accept", "batch-go-on", "batch-delete"),
            *("week-accept", "week-skip", "week-unskip", "week-desk"),
        )
    },
    "store a draft": Step("desk:store", lambda world: _stored(world, "draft")),
    "store and look": Step("desk:store", lambda world: _stored(world, "preview")),
    "schedule from the desk": Step("desk:store", lambda world: _stored(world, "schedule", schedule_at=SOON)),
    "store over a published week": Step("desk:store", _week_over_a_published_one),
    "take an import back": Step("desk:take-back", _taken_back),
    "a word of the desk": Step("desk:word-count", lambda world: world.post("desk:word-count")),
    "an issue that is open in a window": Step(
        "archive_issue_open", lambda world: world.post("archive_issue_open", world.issue.pk)
    ),
    "an article that is open in a window": Step(
        "archive_article_open", lambda world: world.post("archive_article_open", world.article.pk)
    ),
    **{
        f"the desk: {name}": _at_desk(name, data)
        for name, data in {
            "open": {"text": makers.TEXT},
            "do": {"act": "drop 1"},
            "week": {"title": SECRET, "start_date": "2025-04-07", "end_date": "2025-04-11"},
            "card": {"card": "1", "title": SECRET},
            "caption": {"paragraph": "1", "caption": SECRET},
            "text": {"target": "1", "html": f"<p>{SECRET}</p>"},
            "figure": {"after": "1"},
            "undo": {},
            "redo": {},
            "clear": {},
        }.items()
    },
}
"""What changes nothing that members see, whoever sends it."""
