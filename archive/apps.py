from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """Issues and articles: kept, imported, read."""

    name = "archive"
    verbose_name = "文库"

    def ready(self) -> None:
        from archive import versions

        versions.register()
