from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Background tasks: their store in the database, and the process that runs them."""

    name = "worker"
    verbose_name = "后台任务"
