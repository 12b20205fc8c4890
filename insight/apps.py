from django.apps import AppConfig


class InsightConfig(AppConfig):
    """What the archive's use tells its editors: searches, missing words, queries that must hold."""

    name = "insight"
    verbose_name = "搜索与新词"

    def ready(self) -> None:
        from insight import log

        log.connect_signals()
