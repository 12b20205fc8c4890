from django.apps import AppConfig


class GlossaryConfig(AppConfig):
    """The words of the trade, their writings, and where they are mentioned."""

    name = "glossary"
    verbose_name = "词库"

    def ready(self) -> None:
        from glossary import sync

        sync.connect_signals()
