"""`python -m tests.supply.migrations` (`make check`): refuses migrations that the released code can not live with.

While an upgrade rolls from host to host, old code serves on tables that new code has migrated. A column that is dropped or
renamed, a table that goes, a new column without a default of the database: each breaks it. Such a change takes two
releases (docs/releasing.md). What was released already is not judged: its manifest in fixtures/releases names it.

The SQL is PostgreSQL's, of a server of its own for a moment, where there is one or apt may install it: on the tables that
SQLite makes anew for every change, django-migration-linter says nothing true.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import django

from tests.cluster.postgres import install, server
from tests.cluster.starting import CanNotStart

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("worker", "archive", "glossary", "search", "claims", "insight", "desk", "members")
Migration = tuple[str, str]


def released() -> set[Migration]:
    """Returns app and name of each migration that the newest released version has."""
    folders = (ROOT / "fixtures" / "releases").iterdir()
    newest = max(folders, key=lambda folder: [int(part) for part in folder.name.split(".")])
    with zipfile.ZipFile(newest / "backup.zip") as backup:
        return {(app, name) for app, name in json.loads(backup.read("manifest.json"))["migrations"]}


def ours() -> set[Migration]:
    """Returns app and name of each migration of this code."""
    return {(app, path.stem) for app in OURS for path in (ROOT / app / "migrations").glob("0*.py")}


def faults(migrations: set[Migration]) -> list[str]:
    """Returns what is wrong with some migrations, a line for each fault. Django must be set up, on a PostgreSQL."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    found = []
    for app, name in sorted(migrations):
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            before = loader.project_state((app, name), at_end=False)
            loader.disk_migrations[app, name].apply(before, editor, collect_sql=True)
        found += [f"{app}.{name}: {said}" for said in faults_of(editor.collected_sql)]
    return found


def faults_of(statements: list[str]) -> list[str]:
    """Returns what old code can not live with, of the SQL of a migration."""
    from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

    of_sql = [statement for statement in statements if not statement.startswith("--")]
    errors, _, _ = analyse_sql_statements(get_sql_analyser_class("postgresql"), of_sql, [])
    return [error.message for error in errors]


def main() -> int:
    new = ours() - released()
    if not new:
        return 0
    try:
        install()
    except CanNotStart as error:
        print(f"{len(new)} migrations were not judged. {error}", file=sys.stderr)
        return 0
    with server() as made:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": made.url}
        django.setup()
        found = faults(new)
        for line in found:
            print(f"{line}. Do it in two releases (docs/releasing.md, Migrations).", file=sys.stderr)
        from django.db import connection

        connection.close()
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
