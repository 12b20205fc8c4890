"""The actions of the admin's lists, as steps."""

from __future__ import annotations

from typing import Any

from archive.models import Article, ErrorReport, Issue
from archive.wechat.models import PostStyle
from glossary.models import Mention, Term
from insight.models import GoldenQuery, IgnoredWord, SearchRecord
from members.alerts.models import Alert
from search.models import SetAside
from tests.border.steps import Step
from tests.border.world import World
from worker.models import Task

ACTIONS: dict[tuple[type[Any], str], str] = {
    (PostStyle, "delete_selected"): "own",
    (Issue, "publish"): "own",
    (Issue, "withdraw"): "own",
    (Issue, "delete_selected"): "public",
    (Article, "delete_selected"): "public",
    (Term, "delete_selected"): "words",
    (Term, "export_csv"): "own",
    (ErrorReport, "mark_closed"): "own",
    (ErrorReport, "delete_selected"): "own",
    (GoldenQuery, "check_selected"): "own",
    (GoldenQuery, "delete_selected"): "own",
    (SetAside, "try_again"): "own",
    (SetAside, "delete_selected"): "own",
    (IgnoredWord, "delete_selected"): "own",
    (SearchRecord, "delete_selected"): "own",
    (Mention, "delete_selected"): "words",
    (Task, "run_again"): "own",
    (Task, "delete_selected"): "own",
    (Alert, "delete_selected"): "own",
}
"""What the actions of the lists do, where somebody may: as PUBLIC, OWN and WORDS."""


def _act(model: type[Any], action: str) -> Step:
    name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"

    def send(world: World) -> object:
        if model is Issue and action == "publish":
            world.draft()
        rows = list(model._default_manager.values_list("pk", flat=True))
        return world.post(name, action=action, _selected_action=rows, post="yes")

    return Step(name, send)


def acts(kind: str) -> dict[str, Step]:
    return {
        f"{model.__name__}: {action}": _act(model, action)
        for (model, action), what in ACTIONS.items()
        if what == kind
    }
