from django.apps import AppConfig
from django.core import checks


class ArchiveConfig(AppConfig):
    """Issues and articles: kept, imported, read."""

    name = "archive"
    verbose_name = "文库"

    def ready(self) -> None:
        from archive import announcements, versions
        from archive.pictures import fonts

        announcements.connect_signals()
        versions.register()
        checks.register(fonts.check)
