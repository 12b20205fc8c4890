"""`publish_due`: scheduled issues whose time has come go live. The running site does the same by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from archive.tasks import held_issues, publish_due_issues


class Command(BaseCommand):
    help = "发布到了时间的定时期。可以随时运行，多次运行与一次相同；适合放进 cron。"

    def handle(self, *args: Any, **options: Any) -> None:
        published = publish_due_issues()
        if options["verbosity"]:
            for issue in published:
                self.stdout.write(f"已发布 {issue}，地址 {issue.get_absolute_url()}")
            self.stdout.write(f"到时间的 {len(published)} 期。")
            for issue, held in held_issues():
                self.stdout.write(f"没有发布 {issue}：{''.join(map(str, held))}")
