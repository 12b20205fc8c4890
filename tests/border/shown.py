"""The pages that show something, and those of accounts."""

from __future__ import annotations

from collections.abc import Callable

from glossary.models import Mention
from tests.border.world import World

Arguments = Callable[[World], tuple[object, ...]]


def _none(world: World) -> tuple[object, ...]:
    return ()


SHOWN: dict[str, Arguments] = {
    "index": _none, "password_change_done": _none, "autocomplete": _none, "jsi18n": _none, "handbook": _none,
    "app_list": lambda world: ("archive",),
    "handbook-picture": lambda world: ("admin.png",),
    "view_on_site": lambda world: (1, world.article.pk),
    "archive_issue_bin": _none,
    "archive_issue_compare": lambda world: (world.issue.pk,),
    "archive_issue_version": lambda world: (world.issue.pk, world.oldest().pk),
    "archive_issue_proposal": lambda world: (world.proposal().pk,),
    "archive_issue_wechat": lambda world: (world.issue.pk,),
    "archive_issue_wechat_post": lambda world: (world.issue.pk,),
    "archive_poststyle_preview": _none, "archive_poststyle_changelist": _none, "archive_poststyle_add": _none,
    **{f"archive_poststyle_{page}": lambda world: (1,) for page in ("history", "change", "delete")},
    "glossary_term_export": _none, "glossary_term_look_alikes": _none,
    "insight_searchrecord_csv": _none,
    "desk:desk": _none, "desk:words": _none, "trail:events": _none, "trail:csv": _none,
    **{f"people:{name}": _none for name in ("list", "invitations", "invite", "invite-link", "invite-domain")},
    **{
        f"people:{name}": lambda world: (world.author.pk,)
        for name in ("person", "role", "describe", "deactivate", "activate", "unlock", "hand-over", "password")
    },
    "people:renew": lambda world: (1,), "people:revoke": lambda world: (1,),
    "desk:batch": lambda world: (1,),
    "desk:stored": lambda world: (1,),
    "desk:image": lambda world: (1,),
    **{f"{name}_changelist": _none for name in (
        "worker_task", "archive_errorreport", "archive_issue", "archive_article", "glossary_term",
        "glossary_mention", "search_setaside", "insight_goldenquery", "insight_ignoredword", "insight_searchrecord",
        "members_alert",
    )},
    **{f"{name}_add": _none for name in (
        "worker_task", "archive_errorreport", "glossary_mention", "search_setaside", "insight_ignoredword",
        "insight_searchrecord", "members_alert",
    )},
    **{
        f"{name}_{page}": lambda world, of=of: (of(world),)  # type: ignore[misc]
        for name, of in {
            "worker_task": lambda world: world.task.pk if world.task else 1,
            "archive_errorreport": lambda world: world.report.pk,
            "glossary_mention": lambda world: (Mention.objects.first() or world.term).pk,
            "search_setaside": lambda world: world.aside.pk,
            "insight_ignoredword": lambda world: "某词",
            "insight_searchrecord": lambda world: 1,
            "members_alert": lambda world: 1,
        }.items()
        for page in ("history", "change", "delete")
        if (name, page) != ("archive_errorreport", "delete")
    },
    "archive_issue_history": lambda world: (world.issue.pk,),
    "archive_article_history": lambda world: (world.article.pk,),
    "glossary_term_history": lambda world: (world.term.pk,),
    "insight_goldenquery_history": lambda world: (world.golden.pk,),
}  # fmt: skip
"""Pages that show something: whatever is posted to them changes nothing. Lists: see ACTIONS."""
ACCOUNTS = {
    "login", "logout", "password_change",
}  # fmt: skip
"""Of one's own account."""
