"""Whatever command is run: index and mentions are then what the database says; the API writes nothing.

The lists are read from the commands and the API themselves: a command that is new and not walked here fails.
"""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command, get_commands
from django.utils import timezone

from archive import publishing
from archive.models import Issue
from config.api import api
from tests.archive import makers
from tests.conftest import WEEKS
from tests.use_cases.conftest import ROOMS, Step, World, assert_equal

pytestmark = pytest.mark.django_db(transaction=True)


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
ELSEWHERE = {
    "set_up",
    "backup",
    "restore",
    "move_database",
    "move_media",
    "migrate",
    "run_worker",
    "people",
}
"""Tested with a site of its own: tests/server, tests/config, tests/worker, tests/cluster; or writes accounts only: tests/members."""
READ_ONLY = {"export_archive", "export_issues", "export_glossary", "check_golden", "prune_search_log"}


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
