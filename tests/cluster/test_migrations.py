"""What the check of migrations refuses, and what it lets pass (tests/supply/migrations)."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tests.cluster.databases import on_postgresql
from tests.supply.migrations import faults, faults_of, ours, released

pytestmark = [on_postgresql, pytest.mark.django_db]
TEXT = models.TextField(default="", db_default="")


def said_of(operation: Operation) -> list[str]:
    migration = migrations.Migration("9999_new", "archive")
    migration.operations = [operation]
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(MigrationLoader(None).project_state(), editor, collect_sql=True)
    return faults_of(editor.collected_sql)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("issue", "columnist"),
        migrations.RenameField("issue", "columnist", "author"),
        migrations.DeleteModel("Figure"),
        migrations.AddField("issue", "day", models.TextField(default="")),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_breaks_old_code_is_refused(operation: Operation) -> None:
    assert len(said_of(operation)) >= 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("issue", "day", models.TextField(null=True)),
        migrations.AddField("issue", "day", TEXT),
        migrations.AddIndex("issue", models.Index(fields=["columnist"], name="by_columnist")),
        migrations.CreateModel(
            "New", [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]
        ),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_old_code_does_not_notice_passes(operation: Operation) -> None:
    assert said_of(operation) == []


def test_no_migration_since_the_last_release_breaks_old_code() -> None:
    assert faults(ours() - released()) == []
    assert released() & ours()
