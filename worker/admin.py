"""Admin: background tasks, with the errors of those that failed and a button to run them again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from worker.models import Task


@admin.register(Task)
class TaskAdmin(admin.ModelAdmin):
    """Read only, but for running a task again: rows come and go by themselves."""

    list_display = ["__str__", "state", "last_line", "attempts", "run_at", "finished_at"]
    list_filter = ["state"]
    fields = (
        *("name", "args", "state", "error", "attempts", "every", "run_at"),
        *("enqueued_at", "started_at", "finished_at", "worker", "machine"),
    )
    readonly_fields = fields
    actions = ["run_again"]
    change_form_template = "admin/worker/task_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        return False

    def response_change(self, request: HttpRequest, obj: Task) -> HttpResponse:
        self.run_again(request, Task.objects.filter(pk=obj.pk))
        return self.response_post_save_change(request, obj)

    @admin.display(description="出错信息")
    def last_line(self, task: Task) -> str:
        return task.error.strip().rpartition("\n")[2][:200]

    @admin.action(description="再运行一次", permissions=["change"])
    def run_again(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        waiting = tasks.exclude(state=Task.State.RUNNING)
        count = waiting.update(state=Task.State.READY, run_at=timezone.now(), attempts=0)
        if count:
            self.message_user(request, f"{count} 项任务马上会再运行一次，稍后刷新本页看结果。")
        else:
            self.message_user(request, "任务正在运行，等它结束再看结果。", messages.WARNING)
