"""`check_golden`: checks the golden queries, and lists those that fail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insight import golden
from insight.models import GoldenQuery


class Command(BaseCommand):
    help = "Asks every golden query of the editors; exits 1 when the right article does not come first."

    def handle(self, *args: Any, **options: Any) -> None:
        failures = golden.run()
        for failure in failures:
            first = f"; first came: {failure.first_title}" if failure.first_title else ""
            self.stdout.write(
                f"{failure.query}: {failure.get_outcome_display()} (expected: {failure.title}{first})"
            )
        total = GoldenQuery.objects.count()
        if failures:
            raise CommandError(f"{len(failures)} of {total} golden queries fail.")
        self.stdout.write(f"{total} golden queries hold.")
